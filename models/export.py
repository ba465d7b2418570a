"""Writes a run as a SavedModel: all signatures, vocabulary and meta.json as assets."""
import os

import numpy as np
import tensorflow.compat.v1 as tf

from command import UserError
from models import graph, trained
from models.checkpoints import Checkpoints
from models.servable import Catalogue, Servable, catalogue_arrays
from models.tower import Read
from serving import signatures as wire


def write(run_folder, out):
    """Writes the SavedModel of a run into the folder `out`, which must not exist."""
    run = trained.load(run_folder)
    config = run.config._replace(encoder="dense" if run.config.encoder == "dense" else "plain")
    if config.attention_query == "author":
        raise UserError("a run of attention_query=author cannot be exported: serving_default does not name the "
                        "authors of its reviews; train another query")
    predictor = run.predictor
    item_queries = _item_queries(predictor)
    with tf.Graph().as_default(), graph.session() as session:
        network = graph.network_of(config, run.artefact)
        Checkpoints(run_folder, tf.global_variables()).restore(session, "final")
        with tf.variable_scope("catalogue"):
            kept = [_table(name, array) for name, array in zip(Catalogue._fields, catalogue_arrays(run.corpus))]
            reads = [Read(*(_table(f"{side}_{name}", array) for name, array in read._asdict().items()))
                     for side, read in zip(("user", "item"), predictor.whole)]
            queries = _table("item_queries", item_queries)
        for variable, array in [entry for part in (kept, *reads, [queries]) for entry in part]:
            variable.load(array, session)
        servable = Servable(network, Catalogue(*(variable for variable, _ in kept)),
                            *(Read(*(variable for variable, _ in read)) for read in reads), queries[0])
        _save(session, servable, run, out)


def _table(name, array):
    """(variable, its array): variables, so that the graph itself stays small."""
    array = np.ascontiguousarray(array)
    return tf.get_variable(name, array.shape, tf.as_dtype(array.dtype), tf.zeros_initializer(),
                           trainable=False), array


def _item_queries(predictor):
    """What each item asks of the user tower's reviews: [I, A]."""
    network, corpus = predictor.network, predictor.corpus
    item_slots = corpus.served_slots[1]
    with predictor.session.graph.as_default():
        from models import layers
        ids, slots = tf.placeholder(tf.int32, [None]), tf.placeholder(tf.int32, [None, None])
        answers = predictor.reads[0].answers
        wrote = layers.masked_mean(tf.gather(answers, slots), slots > 0)
        query = network.user.query(ids, wrote)
    return predictor.session.run(query, {ids: np.arange(len(item_slots)), slots: item_slots,
                                         answers: predictor.whole[0].answers})


def _save(session, servable, run, out):
    methods = {wire.SERVING_DEFAULT: _serving_default(servable),
               wire.RANK: _rank(servable), wire.RANK_UNBOUGHT: _rank(servable, unbought=True),
               wire.EXPLAIN: _explain(servable)}
    definitions = {
        name: tf.saved_model.build_signature_def(
            {key: tf.saved_model.build_tensor_info(tensor) for key, tensor in inputs.items()},
            {key: tf.saved_model.build_tensor_info(tensor) for key, tensor in outputs.items()},
            tf.saved_model.signature_constants.PREDICT_METHOD_NAME)
        for name, (inputs, outputs) in methods.items()}
    for name in ("vocabulary.txt", "meta.json"):
        asset = tf.constant(os.path.join(run.data_folder, name), name=f"asset_{name.split('.')[0]}")
        tf.add_to_collection(tf.GraphKeys.ASSET_FILEPATHS, asset)
    builder = tf.saved_model.Builder(out)
    builder.add_meta_graph_and_variables(
        session, [tf.saved_model.tag_constants.SERVING], signature_def_map=definitions, clear_devices=True,
        assets_collection=tf.get_collection(tf.GraphKeys.ASSET_FILEPATHS), strip_default_attrs=True)
    builder.save()


def _serving_default(servable):
    inputs = {wire.TEXTS_USER: _ints(None, None, None), wire.TEXTS_ITEM: _ints(None, None, None),
              wire.USER: _ints(None, 1), wire.ITEM: _ints(None, 1),
              wire.RESIDUALS_ITEM: tf.placeholder(tf.float32, [None, None])}
    outputs = servable.serving_default(
        inputs[wire.TEXTS_USER], inputs[wire.TEXTS_ITEM], inputs[wire.USER][:, 0], inputs[wire.ITEM][:, 0],
        inputs[wire.RESIDUALS_ITEM])
    return inputs, {wire.RATING: outputs.rating[:, tf.newaxis], wire.USER_REVIEW_WEIGHTS: outputs.user_weights,
                    wire.ITEM_REVIEW_WEIGHTS: outputs.item_weights}


def _rank(servable, unbought=False):
    inputs = {wire.USER: _ints(None), wire.TOP_K: _ints()}
    item, rating = servable.rank(inputs[wire.USER], inputs[wire.TOP_K], unbought)
    return inputs, {wire.ITEM: item, wire.RATING: rating}


def _explain(servable):
    inputs = {wire.USER: _ints(None), wire.ITEM: _ints(None)}
    outputs, item_slots, user_slots = servable.explain(inputs[wire.USER], inputs[wire.ITEM])
    real = tf.cast(item_slots > 0, tf.float32)
    mix = servable.network.mix if servable.network.config.usefulness else 0.
    return inputs, {
        wire.RATING: outputs.rating, wire.ITEM_REVIEWS: item_slots, wire.ITEM_WEIGHTS: outputs.item_weights,
        wire.ITEM_PERSONAL: (1 - mix) * outputs.personal * real, wire.ITEM_USEFUL: mix * outputs.useful * real,
        wire.ITEM_VOTES: outputs.votes, wire.USER_REVIEWS: user_slots, wire.USER_WEIGHTS: outputs.user_weights}


def _ints(*shape):
    return tf.placeholder(tf.int32, shape)
