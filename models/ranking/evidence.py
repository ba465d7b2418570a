"""Evidence: how strongly the reviews of an item speak to a user, and for the item, by the personal scores of attention.

    E_ui = (1/tau) (ln sum_{l of item i} exp(tau s_ul) - ln m_i)
    V_ui = sum_l a_ul r_l / (prior + sum_l a_ul),    a_ul = exp(tau (s_ul - floor))

E is a mean of the scores s of the item's m_i reviews: the arithmetic mean for tau -> 0, the maximum for large tau. Its
gradient with respect to the score of a review is the review's share, softmax_l(tau s): the review that is shown first
is the one that moves the item most. V, the verdict, is the mean of the stars r_l that the reviews give above the mean
of all, weighted by the same shares, and smaller where few reviews speak to the user: `prior` counts reviews of a
typical score, `floor`. E tells whether the reviews are about what the user writes about, and V whether they say good
things about it.

Shapes: `m` users, `I` items, `n` reviews, stored by item; `owner` [n] is the item of each review, rising.
"""
from typing import NamedTuple

import numpy as np

LARGEST_POWER = 80.  # of exp in float32
BLOCK = 2 ** 24  # scores of which the weights are in memory at a time


class Told(NamedTuple):
    """What the reviews of each item tell each user."""
    evidence: np.ndarray  # E [m, I]
    verdict: np.ndarray  # V [m, I] stars; 0 for an item without reviews


def told(scores, owner, items, tau, floor, stars, prior):
    """Returns Told.

    Args:
      scores: [m, n] personal scores s.
      owner: [n] int.
      items: I.
      tau: sharpness, 0 or more; 0: the mean of the scores, and of the stars.
      floor: E of an item without reviews, and a typical score.
      stars: r [n].
      prior: 0 or more.
    """
    count = np.bincount(owner, minlength=items)
    has_reviews = np.flatnonzero(count)
    result = Told(*np.zeros((2, len(scores), items), np.float32))
    result.evidence[:] = floor
    if not len(has_reviews):
        return result
    count, first = count[has_reviews], np.searchsorted(owner, has_reviews)  # position of the first review of each item
    column, users = np.repeat(np.arange(len(has_reviews)), count), max(1, BLOCK // len(owner))  # [n]
    for start in range(0, len(scores), users):
        some, rows = scores[start:start + users], slice(start, start + users)
        highest = np.maximum.reduceat(some, first, 1)  # [users, items with reviews]
        weight = np.exp(tau * (some - highest[:, column]))  # [users, n]
        total = np.add.reduceat(weight, first, 1)
        result.evidence[rows, has_reviews] = (np.add.reduceat(some, first, 1) / count if tau == 0 else
                                              highest + np.log(total / count) / tau)
        result.verdict[rows, has_reviews] = (np.add.reduceat(weight * stars, first, 1)
                                             / (total + typical(tau, floor, prior, highest)))
    return result


def typical(tau, floor, prior, highest):
    """Returns `prior` reviews of the score `floor` as parts of the largest weight: prior exp(tau (floor - highest)).

    A power above LARGEST_POWER counts as that one: the verdict is 0 to all digits of float32.

    Args:
      tau, floor, prior: as in `told`.
      highest: the score of the largest weight, an array of any shape.
    """
    if not prior:
        return 0.
    return np.exp(np.minimum(np.log(prior) + tau * (floor - highest), LARGEST_POWER))


def spoken(scores, owner, items, order, stars):
    """Returns E + order.stars V [m, I], of an Order.

    Args:
      scores, owner, items, stars: as in `told`.
    """
    parts = told(scores, owner, items, order.tau, order.floor, stars, order.prior)
    return parts.evidence + order.stars * parts.verdict
