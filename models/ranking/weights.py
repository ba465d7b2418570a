"""The weights of the parts of the order, chosen by nDCG of validation items.

Few users have validation items, so the choice of the best setting varies. Forms of a part are compared by thirty items,
among which are more of the validation items than among ten, and weights are a mean over samples of the users.

Shapes: `m` users, `I` items.
"""
import itertools
from typing import NamedTuple

import numpy as np

from metrics import ranking

DEPTH = 30  # of the nDCG that chooses the form of a part
K = 10  # of the nDCG that chooses the weights
GRID = (0., .1, .2, .4, .7, 1., 1.5, 2.5, 4.)  # weights of a part, where that of the first part is 1
SAMPLES = 100  # of the users
WEIGHTS = (.125, .25, .5, 2., 4., 8.)  # factors of a weight that are tried; parts have equal spread
FINER = (.7, .85, 1.2, 1.4)  # factors that refine the weight found by those


class Choice(NamedTuple):
    """Weights of parts, and what they reach on the held-out items."""
    weights: dict  # {name of a part: weight}; a part that is left out has none
    by_user: np.ndarray  # [m] nDCG

    @property
    def ndcg(self):
        return float(np.nanmean(self.by_user))


class Part:
    """A part [m, I] of the order, divided by its spread: the mean over users of its standard deviation over items."""

    def __init__(self, values, floor=0., centre=None):
        self.floor, self.centre = floor, np.zeros(values.shape[1], np.float32) if centre is None else centre
        self.spread = float((values - self.centre).std(1).mean()) or 1.
        self.values = ((values - self.centre) / self.spread).astype(np.float32)


def search(parts, test, seed):
    """Returns the Choice of the parts and their weights: the mean of those that are best for samples of the users.

    Users are drawn with replacement, and the weights of each sample are those of a grid with the best nDCG@10. The best
    weights for all users vary more, as few users have validation items; their mean over samples leaves out a part that
    no sample needs.

    Args:
      parts: {name: Part}.
      test: HeldOut.
      seed: of the samples.
    """
    settings = _grid(len(parts))
    by_user = [ndcg(sum(weight * part.values for weight, part in zip(setting, parts.values())), test, K)
               for setting in settings]
    users = len(test.users)
    samples = np.random.RandomState(seed).multinomial(users, np.full(users, 1 / users), SAMPLES)
    best = np.argmax(np.nan_to_num(by_user) @ samples.T, 0)  # of equal ones the first, with fewer parts
    mean = settings[best].mean(0)
    chosen = {name: float(weight) for name, weight in zip(parts, mean) if weight > 0}
    total = sum(weight * parts[name].values for name, weight in chosen.items())
    return Choice(chosen, ndcg(total, test, K))


def _grid(count):
    """Settings [G, count] of weights, each with the sum 1: of parts from the first, each alone, and with others."""
    settings = [(0.,) * first + (1.,) + others for first in range(count)
                for others in itertools.product(GRID, repeat=count - first - 1)]
    return np.array([np.divide(setting, sum(setting)) for setting in settings])


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
