"""A trained run, loaded to predict: its artefact, its configuration, and its network in its own session."""
from typing import NamedTuple, Optional

from models import graph
from models.config import ModelConfig
from models.inference.predictor import Predictor
from models.inputs import baselines
from models.inputs.features import Corpus
from models.run_folder import item_order, layout, progress, runs
from models.run_folder.checkpoints import Checkpoints
from models.run_folder.item_order import Order
from preprocessing.artefact import Artefact
from runtime import cli
from runtime.tf1 import tf


class Trained(NamedTuple):
    """A run and its network."""
    record: dict  # config.json
    config: ModelConfig
    artefact: Artefact
    corpus: Corpus
    predictor: Predictor
    data_folder: str
    order: Optional[Order] = None  # of items; None in an unfinished run and in one of an older version: by stars


def load(folder, with_order=True):
    """Returns the Trained run of a folder, with its order of items if that is wanted.

    Raises UserError where it is no run, has no checkpoint yet, or is damaged.
    """
    run = runs.load(folder)
    config, artefact = run.config, run.artefact
    sizes = artefact.meta["sizes"]
    offsets = baselines.choose_offsets(artefact.train, artefact.validation, sizes["U"], sizes["I"])
    corpus = Corpus(artefact, config, offsets)
    predictor = predictor_of(folder, corpus)
    order = item_order.load(folder, sizes) if with_order and progress.is_finished(folder) else None
    if with_order and order is None:
        why, command = ((" has no order of items", f"./run order {layout.flags_of(folder)} chooses one")
                        if progress.is_finished(folder) else
                        (" is not finished", f"{progress.resume_command(folder)} completes it"))
        cli.log.warning("%s%s: items are ranked by predicted stars; %s", folder, why, command)
    return Trained(run.record, config, artefact, corpus, predictor, run.data_folder, order)


def predictor_of(folder, corpus):
    """Returns the Predictor of the network that a run has trained, in a session of its own.

    Args:
      folder: of the run.
      corpus: Corpus of its artefact and configuration.
    """
    with tf.Graph().as_default():
        session = graph.session()
        network = graph.network_of(corpus.config, corpus.artefact)
        Checkpoints(folder, tf.global_variables()).restore(session, "final")
        return Predictor(network, corpus, session)
