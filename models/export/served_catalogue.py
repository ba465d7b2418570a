"""What an export keeps of users, items and training reviews: all that is known before anybody asks.

A softmax weighs the reviews of one owner (a user or an item), so reviews lie side by side by owner, and
what each holds out to whoever asks is kept beside it, in that order.
"""
from typing import NamedTuple

import numpy as np
from scipy import sparse

from models.export import word_index
from models.export.word_index import WordIndex
from preprocessing import artefact as contract
from preprocessing.artefact import UNKNOWN
from runtime.tf1 import tf

CHUNK = 256  # owners at a time


class Shelf(NamedTuple):
    """Reviews of one side by owner, as that side's tower reads them. Shapes: `O` owners, `n` places."""
    start: np.ndarray  # [O+1] int32, the places of an owner are start[o] to start[o+1]
    review: np.ndarray  # [n] int32 rows of reviews; 0: an empty slot, where padding is weighed
    values: np.ndarray  # [n, K] Tower.project of O; of items [n, K+2]: then residual stars, and 1
    questions: np.ndarray  # [O, A] Tower.unit_query of the owner, who asks the other tower's reviews
    offset: np.ndarray  # [O] stars: mu + b_u of users, b_i of items


class Bags(NamedTuple):
    """TF-IDF bags of the training reviews by review, and of what anybody writes.

    A term weighs (1 + ln count) idf scale, see `preprocessing.bag`: counts take a quarter of the room of weights.
    """
    start: np.ndarray  # [N+2] int32, the terms of row l are start[l] to start[l+1]
    word: np.ndarray  # int32, or uint16 where V allows it
    count: np.ndarray  # uint8, or int32 where a review repeats a word more often than that holds
    scale: np.ndarray  # [N+1] 1 / norm
    idf: np.ndarray  # [V]
    topics: np.ndarray  # [V, D]
    anybody: np.ndarray  # [V]


class Catalogue(NamedTuple):
    """`n` are the places of the items' shelf, `m` those of the users'."""
    users: Shelf
    items: Shelf
    user_keys: np.ndarray  # [m, A] Tower.unit_key
    table: np.ndarray  # [A+D, n] Tower.unit_key of the items' reviews, and their weights of the D frequent words
    owner: np.ndarray  # [n] int32 items
    cell: np.ndarray  # [n, 2] int64 (item, place)
    useful: np.ndarray  # [n] c, useful to anybody
    common: np.ndarray  # [n] TF-IDF likeness to what anybody writes
    even: np.ndarray  # [I] mean residual stars of each item's reviews: what even weights would say
    bags: Bags
    words: WordIndex  # of the items' shelf
    bought_start: np.ndarray  # [U+1] int32, where each user's training items start
    bought_item: np.ndarray  # int32
    base: np.ndarray  # [] stars that every rating starts from
    mean: np.ndarray  # [] mu, mean training stars
    damping: np.ndarray  # [] ratings of value mu that every user is given beside its own
    item_offset: np.ndarray  # [I] b_i of damped offsets, whichever the network builds on


def of_run(run):
    """The Catalogue of a run (`trained.Trained`), as arrays."""
    corpus, a, offsets = run.corpus, run.artefact, run.corpus.offsets
    (users, user_keys), (items, item_keys) = (_shelf(run.predictor, side) for side in ("user", "item"))
    rows, count = items.review, np.diff(items.start)
    owner = np.repeat(np.arange(len(count)), count)
    residual = _residual(a, offsets, rows)
    said = corpus.bags[rows] * float(corpus.config.lexical_skip)  # not asked for without it
    said.eliminate_zeros()
    words, frequent = word_index.of_bags(said.astype(np.float32))
    bags = _bags(corpus, np.union1d(rows, users.review))
    bought = np.unique(np.stack([a.train.user, a.train.item], 1), axis=0)
    return Catalogue(
        users=users, items=items._replace(values=np.concatenate(
            [items.values, residual[:, None], np.ones((len(rows), 1), np.float32)], 1)),
        user_keys=user_keys, table=np.concatenate([item_keys.T, frequent]), owner=owner.astype(np.int32),
        cell=np.stack([owner, np.arange(len(owner))], 1), useful=_useful(run.predictor, items),
        common=corpus.common[rows].astype(np.float32),
        even=(np.bincount(owner, residual, len(count)) / np.maximum(count, 1)).astype(np.float32),
        bags=bags, words=words,
        bought_start=np.searchsorted(bought[:, 0], np.arange(len(users.start))).astype(np.int32),
        bought_item=bought[:, 1].astype(np.int32), base=np.float32(corpus.base_offset(0., 0.)),
        mean=np.float32(offsets.mean), damping=np.float32(offsets.damping),
        item_offset=offsets.item.astype(np.float32))


