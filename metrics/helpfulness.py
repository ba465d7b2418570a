"""Whether the reviews shown first are those that other readers voted helpful, by reviews with enough votes."""
import numpy as np

VOTES = 5  # votes that a review must have to be counted
Z = 1.959964  # normal quantile of the 95 % interval


def wilson(up, total, z=Z):
    """Lower bound of the 95 % interval of the share of helpful votes, `up` of `total`; 0 where there are no votes.

    Wilson, "Probable inference, the law of succession, and statistical inference", 1927.
    """
    up, total = np.asarray(up, np.float64), np.asarray(total, np.float64)
    count = np.maximum(total, 1)
    share = up / count
    spread = z * np.sqrt(share * (1 - share) / count + z ** 2 / (4 * count ** 2))
    bound = (share + z ** 2 / (2 * count) - spread) / (1 + z ** 2 / count)
    return np.where(total > 0, np.maximum(bound, 0), 0)


def ndcg(scores, up, total, real):
    """nDCG [n] of each item's reviews with VOTES votes or more, in the order of the scores, with gain `wilson`.

    Reviews of equal scores share their positions (McSherry & Najork, "Computing information retrieval performance
    measures efficiently in the presence of tied scores", 2008). A review with more helpful votes than votes, which
    some data sets hold by mistake, is not counted. NaN where fewer than two reviews are counted, or none of them has a
    helpful vote.

    Args:
      scores: [n, R].
      up, total: [n, R] helpful votes and all votes.
      real: [n, R] bool.
    """
    values, counted = np.full(len(scores), np.nan), real & (total >= VOTES) & (up <= total)
    gains = wilson(np.minimum(up, total), total)
    for row, reviews in enumerate(counted):
        gain = gains[row][reviews]
        if len(gain) > 1 and gain.max() > 0:
            values[row] = _dcg(scores[row][reviews], gain) / _dcg(gain, gain)
    return values


def _dcg(scores, gain):
    """Discounted cumulative gain [] in the order of scores [n]; the expectation over all orders of ties."""
    discount = 1 / np.log2(2 + np.arange(len(scores)))
    _, group, count = np.unique(-np.asarray(scores, np.float64), return_inverse=True, return_counts=True)
    ends = np.cumsum(count)
    shared = np.add.reduceat(discount, ends - count)
    return float(np.sum(np.bincount(group, gain) / count * shared))
