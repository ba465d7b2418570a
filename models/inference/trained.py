"""A trained run, loaded to answer: its artefact, configuration and network in a session of its own."""
from typing import NamedTuple

from models import graph
from models.inference.predictor import Predictor
from models.inputs import baselines
from models.inputs.features import Corpus
from models.run_folder import runs
from models.run_folder.checkpoints import Checkpoints
from runtime.tf1 import tf


class Trained(NamedTuple):
    record: dict  # config.json
    config: tuple  # ModelConfig
    artefact: tuple  # Artefact
    corpus: Corpus
    predictor: Predictor
    data_folder: str


def load(folder):
    """The trained run of a folder. Raises UserError where it is none, or unfinished before its first epoch."""
    record, config, artefact = runs.load(folder)
    sizes = artefact.meta["sizes"]
    offsets = baselines.choose_offsets(artefact.train, artefact.validation, sizes["U"], sizes["I"])
    corpus = Corpus(artefact, config, offsets)
    with tf.Graph().as_default():
        session = graph.session()
        network = graph.network_of(config, artefact)
        Checkpoints(folder, tf.global_variables()).restore(session, "final")
        predictor = Predictor(network, corpus, session)
    return Trained(record, config, artefact, corpus, predictor, runs.read(folder)[2])