def _residual(a, offsets, rows):
    """Stars [n] of reviews beyond what their author and item give; 0 of an empty slot."""
    known = offsets.predict(a.review_user[rows], a.review_item[rows])
    return np.where(rows > 0, a.review_rating[rows] - known, 0).astype(np.float32)


def _shelf(predictor, side):
    """(Shelf of 'user' or 'item', its keys [n, A]), without the residual stars of an item's reviews."""
    network, corpus, which = predictor.network, predictor.corpus, ("user", "item").index(side)
    tower, other = (network.user, network.item)[::1 - 2 * which]
    read, other_read = predictor.whole[::1 - 2 * which]
    slots = corpus.served_slots[which]
    owner, place = np.nonzero(slots > 0 if corpus.config.mask_padding else slots >= 0)
    review = slots[owner, place]
    owners, dim = len(slots), corpus.config.attention_dim
    start = np.searchsorted(owner, np.arange(owners + 1)).astype(np.int32)
    with predictor.session.graph.as_default():
        texts, answers, wrote_by = (tf.placeholder(tf.float32, [None, size])
                                    for size in (corpus.config.filters, dim, dim))
        ids = tf.placeholder(tf.int32, [None])
        key, value, question = tower.unit_key(answers), tower.project(texts), other.unit_query(other.query(ids, wrote_by))
        offset = tower.offset if corpus.config.offsets == "learned" else tf.zeros([owners])
    run = predictor.session.run
    if side == "user":
        known = corpus.base_offset(corpus.offsets.user, np.zeros(owners))
    else:
        known = corpus.offsets.item * (corpus.config.offsets == "leave_one_out")
    wrote = _mean(other_read.answers, review, start)
    shelf = Shelf(start, review, run(value, {texts: read.texts})[review],
                  run(question, {ids: np.arange(owners), wrote_by: wrote}), (known + run(offset)).astype(np.float32))
    return shelf, run(key, {answers: read.keys[review]})


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


def _bags(corpus, rows):
    """The Bags of the reviews of `rows` alone: nothing of held-out reviews is exported."""
    tokens, bags = corpus.artefact.review_tokens, corpus.bags
    rows = np.unique(rows)
    owner, place = np.nonzero(tokens[rows] > UNKNOWN)
    owner = rows[owner]
    counts = sparse.csr_matrix((np.ones(len(owner)), (owner, tokens[owner, place])), shape=bags.shape)
    counts.sum_duplicates()
    first = counts.indptr[:-1][np.diff(counts.indptr) > 0]  # a term of each review that has any
    written = np.flatnonzero(np.diff(counts.indptr))
    word = counts.indices[first]
    plain = (1 + np.log(counts.data[first])) * corpus.idf[word]
    scale = np.zeros(len(tokens), np.float32)
    scale[written] = bags[written, word].A1 / plain
    words = contract.word_type(bags.shape[1])
    kind = np.uint8 if counts.data.max(initial=0) < 2 ** 8 else np.int32
    return Bags(counts.indptr.astype(np.int32), counts.indices.astype(words), counts.data.astype(kind), scale,
                corpus.idf, corpus.artefact.word_topics, corpus.anybody)
