"""Ranks of held-out items in each user's list of the whole catalogue: HR, recall, nDCG, MRR, and what the lists hold.

The candidates are all items, not sampled negatives, which can order models wrongly (Krichene & Rendle, "On sampled
metrics for item recommendation", KDD 2020). The user's training items are no candidates.

Shapes: `m` users, `I` items, `n` held-out pairs; `row` [n] is the index of each pair's user among the m users.
"""
from typing import NamedTuple

import numpy as np

MOST = 2 ** 22  # scores of a large catalogue at a time
NO_ITEM = -1  # in a place of a list beyond its last item


class Lists(NamedTuple):
    """What is measured of the lists of m users."""
    rank: np.ndarray  # [n] ranks of the held-out items
    tops: np.ndarray  # [m, k] the first items of each list; NO_ITEM in the last places of a list with fewer items


def lists(score, held, k, random, chunk, advance=None):
    """The Lists of a model: items by falling score without the user's training items, ties in random order.

    Items whose score is NaN have the last ranks, and are in no list.

    Whole lists are not sorted, and some users are ranked at a time, to bound the memory.

    Args:
      score: function of users [m] that returns scores [m, I].
      held: `users` [m]; `row`, `item` [n] of held-out pairs in the order of their users; `in_training` [m, I] bool.
      k: number of first items.
      random: RandomState, for the order of ties.
      chunk: number of users at a time, at most; fewer where their scores are more than MOST. It changes no result.
      advance: function without arguments, called after each chunk.
    """
    rank, tops = np.empty(len(held.row), np.int64), []
    chunk = max(1, min(chunk, MOST // max(held.in_training.shape[1], 1)))
    for start in range(0, len(held.users), chunk):
        users = slice(start, start + chunk)
        falling = _falling(score(held.users[users]), held.in_training[users])
        ties = random.rand(*falling.shape)
        pairs = slice(*np.searchsorted(held.row, [start, start + chunk]))
        row, item = held.row[pairs] - start, held.item[pairs]
        value, tie = falling[row, item][:, np.newaxis], ties[row, item][:, np.newaxis]
        rank[pairs] = 1 + ((falling[row] < value) | (falling[row] == value) & (ties[row] < tie)).sum(1)
        tops.append(_first(falling, ties, min(k, falling.shape[1])))
        if advance is not None:
            advance()
    return Lists(rank, np.concatenate(tops))


def hit_rate(rank, row, users, k):
    """HR@k [m]: whether one of the user's held-out items is among the first k; NaN for users without held-out items."""
    return _defined(row, users, np.minimum(_total(row, rank <= k, users), 1))


def recall(rank, row, users, k):
    """Recall@k [m]: share of the user's held-out items among the first k."""
    return _defined(row, users, _total(row, rank <= k, users) / _count(row, users))


def ndcg(rank, row, users, k):
    """nDCG@k [m]: sum of 1 / log2(1 + rank) over held-out items among the first k, divided by that of the best list.

    Järvelin & Kekäläinen, "Cumulated gain-based evaluation of IR techniques", 2002, with gains of 0 and 1.
    """
    gain = _total(row, (rank <= k) / np.log2(1 + rank), users)
    best = np.concatenate([[0], np.cumsum(1 / np.log2(2 + np.arange(k)))])
    held = np.bincount(row, minlength=users)
    return _defined(row, users, gain / np.maximum(best[np.minimum(held, k)], 1e-12))


def reciprocal_rank(rank, row, users):
    """1 / rank [m] of the user's first held-out item; its mean is the MRR (Voorhees, TREC-8, 1999)."""
    best = np.zeros(users)
    np.maximum.at(best, row, 1 / rank)
    return _defined(row, users, best)


def coverage(tops, items):
    """Share of the catalogue of `items` items that occurs in at least one of the lists `tops` [m, k]."""
    return len(np.unique(tops[tops != NO_ITEM])) / items


def mean_overlap(tops):
    """Mean number of items that the lists `tops` [m, k] of two different users share, over all pairs of users.

    Exact: an item that is in c lists is shared by c (c - 1) / 2 of the m (m - 1) / 2 pairs. NaN for a single list.
    """
    lists_of = np.bincount(tops[tops != NO_ITEM]).astype(np.float64)
    pairs = len(tops) * (len(tops) - 1)
    return float((lists_of * (lists_of - 1)).sum() / pairs) if pairs else np.nan


def overlap_by_likeness(tops, traits, chunk=256):
    """How many items the lists of two different users share, by the number of traits that these users share.

    Args:
      tops: [m, k] items of the lists.
      traits: [m, A] bool; at least one of each user that counts.
      chunk: users compared with all others at a time.

    Returns:
      {number of shared traits: (mean number of shared items, number of pairs of users)}, of the numbers that occur.
    """
    counted = traits.any(axis=1)
    tops, traits = tops[counted], traits[counted].astype(np.float32)
    inside = np.zeros((len(tops), int(tops.max(initial=0)) + 2), np.float32)
    np.put_along_axis(inside, tops, 1, axis=1)
    inside = inside[:, :NO_ITEM]  # without the column of NO_ITEM, the last
    shared, pairs = np.zeros(traits.shape[1] + 1), np.zeros(traits.shape[1] + 1)
    for first in range(0, len(tops), chunk):
        block = slice(first, first + chunk)
        alike = np.rint(traits[block] @ traits.T).astype(int)
        later = np.arange(len(tops)) > np.arange(first, first + len(alike))[:, np.newaxis]  # each pair once
        shared += np.bincount(alike[later], (inside[block] @ inside.T)[later], len(shared))
        pairs += np.bincount(alike[later], minlength=len(pairs))
    return {int(number): (float(shared[number] / pairs[number]), int(pairs[number]))
            for number in np.flatnonzero(pairs)}


def novelty(tops, buyers, users):
    """Mean self-information of the items of the lists, in bits: -log2 of the share of users who bought the item.

    Zhou et al., "Solving the apparent diversity-accuracy dilemma of recommender systems", PNAS 2010. An item without
    any training pair counts as one with a single pair.

    Args:
      tops: [m, k] items.
      buyers: [I] number of training pairs of each item.
      users: `U`.
    """
    bits, listed = np.log2(max(users, 1)) - np.log2(np.maximum(buyers, 1)), tops[tops != NO_ITEM]
    return float(bits[listed].mean()) if listed.size else np.nan


def popularity_bias(tops, in_training, buyers):
    """How much more popular the lists are than the users' training items: 0 = as popular, 1 = twice as popular.

    (GAP of lists - GAP of profiles) / GAP of profiles, GAP the mean over users of the mean popularity of their
    items (Abdollahpouri et al., "The unfairness of popularity bias in recommendation", 2019, section 3.2).

    Args:
      tops: [m, k] items of the lists.
      in_training: [m, I] bool, the users' training items; users without items, or with an empty list, are left out.
      buyers: [I] number of training pairs of each item, of all users: the m users may be a sample of them.

    Returns:
      The number; NaN where no user has a training item.
    """
    user, item = np.nonzero(in_training)  # a product with the table would make numbers of all its entries
    count, listed = np.bincount(user, minlength=len(in_training)), (tops != NO_ITEM).sum(1)
    counted = (count > 0) & (listed > 0)
    if not counted.any():
        return np.nan
    profiles = np.bincount(user, buyers[item], len(in_training))[counted] / count[counted]
    lists_of = np.where(tops != NO_ITEM, buyers[tops], 0).sum(1)[counted] / listed[counted]
    return float(lists_of.mean() / profiles.mean() - 1)


def _falling(scores, in_training):
    """Values [m, I] by which the items are sorted, the least first; an item without a score (NaN) is among the last."""
    scores = np.asarray(scores, np.float64)
    return np.where(in_training | np.isnan(scores), np.inf, -scores)


def _first(falling, ties, k):
    """The k items [m, k] of least value in `falling` [m, I], in order; of equal ones the least in `ties` [m, I].

    NO_ITEM stands where the value is infinite.
    """
    last = np.partition(falling, k - 1, 1)[:, k - 1:k]
    chosen = np.where(falling < last, -1, np.where(falling == last, ties, 2))  # ties decide at the end of the list only
    items = np.argpartition(chosen, k - 1, 1)[:, :k]
    values = np.take_along_axis(falling, items, 1)
    order = np.lexsort((np.take_along_axis(ties, items, 1), values), -1)
    return np.take_along_axis(np.where(np.isinf(values), NO_ITEM, items), order, 1)


def _total(row, values, users):
    return np.bincount(row, values, users)


def _count(row, users):
    return np.maximum(np.bincount(row, minlength=users), 1)


def _defined(row, users, values):
    return np.where(np.bincount(row, minlength=users) > 0, values, np.nan)
