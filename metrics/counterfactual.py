"""Ranks of items when something that their scores are made of is left out.

Such a change explains a rank if it moves the item, as a rationale explains a prediction that changes without it
(comprehensiveness: DeYoung et al., "ERASER: a benchmark to evaluate rationalized NLP models", ACL 2020, section 4; for
rankings, by leaving out interactions of the user: Ghazimatin et al., "PRINCE: provider-side interpretability with
counterfactual explanations in recommender systems", WSDM 2020).

Equal scores share their places: the rank is 1 + the number of items above + half of the others with the same score. An
item without a score (NaN) is among the last, as in `metrics/ranking.py`.
"""
import numpy as np


def rank_at(ordered, own, moved):
    """Ranks of one item if it had other scores, and all other items theirs; the shape of `moved`.

    Args:
      ordered: [c] scores of all candidates in rising order, the item's own among them; none is NaN.
      own: the item's score.
      moved: array of other scores of the item.
    """
    moved = _nan_last(moved)
    above = len(ordered) - np.searchsorted(ordered, moved, "right") - (own > moved)
    equal = np.searchsorted(ordered, moved, "right") - np.searchsorted(ordered, moved, "left") - (own == moved)
    return 1 + above + equal / 2


def ranks_in(scores, row, item):
    """Ranks [n] of items [n] in rows [n] of scores [m, I]; items that are no candidates have the score -inf."""
    others = _nan_last(scores[row])
    own = others[np.arange(len(row)), item][:, np.newaxis]
    return 1 + (others > own).sum(1) + ((others == own).sum(1) - 1) / 2


def places_moved(before, without, largest):
    """(by the one of the largest share, by a random one): how many places an item moves, up or down.

    Args:
      before: rank of the item.
      without: [n] ranks of the item without each of the n parts.
      largest: index of the part with the largest share.

    Returns:
      Two numbers; the second is the mean over all parts, the expectation of a random one.
    """
    moved = np.abs(np.asarray(without) - before)
    return float(moved[largest]), float(moved.mean())


def _nan_last(scores):
    scores = np.asarray(scores)
    return np.where(np.isnan(scores), -np.inf, scores)
