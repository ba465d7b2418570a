"""Draws the numbers of the sample corpus: users, items, stars and days of the reviews, and the aspects behind them.

Letters in shapes: `U` users, `I` items, `N` reviews, `A` aspects, `C` aspects a user cares about.
"""
from typing import NamedTuple

import numpy as np

from preprocessing.sample import taste as tastes
from preprocessing.sample.hard import NONE

CORE = 5  # least number of reviews of a user and of an item
DAYS = 3 * 365

# Mean of a rating, and standard deviations of its parts, in stars.
_MEAN, _USER, _ITEM, _ASPECTS, _MOOD = 3.9, 0.3, 0.3, 0.65, 0.45


class Shop(NamedTuple):
    """The planted truth of a shop, as arrays.

    Attributes:
      user, item: int [N]; no pair occurs twice.
      rating: int [N], stars 1..5.
      mood: float [N], N(0,1), the noise of the rating: the author's mood on that day.
      day: int [N], 0..DAYS-1.
      cares: int [U, C], the aspects each user may care about, ascending.
      weights: float [U, A], how much each user cares about each aspect; of length 1 for each user.
      quality: float [I, A], about N(0,1).
      log_popularity: float [I], of the purchases beside taste; see `taste.py`.
    """
    user: np.ndarray
    item: np.ndarray
    rating: np.ndarray
    mood: np.ndarray
    day: np.ndarray
    cares: np.ndarray
    weights: np.ndarray
    quality: np.ndarray
    log_popularity: np.ndarray


def plant(random, swaps, users, items, reviews, aspects, cares, taste, difficulties=NONE, types=None):
    """Draws a `Shop`. Its pairs of user and item are in random order.

    Args:
      random: `numpy.random.RandomState`.
      swaps: another one, for the swaps that let the pairs follow taste; all that `random` draws is the same for
        every taste.
      users, items, reviews, aspects, cares: U, I, N, A, C;
        CORE <= U, I and CORE * max(U, I) <= N <= U * I and 1 <= C <= A.
      taste: weight of taste in the choice of pairs, 0 .. MAX_TASTE.
      difficulties: `hard.Difficulties`.
      types: int [I], the type of product of each item; needed where qualities are correlated.
    """
    user, item = _pairs(random, users, items, reviews, difficulties)
    cared = np.sort(np.argsort(random.random_sample((users, aspects)), axis=1)[:, :cares], axis=1)
    quality = random.normal(size=(items, aspects))
    quality = difficulties.quality(quality, types)
    weights = difficulties.weights(cared, aspects)
    appeal = difficulties.appeal(quality, cared, weights)
    if taste:
        item = tastes.follow(swaps, user, item, appeal, taste)
    mood = random.normal(size=reviews)
    stars = (_MEAN
             + _USER * random.normal(size=users)[user]
             + _ITEM * random.normal(size=items)[item]
             + _ASPECTS * appeal[user, item]
             + _MOOD * mood)
    rating = np.clip(np.rint(stars), 1, 5).astype(int)
    day = random.randint(DAYS, size=reviews)
    return Shop(user, item, rating, mood, day, cared, weights, quality,
                tastes.log_popularity(user, item, appeal, taste))


def _pairs(random, users, items, reviews, difficulties):
    """(user [N], item [N]) of distinct pairs: CORE for each user and item, the rest by popularity and activity."""
    taken = _core(random, users, items)
    activity, popularity = _log_popularity(random, users), _log_popularity(random, items)
    law = difficulties.log_popularity(items)
    score = activity[:, None] + (popularity if law is None else law)
    score += random.gumbel(size=(users, items))  # Gumbel noise: the highest scores are a weighted draw of pairs
    score[taken] = np.inf
    pair = np.sort(np.argpartition(-score, reviews - 1, axis=None)[:reviews])
    return np.divmod(random.permutation(pair), items)


def _core(random, users, items):
    """Draws bool [U, I] with at least CORE true values in every row and column, and no more than necessary."""
    if users < items:
        return _core(random, items, users).T
    taken = np.zeros((users, items), dtype=bool)
    rows, columns = random.permutation(users), random.permutation(items)
    for start in range(0, users, items):  # one pass over the columns adds the same count to each
        block = rows[start:start + items]
        for offset in random.permutation(items)[:CORE]:
            taken[block, columns[(np.arange(len(block)) + offset) % items]] = True
    return taken


def _log_popularity(random, count):
    """Logarithms of gently skewed weights [count], Zipf-like, in random order."""
    return -0.8 * np.log(1 + count / 40 + random.permutation(count))
