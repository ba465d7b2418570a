"""A run with random weights on an artificial corpus, to measure what serving costs; its answers have no meaning."""
import os

import numpy as np

from benchmarks import random_order
from benchmarks.training import measurements
from preprocessing import artefact as contract
from runtime.cli import UserError

ENTRIES = 20000000  # of the matrix of purchases at most, 160 MB, in a run of `large`
# Random words have no topics beyond their genre, so their TF-IDF similarity is noise; its weight is about 0, as
# calibration sets it on most corpora.
LARGE = dict(filters=16, attention_dim=64, latent_dim=16, lexical_scale=0.)
MANY = 50000  # items of a large catalogue
SPREAD = .05  # standard deviation of the noise added to every weight
# chosen so that every part of a weight counts
ATTENTION_VALUES = {"mix": .3, "sharpness": -.5, "length_scale": .2, "expected_scale": .4}


def build(folder, shape, factor, order=None, **fields):
    """Creates corpus and run below `folder` unless they exist. Returns the folder of the run.

    Args:
      folder: gets the sub-folders `data` and `run`.
      shape: a name in `shapes.SHAPES`, of a corpus that does not exist yet.
      factor: multiplies reviews, users and items of the shape.
      order: arguments of `random_order.of` that differ from its defaults.
      fields: fields of ModelConfig that differ from the defaults.

    Raises UserError where the run there has no order of items, as one of an older version or one that was stopped.
    """
    from models import config as configs
    from models import graph
    from models.run_folder import item_order, layout, runs
    from models.run_folder.checkpoints import Checkpoints
    from runtime.tf1 import tf

    data, run = (os.path.join(folder, name) for name in ("data", "run"))
    measurements.build(data, shape, factor)
    if os.path.isdir(layout.order_of(run)):
        return run
    if os.path.exists(run):
        raise UserError(f"{run}: holds no run with an order of items; delete it, or give another folder")
    artefact, config = contract.load(data), configs.override(configs.PRESETS[configs.DEFAULT], fields)
    runs.create(run, data, configs.DEFAULT, config)
    with tf.Graph().as_default(), graph.session() as session:
        tf.set_random_seed(config.seed)
        network = graph.network_of(config, artefact)
        graph.start(session, network, artefact)
        _randomise(session, network, config.seed)
        saving = Checkpoints(run, tf.global_variables())
        state = {"history": [{"epoch": 1}], "best": 1, "candidates": [1]}
        saving.save(session, 1, state)
        saving.save_final(session, dict(state, last=1, finished=True))
    item_order.save(run, random_order.of(artefact, config.seed, **(order or {})))
    return run


def large(items):
    """Returns arguments of `build` by which a run of very many items fits into the memory: small network and order."""
    return dict(LARGE, order=dict(entries=max(1, min(200, ENTRIES // items))))


def _randomise(session, network, seed):
    """Adds noise to every variable except the word tables."""
    from runtime.tf1 import tf

    random = np.random.RandomState(seed)
    for variable in tf.global_variables():
        if "word_vectors" not in variable.op.name:
            value = session.run(variable) + random.normal(0, SPREAD, variable.shape.as_list())
            variable.load(value.astype(np.float32), session)
    for name, value in ATTENTION_VALUES.items():
        getattr(network, name).load(value, session)
