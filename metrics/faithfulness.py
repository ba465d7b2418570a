"""Do the reviews that are shown make the rating? What it does when they are taken away, or alone are left.

DeYoung et al., "ERASER: a benchmark to evaluate rationalized NLP models", ACL 2020, section 4, for a rating in
stars instead of a class. Shapes: `n` pairs of a shopper and an item, `R` reviews of the item.
"""
import numpy as np
from scipy import stats

BINS = (1, 2, 3, 5)  # reviews taken away, or left: the curve whose area is told
LEAST = max(BINS) + 1  # reviews that an item must have


def first(k, scores, real, random):
    """Which [n, R] are the k of the highest scores among the real ones; ties in random order."""
    falling = np.where(real, -np.asarray(scores, np.float64), np.inf)
    order = np.lexsort((random.rand(*falling.shape), falling), -1)[:, :k]
    chosen = np.zeros(real.shape, bool)
    np.put_along_axis(chosen, order, True, 1)
    return chosen & real


def comprehensiveness(whole, without):
    """Stars [n] by which the rating moves when the first k are taken away, mean over the k of BINS: the area.

    Args:
      whole: [n] ratings by all reviews.
      without: [bins, n] ratings without the first k.
    """
    return np.abs(np.asarray(without, np.float64) - whole).mean(0)


def sufficiency(whole, alone):
    """Stars [n] by which it moves when only the first k are left, mean over k; less is better. See above."""
    return np.abs(np.asarray(alone, np.float64) - whole).mean(0)


def rank_correlation(one, other, real):
    """Kendall's tau-b [n] of two orders of each item's reviews; NaN where either ties throughout.

    Args:
      one, other: [n, R] scores, such as attention and the stars that a review's absence costs.
      real: [n, R] bool.
    """
    found = np.full(len(real), np.nan)
    for row, there in enumerate(real):
        mine, theirs = one[row][there], other[row][there]
        if len(mine) > 1 and np.ptp(mine) > 0 and np.ptp(theirs) > 0:
            with np.errstate(all="ignore"):  # of p, which is not asked for
                found[row] = stats.kendalltau(mine, theirs, method="asymptotic")[0]
    return found
