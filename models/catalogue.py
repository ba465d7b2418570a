"""What an export keeps of users, items and training reviews: all that is known before anybody asks.

A softmax weighs the reviews of one owner (a user or an item), so reviews lie side by side by owner, and
what each holds out to whoever asks is kept beside it, in that order.
"""
from typing import NamedTuple

import numpy as np
from scipy import sparse
import tensorflow.compat.v1 as tf

CHUNK = 256  # owners at a time


class Shelf(NamedTuple):
    """Reviews of one side by owner, as that side's tower reads them. Shapes: `O` owners, `n` places."""
    start: np.ndarray  # [O+1] int32, the places of an owner are start[o] to start[o+1]
    review: np.ndarray  # [n] int32 rows of reviews; 0: an empty slot, where padding is weighed
    keys: np.ndarray  # [n, A] Tower.key
    values: np.ndarray  # [n, K] Tower.project of O; of items [n, K+2]: then residual stars, and 1
    questions: np.ndarray  # [O, A] Tower.question of the owner, who asks the other tower's reviews
    offset: np.ndarray  # [O] stars: mu + b_u of users, b_i of items


class Bags(NamedTuple):
    """TF-IDF bags of the training reviews, see `terms.of_rows`, and of what anybody writes."""
    start: np.ndarray  # [N+2] int32
    word: np.ndarray  # int32
    weight: np.ndarray
    idf: np.ndarray  # [V]
    topics: np.ndarray  # [V, D]
    anybody: np.ndarray  # [V]


class Catalogue(NamedTuple):
    """`n` are the places of the items' shelf."""
    users: Shelf
    items: Shelf
    useful: np.ndarray  # [n] c, useful to anybody
    common: np.ndarray  # [n] TF-IDF likeness to what anybody writes
    bags: Bags
    bought_start: np.ndarray  # [U+1] int32, where each user's training items start
    bought_item: np.ndarray  # int32
    base: np.ndarray  # [] stars that every rating starts from
    mean: np.ndarray  # [] mu, mean training stars
    damping: np.ndarray  # [] ratings of value mu that every user is given beside its own
    item_offset: np.ndarray  # [I] b_i of damped offsets, whichever the network builds on


def of_run(run):
    """The Catalogue of a run (`trained.Trained`), as arrays."""
    corpus, a = run.corpus, run.artefact
    user_slots, item_slots = corpus.served_slots
    training = np.zeros(len(a.review_item), bool)
    training[item_slots] = training[user_slots] = True
    training[0] = False
    users, items = (_shelf(run.predictor, side) for side in ("user", "item"))
    rows, offsets = items.review, corpus.offsets
    residual = a.review_rating - offsets.mean - offsets.user[a.review_user] - offsets.item[a.review_item]
    residual = np.where(training, residual, 0).astype(np.float32)[rows]
    values = np.concatenate([items.values, residual[:, None], np.ones((len(rows), 1), np.float32)], 1)
    bought = np.unique(np.stack([a.train.user, a.train.item], 1), axis=0)
    return Catalogue(
        users=users, items=items._replace(values=values), useful=_useful(run.predictor, items),
        common=corpus.common[rows].astype(np.float32), bags=_bags(corpus, training),
        bought_start=np.searchsorted(bought[:, 0], np.arange(len(user_slots) + 1)).astype(np.int32),
        bought_item=bought[:, 1].astype(np.int32), base=np.float32(corpus.base_offset(0., 0.)), mean=np.float32(offsets.mean),
        damping=np.float32(offsets.damping), item_offset=offsets.item.astype(np.float32))


def _shelf(predictor, side):
    """The Shelf of 'user' or 'item', without the residual stars of an item's reviews."""
    network, corpus, which = predictor.network, predictor.corpus, ("user", "item").index(side)
    tower, other = (network.user, network.item)[::1 - 2 * which]
    read, other_read = predictor.whole[::1 - 2 * which]
    slots = corpus.served_slots[which]
    owner, place = np.nonzero(slots > 0 if corpus.config.mask_padding else slots >= 0)
    review = slots[owner, place]
    owners, dim = len(slots), corpus.config.attention_dim
    start = np.searchsorted(owner, np.arange(owners + 1)).astype(np.int32)
    with predictor.session.graph.as_default():
        texts, answers, wrote = (tf.placeholder(tf.float32, [None, size])
                                 for size in (corpus.config.filters, dim, dim))
        ids = tf.placeholder(tf.int32, [None])
        key, value, question = tower.key(answers), tower.project(texts), other.question(other.query(ids, wrote))
        offset = tower.offset if corpus.config.offsets == "learned" else tf.zeros([owners])
    run = predictor.session.run
    if side == "user":
        known = corpus.base_offset(corpus.offsets.user, np.zeros(owners))
    else:
        known = corpus.offsets.item * (corpus.config.offsets == "leave_one_out")
    return Shelf(start, review, run(key, {answers: read.answers})[review], run(value, {texts: read.texts})[review],
                 run(question, {ids: np.arange(owners), wrote: _mean(other_read.answers, review, start)}),
                 (known + run(offset)).astype(np.float32))


def _mean(vectors, review, start):
    """Mean vector [O, A] of each owner's reviews; 0 of who has none."""
    real = (review > 0).astype(np.float32)
    summed = sparse.csr_matrix((real, review, start), shape=(len(start) - 1, len(vectors)))
    return summed @ vectors / np.maximum(summed.sum(1).A, 1)


def _useful(predictor, shelf):
    """c [n] of an item's reviews, useful to anybody."""
    corpus, slots = predictor.corpus, predictor.corpus.served_slots[1]
    parts = [corpus.typicality(slots[first:first + CHUNK]) for first in range(0, len(slots), CHUNK)]
    weighed = slots > 0 if corpus.config.mask_padding else slots >= 0
    typicality = np.concatenate(parts)[weighed]  # [n], by owner and place
    with predictor.session.graph.as_default():
        useful = predictor.network.usefulness(typicality, corpus.log_words[shelf.review])
    return predictor.session.run(useful)


def _bags(corpus, training):
    """The Bags of the training reviews [N+1] bool: nothing of held-out reviews is exported."""
    bags = corpus.bags.multiply(training[:, None]).tocsr()
    bags.eliminate_zeros()
    return Bags(bags.indptr.astype(np.int32), bags.indices.astype(np.int32), bags.data.astype(np.float32),
                corpus.idf, corpus.artefact.word_topics, corpus.anybody)
