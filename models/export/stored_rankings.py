"""Rankings made once, at export: the first items of every known user, kept beside the catalogue.

A served model never changes, so neither does what it answers a known user. What is stored is its own answer;
where a question reaches beyond it the whole catalogue is weighed, as without it.
"""
from typing import NamedTuple

import numpy as np
from tqdm import tqdm

from runtime.tf1 import tf
from serving import signatures as wire

USERS = 16  # at a time: a map over them runs on all cores


class Stored(NamedTuple):
    """Of `U` users the first `N` items, best first."""
    count: np.ndarray  # [] int32 N; 0 as long as nothing is stored
    item: np.ndarray  # [U, N] int32
    rating: np.ndarray  # [U, N] stars


def empty(users, count):
    """The Stored, as arrays, that `fill` fills."""
    return Stored(np.int32(0), np.zeros((users, count), np.int32), np.zeros((users, count), np.float32))


def fill(session, stored, inputs, outputs):
    """Fills a Stored of variables with the answers of the signature `rank`, whose inputs and outputs these are."""
    users, count = stored.item.shape.as_list()
    if not count:
        return
    found = empty(users, count)._replace(count=np.int32(count))
    with tqdm(total=users, desc="rankings", unit="user", leave=False) as bar:
        for first in range(0, users, USERS):
            some = np.arange(first, min(first + USERS, users), dtype=np.int32)
            found.item[some], found.rating[some] = session.run(
                (outputs[wire.ITEM], outputs[wire.RATING]), {inputs[wire.USER]: some, inputs[wire.TOP_K]: count})
            bar.update(len(some))
    for variable, array in zip(stored, found):
        variable.load(array, session)


def suffices(stored, top, barred):
    """Whether enough is stored for the `top` items that are none of `barred` [m], whichever these are."""
    return top + tf.size(barred) <= stored.count


def best(stored, user, top, barred):
    """(item [top], rating [top]) of a user; what is stored must suffice."""
    item, rating = stored.item[user], stored.rating[user]
    left = ~tf.reduce_any(tf.equal(item[:, tf.newaxis], barred), 1)  # [N]
    return tf.boolean_mask(item, left)[:top], tf.boolean_mask(rating, left)[:top]
