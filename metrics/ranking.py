"""How high held-out items stand in the whole catalogue.

Never among sampled negatives, which can order models wrongly (Krichene & Rendle, "On sampled metrics for
item recommendation", KDD 2020). What a user has in training is no candidate.

Shapes: `m` users, `I` items, `n` held-out pairs; `row` [n] says which of the m users a pair is of.
"""
import numpy as np


def ordered(scores, known, random):
    """Each user's list: items [m, I] by falling score, those known in training last; ties in random order.

    Args:
      scores: [m, I].
      known: [m, I] bool, what the user has in training.
      random: RandomState.
    """
    falling = np.where(known, np.inf, -np.asarray(scores, np.float64))
    return np.lexsort((random.rand(*falling.shape), falling), -1)


def ranks(order, row, item):
    """Rank [n], from 1, of held-out items in their users' lists `order` [m, I]. They must not be known."""
    place = np.empty_like(order)
    np.put_along_axis(place, order, np.arange(order.shape[1])[np.newaxis], 1)
    return place[row, item] + 1


def hit_rate(rank, row, users, k):
    """HR@k [m]: whether one of the user's held-out items is among the first k; NaN for users without any."""
    return _defined(row, users, np.minimum(_total(row, rank <= k, users), 1))


def recall(rank, row, users, k):
    """Recall@k [m]: share of the user's held-out items among the first k."""
    return _defined(row, users, _total(row, rank <= k, users) / _count(row, users))


def ndcg(rank, row, users, k):
    """nDCG@k [m]: sum of 1 / log2(1 + rank) over held-out items among the first k, by that of the best list.

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
    """Share of the I = `items` of the catalogue that stand in any of the lists `tops` [m, k]."""
    return len(np.unique(tops)) / items


def popularity_bias(tops, known):
    """How much more popular lists are than what their users have: 0 = as popular, 1 = twice as popular.

    (GAP of lists - GAP of profiles) / GAP of profiles, GAP the mean over users of the mean popularity of their
    items (Abdollahpouri et al., "The unfairness of popularity bias in recommendation", 2019, section 3.2).

    Args:
      tops: [m, k] items of the lists.
      known: [m, I] bool; a column's sum is an item's popularity, users without any are left out.
    """
    popularity, having = known.sum(0), known.any(1)
    mine = known[having] @ popularity / known[having].sum(1)
    if not len(mine):
        return np.nan
    return float(popularity[tops[having]].mean(1).mean() / mine.mean() - 1)


def _total(row, values, users):
    return np.bincount(row, values, users)


def _count(row, users):
    return np.maximum(np.bincount(row, minlength=users), 1)


def _defined(row, users, values):
    return np.where(np.bincount(row, minlength=users) > 0, values, np.nan)
