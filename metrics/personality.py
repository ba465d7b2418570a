"""How much the order of an item's reviews depends on who asks, beside what a second training changes.

Personality below the noise of the seed is noise.
"""
import numpy as np

from metrics.faithfulness import rank_correlation
from metrics.significance import paired_difference


def distance(one, other, real):
    """1 - Kendall's tau-b [n] of two orders: 0 the same, 1 on average by chance, 2 reversed.

    Args:
      one, other: [n, R] scores of the same items' reviews, by two shoppers or by two trainings.
      real: [n, R] bool.
    """
    return 1 - rank_correlation(one, other, real)


def between_shoppers(mine, strangers, real):
    """Mean `distance` [n] of each pair's order to those `strangers` [count, n, R] get for the same item."""
    found = np.array([distance(mine, theirs, real) for theirs in strangers])
    counted = np.isfinite(found).sum(0)
    return np.where(counted > 0, np.nansum(found, 0) / np.maximum(counted, 1), np.nan)


def verdict(shoppers, seeds, users, random):
    """Whether shoppers differ more than seeds do: their paired difference, and that in words.

    Args:
      shoppers, seeds: [n] distances of the same pairs.
      users: [n].
      random: RandomState.

    Returns:
      {"difference", "low", "high", "p", "says"}; None where no pair has both.
    """
    gap = paired_difference(shoppers, seeds, users, random)
    if gap is None:
        return None
    if gap["low"] > 0:
        says = "shoppers differ more than two trainings of one shopper: personal"
    elif gap["high"] < 0:
        says = "shoppers differ less than two trainings of one shopper: the personality is noise"
    else:
        says = "shoppers differ no more than two trainings of one shopper: it may be noise"
    return dict(gap, says=says)
