"""Plants the numbers of the sample corpus: who reviewed what, when, with how many stars, and why.

Letters in shapes: `U` users, `I` items, `N` reviews, `A` aspects, `C` aspects a user cares about.
"""
from typing import NamedTuple

import numpy as np

CORE = 5  # every user and every item has at least as many reviews
DAYS = 3 * 365

_MEAN, _USER, _ITEM, _ASPECTS, _MOOD = 3.9, 0.3, 0.3, 0.65, 0.45  # of a rating, in stars


class Shop(NamedTuple):
    """A planted shop; arrays.

    Attributes:
      user, item: int [N], a pair only once.
      rating: int [N], stars 1..5.
      mood: float [N], N(0,1), the noise of the rating: an author's luck or temper that day.
      day: int [N], 0..DAYS-1.
      cares: int [U, C], the aspects each user cares about, ascending.
      quality: float [I, A], about N(0,1).
    """
    user: np.ndarray
    item: np.ndarray
    rating: np.ndarray
    mood: np.ndarray
    day: np.ndarray
    cares: np.ndarray
    quality: np.ndarray


def plant(random, users, items, reviews, aspects, cares):
    """Plants a shop. Its pairs are in random order.

    Args:
      random: `numpy.random.RandomState`.
      users, items, reviews, aspects, cares: U, I, N, A, C;
        CORE <= U, I and CORE * max(U, I) <= N <= U * I and 1 <= C <= A.
    """
    user, item = _pairs(random, users, items, reviews)
    cared = np.sort(np.argsort(random.random_sample((users, aspects)), axis=1)[:, :cares], axis=1)
    quality = random.normal(size=(items, aspects))
    mood = random.normal(size=reviews)
    stars = (_MEAN
             + _USER * random.normal(size=users)[user]
             + _ITEM * random.normal(size=items)[item]
             + _ASPECTS * quality[item[:, None], cared[user]].sum(axis=1) / np.sqrt(cares)
             + _MOOD * mood)
    rating = np.clip(np.rint(stars), 1, 5).astype(int)
    return Shop(user, item, rating, mood, random.randint(DAYS, size=reviews), cared, quality)


def _pairs(random, users, items, reviews):
    """Draws distinct pairs: CORE for each user and item, the rest by popularity and activity."""
    taken = _core(random, users, items)
    liking = _log_popularity(random, users)[:, None] + _log_popularity(random, items)
    liking += random.gumbel(size=(users, items))  # so the highest are a weighted draw of pairs
    liking[taken] = np.inf
    pair = np.sort(np.argpartition(-liking, reviews - 1, axis=None)[:reviews])
    return np.divmod(random.permutation(pair), items)


def _core(random, users, items):
    """Draws bool [U, I] with at least CORE in every row and column, and as few as can be."""
    if users < items:
        return _core(random, items, users).T
    taken = np.zeros((users, items), dtype=bool)
    rows, columns = random.permutation(users), random.permutation(items)
    for start in range(0, users, items):  # each lap over the columns gives every column the same
        lap = rows[start:start + items]
        for offset in random.permutation(items)[:CORE]:
            taken[lap, columns[(np.arange(len(lap)) + offset) % items]] = True
    return taken


def _log_popularity(random, count):
    """Logarithms of gently skewed weights [count], Zipf-like, in random order."""
    return -0.8 * np.log(1 + count / 40 + random.permutation(count))
