"""Evidence: how strongly the reviews of an item speak to a user, from the personal scores of the attention.

    E_ui = (1/tau) (ln sum_{l of item i} exp(tau s_ul) - ln n_i)

is a mean of the scores s of the item's n_i reviews: the arithmetic mean for tau -> 0, the maximum for large tau. Its
gradient with respect to the score of a review is the review's share, softmax_l(tau s): the review that is shown first
is the one that moves the item most.

Shapes: `m` users, `I` items, `n` reviews, stored by item; `owner` [n] is the item of each review, rising.
"""
import numpy as np


def evidence(scores, owner, items, tau, floor):
    """Returns E [m, I].

    Args:
      scores: [m, n] personal scores s.
      owner: [n] int.
      items: I.
      tau: sharpness, 0 or more; 0: the mean of the scores.
      floor: E of an item without reviews.
    """
    count = np.bincount(owner, minlength=items)
    has_reviews = np.flatnonzero(count)
    result = np.full((len(scores), items), floor, np.float32)
    if not len(has_reviews):
        return result
    first = np.searchsorted(owner, has_reviews)  # position of the first review of each item
    if tau == 0:
        result[:, has_reviews] = np.add.reduceat(scores, first, 1) / count[has_reviews]
        return result
    highest = np.maximum.reduceat(scores, first, 1)  # [m, items with reviews]
    column = np.repeat(np.arange(len(has_reviews)), count[has_reviews])  # [n]
    total = np.add.reduceat(np.exp(tau * (scores - highest[:, column])), first, 1)
    result[:, has_reviews] = highest + np.log(total / count[has_reviews]) / tau
    return result


def shares(scores, tau):
    """Returns the share [R] of each review of one item in its evidence: softmax(tau s) of scores [R]."""
    weights = np.exp(tau * (scores - scores.max())) if len(scores) else np.zeros(0)
    return weights / max(weights.sum(), 1e-12)
