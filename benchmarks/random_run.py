"""A run with random weights on an artificial corpus, to measure what serving costs; its answers have no meaning."""
import os

import numpy as np

from benchmarks.training import measurements
from preprocessing import artefact as contract

SPREAD = .05  # standard deviation of the noise added to every weight
ATTENTION_VALUES = {"mix": .3, "sharpness": -.5, "length_scale": .2}  # chosen so that every part of a weight counts


def build(folder, shape, factor, **fields):
    """Creates corpus and run below `folder` unless they exist. Returns the folder of the run.

    Args:
      folder: gets the sub-folders `data` and `run`.
      shape: a name in `shapes.SHAPES`.
      factor: multiplies reviews, users and items of the shape.
      fields: fields of ModelConfig that differ from the defaults.
    """
    from models import config as configs
    from models import graph
    from models.run_folder import runs
    from models.run_folder.checkpoints import Checkpoints
    from runtime.tf1 import tf

    data, run = (os.path.join(folder, name) for name in ("data", "run"))
    measurements.build(data, shape, factor)
    if os.path.isdir(run):
        return run
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
        saving.save_final(session, dict(state, last=1))
    return run


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
