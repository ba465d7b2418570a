"""Lets the purchases of the sample corpus follow the taste of the users, and finds the popularity that is behind them.

The odds that user u bought item i are

    activity_u * popularity_i * exp(taste * appeal_ui),    appeal_ui = sum of i's quality in u's aspects / sqrt(C)

given the number of reviews of each user and of each item. Letters in shapes: see `shop.py`.
"""
import numpy as np

TASTE, MAX_TASTE = 1.0, 3  # default and largest; beyond it, SWEEPS would not be enough
SWEEPS = 200  # the mean appeal of the pairs is level after about 30 sweeps with taste 1, and 200 with taste 3
_FITS, _PRECISION = 100, 1e-6  # at most so many steps; a step changes a log popularity by no more than this at the end


def appeal(quality, cared):
    """How well each item suits each user's taste, [U, I]: about N(0,1) over all users and items.

    Args:
      quality: float [I, A].
      cared: int [U, C], the aspects each user cares about.
    """
    return sum(quality.T[aspect] for aspect in cared.T) / np.sqrt(cared.shape[1])


def follow(random, user, item, appeal_of, taste):
    """Swaps items between pairs until the pairs follow taste; each user and item keeps its number of pairs.

    A Metropolis chain. In its limit, each set of distinct pairs with these numbers has a probability proportional to
    exp(taste * sum of the appeal of its pairs). A sweep splits the pairs into couples at random and proposes for each
    couple (u, i), (v, j) the swap to (u, j), (v, i). A swap is rejected where one of its new pairs exists.

    Args:
      random: `numpy.random.RandomState`.
      user, item: int [N] of distinct pairs.
      appeal_of: float [U, I].
      taste: weight of the appeal, 0 .. MAX_TASTE.

    Returns:
      int [N], the items of the users `user`.
    """
    item, items, half = item.copy(), appeal_of.shape[1], len(user) // 2
    there = np.zeros(appeal_of.size, bool)
    there[user * items + item] = True
    taken = bytearray(there.tobytes())
    for _ in range(SWEEPS):
        rows = random.permutation(len(user))[:2 * half].reshape(2, half)
        old, new = (appeal_of[user[rows], item[other]].sum(axis=0) for other in (rows, rows[::-1]))
        rows = rows[:, np.log(random.random_sample(half)) < taste * (new - old)]
        pairs, swapped = (user[rows] * items + item[other] for other in (rows, rows[::-1]))
        rows = rows[:, _swap(taken, pairs, swapped)]
        item[rows] = item[rows[::-1]]
    return item


def _swap(taken, pairs, swapped):
    """Replaces couples of pairs one after the other, unless a new pair is taken at that moment.

    Args:
      taken: bytearray [U * I], 1 for the pairs that exist; it is changed.
      pairs: int [2, n], the couples.
      swapped: int [2, n], the pairs that would replace them.

    Returns:
      int list, the couples that were replaced.
    """
    replaced = []
    for couple, (first, second, new_first, new_second) in enumerate(zip(*pairs.tolist(), *swapped.tolist())):
        if not (taken[new_first] or taken[new_second]):
            taken[first] = taken[second] = 0
            taken[new_first] = taken[new_second] = 1
            replaced.append(couple)
    return replaced


def log_popularity(user, item, appeal_of, taste):
    """Log popularity of each item, [I], of mean 0: with it, the odds give each user and item its number of pairs.

    It is not the logarithm of the number of reviews. Where the number is given, an item that is good in every aspect
    owes a part of it to its quality, and that part must not be counted twice.

    The numbers of pairs that the odds lead to are scaled to the true ones, for users and items in turn, as in
    iterative proportional fitting (Deming and Stephan, 1940).

    Args:
      user, item: int [N] of distinct pairs.
      appeal_of: float [U, I].
      taste: weight of the appeal.
    """
    lure = np.exp(taste * appeal_of)
    numbers = [np.bincount(each, minlength=count).astype(float) for each, count in zip((user, item), lure.shape)]
    activity, popularity = (number / np.sqrt(len(user)) for number in numbers)
    for _ in range(_FITS):
        activity *= numbers[0] / _probability(activity, popularity, lure).sum(axis=1)
        factor = numbers[1] / _probability(activity, popularity, lure).sum(axis=0)
        popularity *= factor
        if np.abs(np.log(factor)).max() < _PRECISION:
            break
    logarithm = np.log(popularity)
    return logarithm - logarithm.mean()


def _probability(activity, popularity, lure):
    """Probability of each pair, [U, I], from its odds."""
    odds = activity[:, None] * popularity
    odds *= lure
    odds /= 1 + odds
    return odds
