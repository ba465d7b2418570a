"""Splits the ratings into training, validation and test: 80 / 10 / 10 of the ratings, users or items, or the last of
each user.
"""
from typing import NamedTuple

import numpy as np

from runtime.cli import UserError

PROTOCOLS = ("random", "time", "last", "users", "items")
BY_TIME, BY_SEED = ("time", "last"), ("random", "users", "items")  # what decides which ratings are held out
LEAST = 3  # ratings of a user whose last two are held out by the protocol 'last'


class LastCounts(NamedTuple):
    """How the protocol 'last' treats the users."""
    held: int  # users with one validation and one test rating
    whole: int  # users with fewer than LEAST ratings, all of them in training
    tied: int  # users of `held` for whom the order of the file decides, not the time


def split(count, protocol="random", seed=2017, times=None, where="the corpus", users=None, items=None):
    """Row numbers of the three splits.

    Args:
      count: number of rows `n`.
      protocol: 'random' cuts a permutation of `numpy.random.RandomState(seed)` at int(.8 n) and int(.9 n) (the
        published split of Toys & Games has one row more in training and one fewer in test); 'time' makes the same
        cuts in the rows sorted by time, so that the latest ratings are the test; 'last' is leave-one-out of each user
        by time: the last rating is a test row, the one before a validation row, all others are training rows, as are
        those of users with fewer than LEAST ratings (Chin et al., "The datasets dilemma", WSDM 2022); 'users' and
        'items' make the cuts in a permutation of the users or items, with all ratings of each, so that those of the
        test have no training rating.
      seed: seed of the permutation.
      times: [n] seconds, for 'time' and 'last'; rows of the same time keep the order of the file.
      where: name of the data for an error message, such as the file.
      users, items: [n] int from 0 on without gaps: `users` for 'last' and 'users', `items` for 'items'.

    Returns:
      (train, validation, test): arrays of rows.

    Raises:
      UserError: too few rows, users or items for three parts.
    """
    if protocol == "last":
        return _last(np.asarray(times), np.asarray(users), where)
    if protocol in ("users", "items"):
        return _cold(np.asarray({"users": users, "items": items}[protocol]), seed, protocol, where)
    if protocol == "random":
        order = np.random.RandomState(seed).permutation(count)
    else:
        order = np.argsort(np.asarray(times), kind="stable")
    return _cut(order, "reviews", where)


def _cut(order, kind, where):
    """The three parts of an order of reviews, users or items. Raises UserError if one would be empty."""
    count = len(order)
    parts = tuple(np.split(order, [int(.8 * count), int(.9 * count)]))
    if not all(len(part) for part in parts):
        raise UserError(f"{where}: {count} {kind} are too few: a split of 80/10/10 leaves "
                        f"{' / '.join(str(len(part)) for part in parts)}; give 10 or more")
    return parts


def _cold(owners, seed, kind, where):
    """The splits by users or items `owners` [n], each in the order of the file."""
    count = int(owners.max()) + 1
    return tuple(np.flatnonzero(np.isin(owners, part))
                 for part in _cut(np.random.RandomState(seed).permutation(count), kind, where))


def _last(times, users, where):
    """The splits of the protocol 'last', each in the order of the file."""
    order, left, ratings = _by_user(times, users)
    held = ratings >= LEAST
    if not held.any():
        raise UserError(f"{where}: no user has {LEAST} reviews or more, so that the last one can be left out; "
                        "use --split random")
    is_test, is_validation = held & (left == 0), held & (left == 1)
    return tuple(np.sort(order[rows]) for rows in (~(is_test | is_validation), is_validation, is_test))


def last_counts(times, users):
    """The LastCounts of the protocol 'last' for ratings of `users` [n] int at `times` [n]."""
    times, users = np.asarray(times), np.asarray(users)
    order, left, ratings = _by_user(times, users)
    same = np.append(times[order][1:] == times[order][:-1], False)  # as the next rating of the user
    tied = same & (ratings >= LEAST) & ((left == 1) | (left == 2))
    whole = np.unique(users[order[ratings < LEAST]])
    return LastCounts(int(((left == 0) & (ratings >= LEAST)).sum()), len(whole), len(np.unique(users[order[tied]])))


def _by_user(times, users):
    """(rows [n] by user, then by time, then as in the file; ratings of the same user after each; all of the user's)."""
    order = np.lexsort((np.arange(len(users)), times, users))
    ordered = users[order]
    end = np.searchsorted(ordered, ordered, "right")
    return order, end - 1 - np.arange(len(ordered)), end - np.searchsorted(ordered, ordered, "left")
