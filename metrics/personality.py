"""How much the order of an item's reviews depends on the user, compared with how much it depends on the seed.

A difference between users that is no larger than the difference between two trainings may be noise.
"""
import numpy as np

from metrics import significance
from metrics.faithfulness import rank_correlation
from metrics.significance import paired_difference


def distance(first, second, real):
    """1 - Kendall's tau-b [n] of two orders: 0 for the same order, 1 on average for random orders, 2 for the reverse.

    Args:
      first, second: [n, R] scores of the same items' reviews, for two users or by two trainings.
      real: [n, R] bool.
    """
    return 1 - rank_correlation(first, second, real)


def between_users(scores, others, real):
    """Mean `distance` [n] of each pair's order from the orders of other users for the same item.

    Args:
      scores: [n, R] scores for the pair's own user.
      others: list of [n, R] scores for other users.
      real: [n, R] bool.
    """
    distances = np.array([distance(scores, other, real) for other in others])
    counted = np.isfinite(distances).sum(0)
    return np.where(counted > 0, np.nansum(distances, 0) / np.maximum(counted, 1), np.nan)


def sentence(gap):
    """Whether orders differ more between users than between two trainings, in words, of the paired difference."""
    sign = significance.sign(gap)
    if sign > 0:
        return "Users differ significantly more than trainings: the order depends on the user."
    if sign < 0:
        return "Users differ significantly less than trainings: the differences between users are noise."
    return "The two are not significantly different: the differences between users may be noise."


def verdict(between_users, between_seeds, users, random):
    """Whether orders differ more between users than between two trainings: the paired difference, also in words.

    Args:
      between_users, between_seeds: [n] distances of the same pairs.
      users: [n].
      random: RandomState.

    Returns:
      {"difference", "low", "high", "p", "says": the `sentence`}; None where no pair has both distances.
    """
    gap = paired_difference(between_users, between_seeds, users, random)
    if gap is None:
        return None
    return dict(gap, says=sentence(gap))
