"""Is what is shown first what other readers found helpful? By votes, where they are enough to say so."""
import numpy as np

VOTES = 5  # that a review must have
Z = 1.959964  # of the 95 % interval


def wilson(up, total, z=Z):
    """Lower bound of the share of helpful votes, `up` of `total` (Wilson, 1927); 0 where there are none."""
    up, total = np.asarray(up, np.float64), np.asarray(total, np.float64)
    count = np.maximum(total, 1)
    share = up / count
    spread = z * np.sqrt(share * (1 - share) / count + z ** 2 / (4 * count ** 2))
    bound = (share + z ** 2 / (2 * count) - spread) / (1 + z ** 2 / count)
    return np.where(total > 0, np.maximum(bound, 0), 0)


def ndcg(scores, up, total, real):
    """nDCG [n] of each item's reviews of VOTES votes or more, by score, their gain `wilson`.

    Reviews of equal scores share their places (McSherry & Najork, "Computing information retrieval performance
    measures efficiently in the presence of tied scores", 2008). NaN where fewer than two reviews have the votes,
    or none was found helpful at all.

    Args:
      scores: [n, R].
      up, total: [n, R] helpful votes, and all votes.
      real: [n, R] bool.
    """
    found, counted = np.full(len(scores), np.nan), real & (total >= VOTES)
    gains = wilson(up, total)
    for row, there in enumerate(counted):
        gain = gains[row][there]
        if len(gain) > 1 and gain.max() > 0:
            found[row] = _dcg(scores[row][there], gain) / _dcg(gain, gain)
    return found


def _dcg(scores, gain):
    """Discounted gain [n] in the order of scores [n], of what ties its expectation over orders."""
    discount = 1 / np.log2(2 + np.arange(len(scores)))
    _, group, count = np.unique(-np.asarray(scores, np.float64), return_inverse=True, return_counts=True)
    ends = np.cumsum(count)
    shared = np.add.reduceat(discount, ends - count)
    return float(np.sum(np.bincount(group, gain) / count * shared))
