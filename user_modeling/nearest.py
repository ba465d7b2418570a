"""The users nearest to each user, by the cosine of their vectors."""
from typing import NamedTuple

import numpy as np

ROWS = 256  # users whose cosines to all others are in memory at a time


class Nearest(NamedTuple):
    """The `k` nearest other users of each of `U` users, the nearest first; of equally near ones the lower number."""
    user: np.ndarray  # [U, k] numbers
    cosine: np.ndarray  # [U, k]


def cosines(vectors):
    """Yields (first row, cosines [rows, U]) of unit vectors [U, D]; a user's cosine with itself is -inf."""
    for first in range(0, len(vectors), ROWS):
        block = vectors[first:first + ROWS] @ vectors.T
        rows = np.arange(len(block))
        block[rows, first + rows] = -np.inf
        yield first, block


def nearest_users(vectors, count):
    """Returns the Nearest of unit vectors [U, D]: `count` other users, or all where there are fewer."""
    users = len(vectors)
    count = max(0, min(count, users - 1))
    found = Nearest(np.zeros((users, count), int), np.zeros((users, count), np.float32))
    for first, block in cosines(vectors) if count else ():
        near = np.argpartition(-block, count - 1, axis=1)[:, :count]
        near = np.take_along_axis(near, np.lexsort((near, -np.take_along_axis(block, near, axis=1)), axis=1), axis=1)
        rows = slice(first, first + len(block))
        found.user[rows], found.cosine[rows] = near, np.take_along_axis(block, near, axis=1)
    return found
