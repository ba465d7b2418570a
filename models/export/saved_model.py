"""Writes a run as a SavedModel with all signatures.

Its assets are all that a client needs: `vocabulary.txt` (word ids), `meta.json` (sizes, and the rule of the tokeniser)
and `signatures.txt` (inputs and outputs of each signature); and `review_counts.npz`, by which the model server
computes what a request costs.
"""
import os
import tempfile
from typing import NamedTuple

import numpy as np

from models import graph
from models.export import item_index, served_catalogue, served_order, served_signatures, stored_rankings, versions
from models.export.servable import Servable
from models.inference import trained
from models.run_folder.checkpoints import Checkpoints
from preprocessing import artefact as contract
from runtime import cli, jobs, memory
from runtime.cli import UserError
from runtime.files import write_json
from runtime.tf1 import tf
from serving import signatures as wire

WRITE_ERRORS = (OSError, tf.errors.OpError)
STEPS = 4
ONE_STAGE = {"stages": 1}
WORTH = 1 / 4  # share of the items that are candidates, above which two stages cost more than an exact ranking


class Served(NamedTuple):
    """All that an export stores beside the network: arrays, or variables of the same structure."""
    catalogue: served_catalogue.Catalogue
    stored_rankings: stored_rankings.Stored
    order: tuple  # served_order.ServedOrder; (): items are ordered by predicted stars
    item_index: tuple  # item_index.ItemIndex; (): the catalogue is ranked exactly


def write(run_folder, out, rankings=0, by_stars=False, exact_up_to=None):
    """Writes the SavedModel of a run into the folder `out`, which must not exist.

    Args:
      run_folder: of the run.
      out: the folder of the SavedModel.
      rankings: how many items of the ranking of each known user are computed now and stored; 0: none.
      by_stars: whether items are ordered by predicted stars, as in a run without an order.
      exact_up_to: number of items above which the catalogue is ranked in two stages, where the network allows it; None:
        it is always ranked exactly.

    Raises UserError where the run cannot be exported, and one of WRITE_ERRORS where a file cannot be written.
    """
    jobs.log(1, STEPS, f"load the run {run_folder}")
    run = trained.load(run_folder)
    config = run.config._replace(encoder="dense" if run.config.dense_encoder else "plain")
    for setting, why in _not_served(config):
        raise UserError(f"a run of {setting} cannot be exported: {why}; train a run with another setting")
    two_stages = _in_two_stages(run, by_stars, exact_up_to)
    jobs.log(2, STEPS, "encode all reviews")
    arrays, measured = _arrays(run, rankings, by_stars, two_stages)
    artefact, data_folder = run.artefact, run.data_folder
    counts = {name: np.diff(getattr(arrays.catalogue, name).start) for name in ("items", "users")}
    run.predictor.close()
    del run  # the network and the bags of all reviews, before the served graph takes memory
    memory.release()
    jobs.log(3, STEPS, "build the graph of the signatures")
    with tf.Graph().as_default(), graph.session() as session:
        network = graph.network_of(config, artefact)
        Checkpoints(run_folder, tf.global_variables()).restore(session, "final")
        served = _variables(arrays)
        pending = list(graph.feed(served, arrays).items())
        evidence_alone = bool(arrays.order) and served_order.has_form(arrays.order)
        del arrays
        _fill(session, pending)
        signatures = served_signatures.build(_servable(network, served, artefact), evidence_alone)
        ranks = ONE_STAGE
        if two_stages:
            ranks = _choose(session, served.item_index, signatures[wire.RANK], measured)
        stored_rankings.fill(session, served.stored_rankings, *signatures[wire.RANK])
        jobs.log(4, STEPS, "save the model")
        facts = {"rank": ranks, versions.RUN: versions.run_name(run_folder)}
        _save(session, signatures, data_folder, out, facts, counts)


def _arrays(run, rankings, by_stars, two_stages):
    """Returns (Served arrays of a run, users [m] by whom the candidates of two stages are to be chosen, or None).

    The other arguments are those of `write`, and whether the catalogue is ranked in two stages.
    """
    by_order, sizes = not (by_stars or run.order is None), graph.sizes_of(run.artefact)
    catalogue = served_catalogue.of_run(run, two_stages, run.order.aspects if by_order else None)
    order = served_order.of_run(run.order, run.artefact, catalogue.items.review) if by_order else ()
    index, measured = item_index.of_run(run, catalogue, order) if two_stages else ((), None)
    return Served(catalogue, stored_rankings.empty(sizes.users, min(rankings, sizes.items)), order, index), measured


def _servable(network, served, artefact):
    """Returns the Servable of a network and of `Served` variables."""
    shape = tuple(artefact.meta["sizes"][name] for name in ("R_user", "L"))
    return Servable(network, served.catalogue, served.order or None, served.stored_rankings, graph.sizes_of(artefact),
                    shape, served.item_index or None)


