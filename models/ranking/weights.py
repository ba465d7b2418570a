"""The weights of the parts of the order, chosen by nDCG@30 of validation items.

The lists that are measured have ten items. With thirty more validation items count, and the choice varies less.

Shapes: `m` users, `I` items.
"""
import itertools
from typing import NamedTuple

import numpy as np

from metrics import ranking

DEPTH = 30  # of the nDCG that chooses
WEIGHTS = (.125, .25, .5, 2., 4., 8.)  # factors of a weight that are tried; parts have equal spread
FINER = (.7, .85, 1.2, 1.4)  # factors that refine the weight found by those


class Choice(NamedTuple):
    """Weights of parts, and what they reach on the held-out items."""
    weights: dict  # {name of a part: weight}; a part that is left out has none
    by_user: np.ndarray  # [m] nDCG@30

    @property
    def ndcg(self):
        return float(np.nanmean(self.by_user))


class Part:
    """A part [m, I] of the order, divided by its spread: the mean over users of its standard deviation over items."""

    def __init__(self, values, floor=0., centre=None):
        self.floor, self.centre = floor, np.zeros(values.shape[1], np.float32) if centre is None else centre
        self.spread = float((values - self.centre).std(1).mean()) or 1.
        self.values = ((values - self.centre) / self.spread).astype(np.float32)


def search(parts, test):
    """Chooses the parts and their weights: the best of a coordinate search for every subset of parts.

    Equal subsets: the one with fewer parts. To drop every part that is not worth one standard error was tried, and lost
    the evidence on corpora of few users, where that error is large.

    Args:
      parts: {name: Part}.
      test: HeldOut.

    Returns:
      Choice.
    """
    subsets = [{name: parts[name] for name in names} for count in range(1, len(parts) + 1)
               for names in itertools.combinations(parts, count)]
    return max((coordinates(subset, test) for subset in subsets), key=lambda choice: choice.ndcg)


def is_as_good(choice, best):
    """Whether the mean difference to the best is at most two of its standard errors: not surely below 0."""
    gap = (best.by_user - choice.by_user)[np.isfinite(best.by_user)]
    return gap.mean() <= 2 * gap.std() / np.sqrt(len(gap))


def coordinates(parts, test):
    """Returns the Choice of a coordinate search from equal weights; the first weight stays 1."""
    weights = dict.fromkeys(parts, 1.)
    best = reached(parts, weights, test)
    for factors in (WEIGHTS, FINER):  # of the weight found so far
        for name in list(parts)[1:] * 2:
            for factor in factors:
                tried = reached(parts, dict(best.weights, **{name: weights[name] * factor}), test)
                if tried.ndcg > best.ndcg:
                    best = tried
            weights = best.weights
    return best


def reached(parts, weights, test):
    """Returns the Choice of given weights."""
    total = sum(weights[name] * part.values for name, part in parts.items())  # [m, I]
    return Choice(weights, ndcg(total, test, DEPTH))


def ndcg(scores, test, k):
    """Returns nDCG@k [m] of the users of a HeldOut, by scores [m, I]: an equal score counts as half a place."""
    scores = np.where(test.in_training, -np.inf, scores)
    own, others = scores[test.row, test.item][:, np.newaxis], scores[test.row]  # [n, 1], [n, I]
    rank = 1 + (others > own).sum(1) + ((others == own).sum(1) - 1) / 2
    return ranking.ndcg(rank, test.row, len(test.users), k)
