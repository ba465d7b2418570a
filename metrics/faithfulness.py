"""Faithfulness: how the predicted rating changes when the reviews shown first are removed, or only they are kept.

DeYoung et al., "ERASER: a benchmark to evaluate rationalized NLP models", ACL 2020, section 4, for a rating in
stars instead of a class probability. Shapes: `n` pairs of a user and an item, `R` reviews of the item.
"""
import numpy as np

BINS = (1, 2, 3, 5)  # numbers of reviews removed, or kept; the measures are means over them
LEAST = max(BINS) + 1  # reviews that an item must have


def top_k(k, scores, real, random):
    """Bool [n, R], true for the k real reviews of the highest scores; ties are broken at random."""
    falling = np.where(real, -np.asarray(scores, np.float64), np.inf)
    order = np.lexsort((random.rand(*falling.shape), falling), -1)[:, :k]
    chosen = np.zeros(real.shape, bool)
    np.put_along_axis(chosen, order, True, 1)
    return chosen & real


def rating_change(whole, changed):
    """Change of the rating in stars [n], absolute, mean over the k of BINS.

    It is comprehensiveness where the first k reviews are removed, and sufficiency, of which less is better, where only
    these are kept.

    Args:
      whole: [n] ratings with all reviews.
      changed: [bins, n] ratings without the first k, or with these only.
    """
    return np.abs(np.asarray(changed, np.float64) - whole).mean(0)


def rank_correlation(first, second, real):
    """Kendall's tau-b [n] of two orders of each item's reviews; NaN where one of them ties throughout.

    Kendall, "The treatment of ties in ranking problems", Biometrika 1945: the cosine of the signs of all pairwise
    differences. Written out, because scipy divides by zero in a p-value that is not used here.

    Args:
      first, second: [n, R] scores, such as attention and the change of the rating without the review.
      real: [n, R] bool.
    """
    taus = np.full(len(real), np.nan)
    for row, reviews in enumerate(real):
        left, right = _order_signs(first[row][reviews]), _order_signs(second[row][reviews])
        if left.any() and right.any():
            taus[row] = (left * right).sum() / np.sqrt((left ** 2).sum() * (right ** 2).sum())
    return taus


def _order_signs(scores):
    """Returns [r, r]: 1 where the row's score is above the column's, -1 where it is below, 0 where they tie."""
    above = scores[:, np.newaxis] > scores
    return above.astype(int) - above.T
