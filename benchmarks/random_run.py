"""A run of random weights on a corpus of a given shape: to measure what serving costs, not what it says."""
import os

import numpy as np

from benchmarks.training import measurements
from preprocessing import artefact as contract

SPREAD = .05  # of the noise on every weight
SHOWN = {"mix": .3, "sharpness": -.5, "length_scale": .2}  # so that every part of the weights counts


def build(folder, shape, factor, **fields):
    """The folder of a run with random weights on a corpus of a shape, `<folder>/run`, made where it is not.

    Args:
      folder: holds the corpus too, `<folder>/data`.
      fields: of ModelConfig, instead of the defaults.
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
    artefact, config = contract.load(data), configs.override(configs.PRESETS["default"], fields)
    runs.create(run, data, "default", config)
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
    """Moves every variable but the word tables."""
    from runtime.tf1 import tf

    random = np.random.RandomState(seed)
    for variable in tf.global_variables():
        if "word_vectors" not in variable.op.name:
            value = session.run(variable) + random.normal(0, SPREAD, variable.shape.as_list())
            variable.load(value.astype(np.float32), session)
    for name, value in SHOWN.items():
        getattr(network, name).load(value, session)