def _in_two_stages(run, by_stars, exact_up_to):
    """Whether the catalogue is ranked in two stages; says so in the log."""
    items, config = len(run.artefact.item_reviews), run.config
    if exact_up_to is None or items <= exact_up_to:
        cli.log.info("Every request ranks all %d items exactly.", items)
        return False
    if by_stars or run.order is None:
        why = "they are ordered by predicted stars"
    elif not (config.personal_scores and config.cosine_score and config.mask_padding):
        why = "the scores of reviews are no inner products in this setting of the network"
    else:
        return True
    cli.log.info("Every request ranks all %d items exactly, more than --exact_up_to %d: %s.", items, exact_up_to, why)
    return False


def _choose(session, index, rank, users):
    """Chooses how much of the index a request reads. Returns it for the file `meta.json`, and says so in the log."""
    choice, items = item_index.choose(session, index, *rank, users), index.value.shape.as_list()[0]
    cli.log.info("The %d items are ranked in two stages: approximate scores of all, exact scores of the best %d. Of "
                 "the first %d items of the exact ranking of %d users, by whom this number was chosen, %.2f %% are "
                 "found; of other users it may be fewer.", items, choice.candidates, min(item_index.TOP, items),
                 len(users), 100 * choice.recall)
    if choice.candidates > WORTH * items:
        cli.log.warning("These are so many that two stages cost more than ranking all %d items exactly: export without "
                        "--exact_up_to", items)
    return dict(choice._asdict(), stages=2, users=len(users))


def _not_served(config):
    """Yields (setting, why) for all settings that the signatures do not support."""
    if config.author_query:
        yield "attention_query=author", "serving_default has no input for the authors of its reviews"
    for setting, applies in (("review_pool=max", config.max_pooling), ("id_latents=off", not config.id_latents),
                             ("interaction=fm", config.factorisation_machine)):
        if applies:
            yield setting, "the ranking of a catalogue needs attention and products of latents"


def _variables(arrays):
    """Returns variables in the structure of nested NamedTuples of arrays, and () for ().

    The graph of constants would be too large.
    """
    def variable(name, array):
        if isinstance(array, tuple):
            with tf.variable_scope(name):
                return _variables(array)
        return tf.get_variable(name, np.shape(array), tf.as_dtype(array.dtype), tf.zeros_initializer(),
                               trainable=False)

    if not arrays:
        return ()
    return type(arrays)(*(variable(name, array) for name, array in arrays._asdict().items()))


def _fill(session, pending):
    """Gives variables their values; `pending` [(variable, array)] is emptied: no array stays beside its copy."""
    while pending:
        variable, array = pending.pop()
        variable.load(array, session)
        del array
        memory.release()


def _save(session, signatures, data_folder, out, facts, counts):
    definitions = {
        name: tf.saved_model.build_signature_def(
            {key: tf.saved_model.build_tensor_info(tensor) for key, tensor in inputs.items()},
            {key: tf.saved_model.build_tensor_info(tensor) for key, tensor in outputs.items()},
            tf.saved_model.signature_constants.PREDICT_METHOD_NAME)
        for name, (inputs, outputs) in signatures.items()}
    with tempfile.TemporaryDirectory() as scratch:
        for path in _assets(data_folder, scratch, facts, counts):
            asset = tf.constant(path, name=f"asset_{os.path.basename(path).split('.')[0]}")
            tf.add_to_collection(tf.GraphKeys.ASSET_FILEPATHS, asset)
        _build(session, definitions, out)


def _assets(data_folder, scratch, facts, counts):
    """Returns the paths of the assets; all but the vocabulary are written into the folder `scratch`.

    Args:
      facts: of the export, for meta.json beside those of the data: how the catalogue is ranked, and of which run it is.
      counts: {"items": [I], "users": [U]} int32 numbers of the reviews that are weighed of each.
    """
    described, meta, counted = (os.path.join(scratch, name) for name in (
        "signatures.txt", contract.META, wire.REVIEW_COUNTS))
    with open(described, "w", encoding="utf-8") as text:
        text.write(wire.__doc__)
    write_json(meta, dict(contract.load_meta(data_folder), **facts))
    np.savez(counted, **counts)
    return [os.path.join(data_folder, contract.VOCABULARY), meta, described, counted]


def _build(session, definitions, out):
    builder = tf.saved_model.Builder(out)
    builder.add_meta_graph_and_variables(
        session, [tf.saved_model.tag_constants.SERVING], signature_def_map=definitions, clear_devices=True,
        assets_collection=tf.get_collection(tf.GraphKeys.ASSET_FILEPATHS), strip_default_attrs=True)
    builder.save()
