"""The words that are expected in the next review of an item: which words of an item's reviews are repeated.

The bag `t` [V] of a review is predicted from those of the item's other training reviews, word by word:

    t = repeat * x + usual,    x = sum_{other reviews} t / (n_other + DAMPING)

`repeat` tells how much of a word recurs: much of "strings" in reviews of a guitar, little of a name that one reviewer
told. `usual` is what is written of any item. Both are found by ridge regression over the training reviews of items with
several, in closed form (Hoerl and Kennard, "Ridge regression", 1970): `repeat` of a rare word is drawn to the value
that all words have in common. The ridge is that of RIDGES with the least squared error on reviews of items that it was
not fitted to.

Shapes: `N` reviews and the empty one in row 0, `V` words, `n` training reviews with text.
"""
from typing import NamedTuple

import numpy as np
from scipy import sparse

DAMPING = 3  # empty reviews that are added to the other reviews of an item: few reviews tell less
RIDGES = (.1, .3, 1., 3., 10., 30., 100., 10000.)  # times the mean over words of the variance of x
FOLDS = 5  # of items
MOST_REVIEWS = 500_000  # that are read, of whole items; of a larger corpus those of items drawn at random
SEED = 0  # of that draw
BLOCK = 2 ** 15  # reviews at a time, and the rest of the last one's item


class ExpectedWords(NamedTuple):
    """By which the bag of a review is predicted from the item's other reviews."""
    repeat: np.ndarray  # [V] float32
    usual: np.ndarray  # [V] float32


class _Moments(NamedTuple):
    """Sums over reviews that have another review of their item beside them. `x` and `t` as above."""
    count: int
    x: np.ndarray  # [V]
    t: np.ndarray  # [V]
    xx: np.ndarray  # [V] of x^2
    xt: np.ndarray  # [V] of x t
    tt: float  # of t^2, over all words


def learn(bags, items, rows):
    """Returns the ExpectedWords of a corpus; zeros where no item has two reviews.

    Where several ridges predict equally well, or nothing could be predicted, the strongest is taken.

    Args:
      bags: [N+1, V] TF-IDF bags, sparse.
      items: [N+1] items of the reviews.
      rows: [n] training reviews with text.
    """
    rows = _read(items, rows)
    item = items[rows]
    folds = [_moments(bags, rows[fold], item[fold]) for fold in (
        np.flatnonzero(item % FOLDS == number) for number in range(FOLDS))]
    if not sum(fold.count for fold in folds):
        return ExpectedWords(*np.zeros((2, bags.shape[1]), np.float32))
    ridge = min(reversed(RIDGES), key=lambda value: _error(folds, value))
    return ExpectedWords(*(part.astype(np.float32) for part in _fit(_total(folds), ridge)))


def _read(items, rows):
    """Returns those of rows [n] that are read, by item: of items with several reviews, MOST_REVIEWS at most.

    One item is read in any case.
    """
    count = np.bincount(items[rows])
    if count[count > 1].sum() > MOST_REVIEWS:
        drawn = np.random.RandomState(SEED).permutation(np.flatnonzero(count > 1))
        count[drawn[np.append(0, np.cumsum(count[drawn])[1:]) > MOST_REVIEWS]] = 0
    rows = rows[count[items[rows]] > 1]
    return rows[np.argsort(items[rows], kind="stable")]


def _moments(bags, rows, item):
    """Returns the _Moments of reviews in rows [n] of items [n], which rise; whole items at a time."""
    parts, start = [], 0
    while start < len(rows):
        end = np.searchsorted(item, item[min(start + BLOCK, len(rows)) - 1], side="right")
        parts.append(_moments_of_block(bags[rows[start:end]].astype(np.float64), item[start:end]))
        start = end
    zeros = np.zeros(bags.shape[1])
    return _total(parts or [_Moments(0, zeros, zeros, zeros, zeros, 0.)])


def _moments_of_block(bags, item):
    """Returns the _Moments of reviews with these bags [n, V] and items [n], from the sums of each item's reviews.

    With s = sum t and q = sum t^2 over the n reviews of an item, and d = 1 / (n - 1 + DAMPING): sum x = d (n - 1) s,
    sum x t = d (s^2 - q), sum x^2 = d^2 ((n - 2) s^2 + q).
    """
    numbers, of_item, count = np.unique(item, return_inverse=True, return_counts=True)
    gather = sparse.csr_matrix((np.ones(len(item)), (of_item, np.arange(len(item)))), (len(numbers), len(item)))
    several = count > 1
    count, s, q = count[several], (gather @ bags)[several], (gather @ bags.multiply(bags).tocsr())[several]
    d, squared = 1 / (count - 1 + DAMPING), s.multiply(s).tocsr()  # [items], [items, V]

    def total(weight, values):
        return values.T @ weight  # [V]

    return _Moments(int(count.sum()), total(d * (count - 1), s), total(np.ones(len(count)), s),
                    total(d ** 2 * (count - 2), squared) + total(d ** 2, q), total(d, squared) - total(d, q),
                    float(q.sum()))


def _total(parts):
    return _Moments(*(sum(values[1:], values[0]) for values in zip(*parts)))


def _fit(m, ridge):
    """Returns (repeat, usual), each [V], with the least squared error and ridge of _Moments."""
    variance, covariance = m.xx - m.x ** 2 / m.count, m.xt - m.x * m.t / m.count  # [V], times the count
    common, ridge = covariance.sum() / max(variance.sum(), 1e-12), max(ridge * variance.mean(), 1e-12)
    repeat = (covariance + ridge * common) / (variance + ridge)
    return repeat, (m.t - repeat * m.x) / m.count


def _error(folds, ridge):
    """Returns the sum of the squared errors on each fold's reviews by a fit to the other folds."""
    error = 0.
    for number, held_out in enumerate(folds):
        others = _total(folds[:number] + folds[number + 1:])
        if others.count:
            b, g = _fit(others, ridge)
            m = held_out
            error += m.tt + (b ** 2 * m.xx + g ** 2 * m.count + 2 * b * g * m.x - 2 * b * m.xt - 2 * g * m.t).sum()
    return error
