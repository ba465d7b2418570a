"""The evidence of items near the scores of a typical user: its value and its slopes, from which it follows for others.

E + w_V V of `evidence.py` is a smooth function of the scores s of the item's reviews, and each score is an inner
product of the review with the user. To first order around typical scores z

    E(s) + w_V V(s) = E(z) + w_V V(z) + sum_l g_l (s_l - z_l)
    g_l = share_l + w_V tau a_l (r_l - V) / (prior + sum_l a_l),    share = softmax_l(tau z)

is again an inner product of the user with one vector of the item. For tau = 0 it is exact. The praise of `praise.py`
does not depend on the scores, and is added exactly.

Shapes: `I` items, `n` reviews by item.
"""
from typing import NamedTuple

import numpy as np

from models.ranking import evidence


class Slopes(NamedTuple):
    """E + w_V V near typical scores z [n]."""
    value: np.ndarray  # [I] at z; the floor for an item without reviews
    slope: np.ndarray  # [n] g


def at(scores, owner, items, order, stars):
    """Returns the Slopes at scores [n].

    Args:
      scores: [n] z.
      owner: [n] int items of the reviews, rising.
      items: `I`.
      order: anything with the fields tau, floor, stars and prior of an Order.
      stars: r [n].
    """
    value = evidence.spoken(scores[np.newaxis].astype(np.float32), owner, items, order, stars)[0]
    count = np.bincount(owner, minlength=items)
    if not order.tau:
        return Slopes(value, (1 / count[owner]).astype(np.float32))

    def summed(values):
        return np.bincount(owner, values, items)[owner]

    highest = np.full(items, -np.inf)
    np.maximum.at(highest, owner, scores)
    highest = highest[owner]
    weight = np.exp(order.tau * (scores - highest))
    total = summed(weight)
    everything = np.maximum(total + evidence.typical(order.tau, order.floor, order.prior, highest), 1e-30)
    verdict = summed(weight * stars) / everything
    slope = weight / total + order.stars * order.tau * weight * (stars - verdict) / everything
    return Slopes(value, slope.astype(np.float32))
