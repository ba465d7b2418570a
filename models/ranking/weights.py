"""The weights of the parts of the order, chosen by nDCG of validation items in the whole catalogue.

Few users have validation items, so the choice of the best setting varies. Therefore the result is a mean over samples
of the users (Breiman, "Bagging predictors", Machine Learning 1996).

Shapes: `m` users, `I` items.
"""
import itertools
from typing import NamedTuple

import numpy as np

from metrics import ranking

GRID = (0., .1, .2, .4, .7, 1., 1.5, 2.5, 4.)  # weights of a part, where that of the first part is 1
SAMPLES = 100  # of the users


class Choice(NamedTuple):
    """Weights whose sum is 1."""
    parts: np.ndarray  # [P]
    forms: np.ndarray  # [F], of each form of the evidence
    alone: np.ndarray  # [F] the same where the evidence alone orders the items; its sum is 1, and 0 without forms


class Part:
    """A part [m, I] of the order, divided by its spread: the mean over users of its standard deviation over items."""

    def __init__(self, values, centre=0.):
        self.centre = centre  # [I] or a number
        self.spread = float((values - centre).std(1).mean()) or 1.
        self.values = ((values - centre) / self.spread).astype(np.float32)


def search(parts, forms, test, seed):
    """Returns the Choice: the mean of the settings that are best for samples of the users.

    Users are drawn with replacement. A setting gives a weight to each part, and to at most one form of the evidence. A
    part or form that no sample needs has the weight 0.

    Args:
      parts: [P] of Part.
      forms: iterable of Part, the evidence in each of its forms; one is in memory at a time.
      test: HeldOut.
      seed: of the samples.
    """
    settings, form_of, count = [], [], 0
    best, alone = (BestOfSamples(len(test.users), seed) for _ in range(2))

    def measure(weights, values, form):
        settings.append(weights)
        form_of.append(form)
        total = sum(weight * value for weight, value in zip(weights, values) if weight)
        by_user = in_catalogue(total, test)
        best.add(by_user)
        if weights[-1] == 1:
            alone.add(by_user)

    values = [part.values for part in parts]
    for weights in grid(len(parts)):
        measure(np.append(weights, 0.), values, 0)
    for count, form in enumerate(forms, 1):
        for weights in grid(len(parts) + 1):
            if weights[-1]:
                measure(weights, values + [form.values], count - 1)
    chosen, form = np.array(settings)[best.setting], np.array(form_of)[best.setting]
    return Choice(chosen[:, :-1].mean(0), np.bincount(form, chosen[:, -1], count)[:count] / SAMPLES,
                  np.bincount(alone.setting, minlength=count)[:count] / SAMPLES)


class BestOfSamples:
    """For each sample of the users, the setting of the highest mean of those that were added; of equal ones the first.

    `setting` [SAMPLES] int holds their numbers, from 0 in the order in which they were added.

    Args:
      users: m.
      seed: of the samples.
    """

    def __init__(self, users, seed):
        samples = np.random.RandomState(seed).multinomial(users, np.full(users, 1 / users), SAMPLES)
        self._samples = samples.astype(float)  # [SAMPLES, m]
        self._total, self._added = np.full(SAMPLES, -np.inf), 0
        self.setting = np.zeros(SAMPLES, int)

    def add(self, by_user):
        """Adds a setting, of which `by_user` [m] is the measure."""
        total = self._samples @ by_user
        better = total > self._total
        self._total[better], self.setting[better] = total[better], self._added
        self._added += 1


def grid(count):
    """Settings [G, count] of weights, each with the sum 1: of parts from the first, each alone, and with others."""
    settings = [(0.,) * first + (1.,) + others for first in range(count)
                for others in itertools.product(GRID, repeat=count - first - 1)]
    return np.array([np.divide(setting, sum(setting)) for setting in settings])


def in_catalogue(scores, test):
    """Returns nDCG [m] in the whole catalogue, by scores [m, I]: every held-out item counts, at any place."""
    return np.nan_to_num(ndcg(scores, test, scores.shape[1]))


def ndcg(scores, test, k):
    """Returns nDCG@k [m] of the users of a HeldOut, by scores [m, I]: an equal score counts as half a place.

    Items whose score is NaN are ranked below all items that have a score.
    """
    scores = np.where(test.in_training | np.isnan(scores), -np.inf, scores)
    own, others = scores[test.row, test.item][:, np.newaxis], scores[test.row]  # [n, 1], [n, I]
    rank = 1 + (others > own).sum(1) + ((others == own).sum(1) - 1) / 2
    return ranking.ndcg(rank, test.row, len(test.users), k)
