"""Rankings that are computed at export: the first items of every known user, stored beside the catalogue.

A served model does not change, so its ranking for a known user does not change either. The stored items are what the
signature `rank` returns. A request that needs more items than are stored ranks the whole catalogue.
"""
from typing import NamedTuple

import numpy as np
from tqdm import tqdm

from runtime.tf1 import tf
from serving import signatures as wire

USERS = 16  # at a time; a map over them runs on all cores


class Stored(NamedTuple):
    """The first `N` items of `U` users, best first."""
    count: np.ndarray  # [] int32 N; 0: nothing is stored
    item: np.ndarray  # [U, N] int32
    rating: np.ndarray  # [U, N] stars
    score: np.ndarray  # [U, N] y


def empty(users, count):
    """Returns a Stored of zeros, as arrays, for `fill`."""
    numbers = [np.zeros((users, count), kind) for kind in (np.int32, np.float32, np.float32)]
    return Stored(np.int32(0), *numbers)


def fill(session, stored, inputs, outputs):
    """Fills a Stored of variables with the results of the signature `rank`, given by its inputs and outputs."""
    users, count = stored.item.shape.as_list()
    if not count:
        return
    rankings = empty(users, count)._replace(count=np.int32(count))
    with tqdm(total=users, desc="rankings", unit="user", leave=False, disable=None) as bar:
        for first in range(0, users, USERS):
            block = np.arange(first, min(first + USERS, users), dtype=np.int32)
            rankings.item[block], rankings.rating[block], rankings.score[block] = session.run(
                [outputs[name] for name in (wire.ITEM, wire.RATING, wire.SCORE)],
                {inputs[wire.USER]: block, inputs[wire.TOP_K]: count})
            bar.update(len(block))
    for variable, array in zip(stored, rankings):
        variable.load(array, session)


def suffices(stored, top, excluded):
    """Returns whether the stored items contain the `top` best ones that are not among any m `excluded` items [m]."""
    return top + tf.size(excluded) <= stored.count


def best(stored, user, top, excluded):
    """Returns the (item, rating, score) [top] of a user. `suffices` must be true."""
    left = ~tf.reduce_any(tf.equal(stored.item[user][:, tf.newaxis], excluded), 1)  # [N]
    return tuple(tf.boolean_mask(part[user], left)[:top] for part in (stored.item, stored.rating, stored.score))
