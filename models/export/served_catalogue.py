"""What an export stores of users, items and training reviews: all that can be computed before a request.

A softmax weighs the reviews of one owner, a user or an item. Therefore the reviews of an owner are stored side by side,
and their keys and values in the same order. `position` is the number of a review in this order.
"""
from typing import NamedTuple

import numpy as np
from scipy import sparse

from models.export import word_index
from models.export.word_index import WordIndex
from models.inference import latents, usefulness
from models.inference.personal import unit_keys
from preprocessing import artefact as contract
from preprocessing.artefact import UNKNOWN
from runtime import scratch
from runtime.tf1 import tf

BLOCK = 8192  # reviews at a time


class ReviewsByOwner(NamedTuple):
    """Reviews of one side in the order of their owners, encoded by the side's tower. `O` owners, `n` positions."""
    start: np.ndarray  # [O+1] int32, the positions of owner o are start[o] to start[o+1]
    review: np.ndarray  # [n] int32 rows of reviews; 0: an empty slot, where padding is not masked
    values: np.ndarray  # [n, K] Tower.project of O; of items [n, K+2]: followed by residual stars and 1
    queries: np.ndarray  # [O, A] Tower.unit_query of the owner, for the reviews of the other tower
    offset: np.ndarray  # [O] stars: mu + b_u of users, b_i of items


class Bags(NamedTuple):
    """TF-IDF bags of the training reviews by review, and their mean bag.

    The weight of a term is (1 + ln count) idf scale, see `preprocessing.bag`. Counts take a quarter of the memory of
    weights.
    """
    start: np.ndarray  # [N+2] int32, the terms of row l are start[l] to start[l+1]
    word: np.ndarray  # [T] int32, or uint16 where V allows it
    count: np.ndarray  # [T] uint8, or int32 where a review repeats a word more than 255 times
    scale: np.ndarray  # [N+1] 1 / norm
    idf: np.ndarray  # [V]
    topics: np.ndarray  # [V, D]
    mean_bag: np.ndarray  # [V] t_any
    repeat: np.ndarray  # [V] and
    usual: np.ndarray  # [V] of the expected words


class Aspects(NamedTuple):
    """Of which aspects users speak, for the praise of an order; without praise `K` is 0."""
    care: np.ndarray  # [U, K] share of the user's training reviews that speak of each aspect
    usual: np.ndarray  # [K] their mean over users, the care of a new user who speaks of no aspect
    words: np.ndarray  # [V, K] a text speaks of the aspects for which its different words add up to 1


class Catalogue(NamedTuple):
    """All arrays of an export. Shapes: `n` positions in the items' reviews, `m` positions in the users' reviews."""
    users: ReviewsByOwner
    items: ReviewsByOwner
    user_keys: np.ndarray  # [m, A] Tower.unit_key of the users' reviews
    table: np.ndarray  # [A+D, n] Tower.unit_key of the items' reviews, and their weights of the D frequent words;
    # in an export of two stages [n, A], the keys alone, as these read some of the reviews
    owner: np.ndarray  # [n] int32 items
    cell: np.ndarray  # [n, 2] int64 (item, position); in an export of two stages empty
    useful: np.ndarray  # [n] c, usefulness to all users
    mean_bag_likeness: np.ndarray  # [n] t_l . t_any
    mean_residual: np.ndarray  # [I] mean residual stars of each item's reviews: the sum at uniform weights
    bags: Bags
    words: WordIndex  # of the items' reviews; in an export of two stages empty
    aspects: Aspects
    bought_start: np.ndarray  # [U+1] int32, the training items of user u are bought_item[start[u]:start[u+1]]
    bought_item: np.ndarray  # int32
    base: np.ndarray  # [] stars that every rating contains
    mean: np.ndarray  # [] mu, mean training stars
    damping: np.ndarray  # [] number of ratings of value mu added to the ratings of every user
    item_offset: np.ndarray  # [I] b_i of damped offsets, also where the network has learned offsets


def of_run(run, by_row=False, aspects=None):
    """Returns the Catalogue of a run, as arrays.

    Args:
      run: trained.Trained.
      by_row: whether it is for an export of two stages.
      aspects: item_order.Aspects of the order that is served; None: it has no praise.
    """
    corpus, a, offsets = run.corpus, run.artefact, run.corpus.offsets
    (users, user_keys), (items, item_keys) = (_reviews_by_owner(run.predictor, side) for side in ("user", "item"))
    rows, count = items.review, np.diff(items.start)
    owner = np.repeat(np.arange(len(count)), count)
    residual = _residual(a, offsets, rows)
    needed = corpus.config.lexical_skip and not by_row
    words, frequent = word_index.of_bags(corpus.bags[rows if needed else np.zeros_like(rows)])  # row 0 has no words
    table = item_keys if by_row else _table(item_keys, frequent)
    bags = _bags(corpus, np.union1d(rows, users.review))
    bought = np.unique(np.stack([a.train.user, a.train.item], 1), axis=0)
    return Catalogue(
        users=users, items=items._replace(values=np.concatenate(
            [items.values, residual[:, None], np.ones((len(rows), 1), np.float32)], 1)),
        user_keys=user_keys, table=table,
        owner=owner.astype(np.int32), cell=np.stack([owner, np.arange(len(owner))], 1)[:0 if by_row else None],
        useful=usefulness.of_all(run.predictor, _weighed(corpus, corpus.served_slots.item)),
        mean_bag_likeness=corpus.mean_bag_likeness[rows].astype(np.float32),
        mean_residual=(np.bincount(owner, residual, len(count)) / np.maximum(count, 1)).astype(np.float32),
        bags=bags, words=words, aspects=aspects_of(a, aspects),
        bought_start=np.searchsorted(bought[:, 0], np.arange(len(users.start))).astype(np.int32),
        bought_item=bought[:, 1].astype(np.int32), base=np.float32(corpus.base_offset(0., 0.)),
        mean=np.float32(offsets.mean), damping=np.float32(offsets.damping),
        item_offset=offsets.item.astype(np.float32))


