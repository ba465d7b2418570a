"""The order of items as it is served: y of the whole catalogue for one user, of `models/ranking/blend.py`.

Evidence is summed over the reviews of each item, which are stored side by side; the purchases are rows of the matrix B.
"""
from typing import NamedTuple

import numpy as np

from models.ranking import blend
from runtime.tf1 import tf


class ServedOrder(NamedTuple):
    """Shapes: `I` items, `T` entries of the matrix B."""
    evidence: np.ndarray  # [] w_E; 0: no evidence is used
    tau: np.ndarray  # [] sharpness; 0: the mean of the scores
    floor: np.ndarray  # [] E of an item without reviews
    start: np.ndarray  # [I+1] int32, the purchase of item j adds to item[start[j]:start[j+1]]
    item: np.ndarray  # [T] int32
    weight: np.ndarray  # [T] w_C B_ji
    popularity: np.ndarray  # [I] w_P ln(1 + n_i)
    centre: np.ndarray  # [I] what is subtracted from E


def of_run(order, artefact):
    """Returns the ServedOrder of an Order, as arrays."""
    matrix, number = order.matrix, np.float32
    return ServedOrder(number(order.evidence), number(order.tau), number(order.floor), matrix.indptr.astype(np.int32),
                       matrix.indices.astype(np.int32), matrix.data.astype(number),
                       (order.popularity * blend.popularity(artefact)).astype(number), order.centre)


def score(order, personal, owner, bought):
    """Returns y [I] of the catalogue for one user.

    Args:
      order: ServedOrder of tensors.
      personal: [n] personal scores of the items' reviews.
      owner: [n] int32 items of the reviews, rising.
      bought: [b] int32 items, each once.
    """
    items = tf.size(order.popularity)
    entry = tf.ragged.range(tf.gather(order.start, bought), tf.gather(order.start, bought + 1)).values  # [t]
    purchases = tf.raw_ops.Bincount(arr=tf.gather(order.item, entry), size=items,
                                    weights=tf.gather(order.weight, entry))
    speaking = evidence(order, personal, owner, items) - order.centre
    return order.evidence * speaking + purchases + order.popularity


def evidence(order, personal, owner, items):
    """Returns E [I] of the scores [n] of reviews, whose items are `owner` [n]; the floor where there is no review."""
    def per_item(reduced):  # segments end at the last item with reviews
        return tf.pad(reduced, [[0, items - tf.size(reduced)]])

    count = per_item(tf.math.segment_sum(tf.ones_like(personal), owner))

    def mean():
        return per_item(tf.math.segment_sum(personal, owner)) / tf.maximum(count, 1.)

    def sharp():
        highest = per_item(tf.math.segment_max(personal, owner))
        total = per_item(tf.math.segment_sum(tf.exp(order.tau * (personal - tf.gather(highest, owner))), owner))
        return highest + tf.math.log(tf.maximum(total, 1e-30) / tf.maximum(count, 1.)) / order.tau

    return tf.where(count > 0, tf.cond(order.tau > 0, sharp, mean), tf.fill([items], order.floor))