def aspects_of(artefact, aspects):
    """Returns the Aspects of an order's item_order.Aspects, or of None."""
    if aspects is None:
        return Aspects(*(np.zeros(shape + (0,), np.float32) for shape in (
            (len(artefact.user_reviews),), (), (len(artefact.vocabulary),))))
    return Aspects(aspects.users, aspects.users.mean(0), aspects.words)


def _table(keys, frequent):
    """Returns the field `table` of a Catalogue, of keys [n, A] and weights [D, n], a sparse matrix."""
    table = scratch.empty((keys.shape[1] + frequent.shape[0], len(keys)))
    table[:keys.shape[1]] = keys.T
    for row in range(frequent.shape[0]):
        table[keys.shape[1] + row] = frequent[row].toarray()
    return table


def _residual(a, offsets, rows):
    """Returns the stars [n] of reviews minus the offsets of author and item; 0 for an empty slot."""
    base = offsets.predict(a.review_user[rows], a.review_item[rows])
    return np.where(rows > 0, a.review_rating[rows] - base, 0).astype(np.float32)


def _reviews_by_owner(predictor, side):
    """Returns (ReviewsByOwner of 'user' or 'item', unit keys [n, A]), without the residual stars of the reviews."""
    network, corpus, which = predictor.network, predictor.corpus, ("user", "item").index(side)
    tower, other = (network.user, network.item)[::1 - 2 * which]
    encoded = predictor.encoded[which].all()
    slots = corpus.served_slots[which]
    owner, column = np.nonzero(_weighed(corpus, slots))
    review = slots[owner, column]
    owners, dim = len(slots), corpus.config.attention_dim
    start = np.searchsorted(owner, np.arange(owners + 1)).astype(np.int32)
    with predictor.session.graph.as_default():
        texts, keys = (tf.placeholder(tf.float32, [None, size]) for size in (corpus.config.filters, dim))
        unit_key, value, unit_query = tower.unit_key(keys), tower.project(texts), other.unit_query(keys)
        offset = tower.offset if corpus.config.learned_offsets else tf.zeros([owners])
    run = predictor.session.run
    if side == "user":
        base = corpus.base_offset(corpus.offsets.user, np.zeros(owners))
    else:
        base = corpus.offsets.item * corpus.config.leave_one_out_offsets
    by_owner = ReviewsByOwner(
        start, review, run(value, {texts: encoded.texts})[review],
        run(unit_query, {keys: latents.queries(predictor, side)}), (base + run(offset)).astype(np.float32))
    return by_owner, unit_keys(run, unit_key, keys, encoded.keys, review)


def _weighed(corpus, slots):
    """Returns which slots may have a weight: those with a review, or all where padding is not masked."""
    return slots > 0 if corpus.config.mask_padding else slots >= 0


def _bags(corpus, rows):
    """Returns the Bags of the reviews `rows` alone, so that nothing of held-out reviews is exported."""
    bags, terms = corpus.bags, _Terms(corpus.artefact, rows)
    scale = np.zeros(bags.shape[0], np.float32)
    with_terms = np.flatnonzero(np.diff(terms.start))
    first = terms.start[with_terms]  # one term of each review that has terms
    for start in range(0, len(with_terms), BLOCK):
        some, term = with_terms[start:start + BLOCK], first[start:start + BLOCK]
        plain = (1 + np.log(terms.count[term].astype(float))) * corpus.idf[terms.word[term]]
        scale[some] = bags[some, terms.word[term].astype(int)].A1 / plain
    expected = corpus.to_others.words if corpus.config.usefulness else np.zeros((2,) + corpus.idf.shape, np.float32)
    return Bags(terms.start, terms.word, terms.count, scale, corpus.idf, corpus.artefact.word_topics, corpus.mean_bag,
                *expected)


class _Terms:
    """How often each word of the vocabulary occurs in each review, computed a block of reviews at a time.

    Attributes: `start` [N+2] int32, `word` [T] and `count` [T] of `Bags`.

    Args:
      artefact: Artefact.
      rows: [n] the reviews whose terms are counted; the others have none.
    """

    def __init__(self, artefact, rows):
        tokens, words, rows = artefact.review_tokens, len(artefact.document_frequency), np.unique(rows)
        numbers, counts, lengths = [], [], np.zeros(len(tokens), np.int64)
        for start in range(0, len(rows), BLOCK):
            block = tokens[rows[start:start + BLOCK]]
            row, column = np.nonzero(block > UNKNOWN)
            found = sparse.csr_matrix((np.ones(len(row), np.int32), (row, block[row, column])), (len(block), words))
            found.sum_duplicates()
            lengths[rows[start:start + BLOCK]] = np.diff(found.indptr)
            numbers.append(found.indices.astype(contract.word_type(words)))
            counts.append(found.data)
        kind = np.uint8 if max((part.max(initial=0) for part in counts), default=0) < 2 ** 8 else np.int32
        self.start = np.append(0, np.cumsum(lengths)).astype(np.int32)
        self.word = np.concatenate(numbers or [np.zeros(0, contract.word_type(words))])
        self.count = np.concatenate([part.astype(kind) for part in counts] or [np.zeros(0, kind)])
