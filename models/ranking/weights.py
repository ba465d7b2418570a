"""The weights of the parts of the order, chosen by nDCG of validation items in the whole catalogue.

Few users have validation items, so the choice of the best setting varies. Therefore the result is a mean over samples
of the users (Breiman, "Bagging predictors", Machine Learning 1996).

Shapes: `m` users, `I` items.
"""
import copy
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


def search(parts, forms, richer, test, seed):
    """Returns the Choice: the mean of the settings that are best for samples of the users.

    Users are drawn with replacement. A setting gives a weight to each part, and to at most one form of the evidence. A
    part or form that no sample needs has the weight 0. Richer forms are settings only where these lead; see
    `BestOfSamples.leads`.

    Args:
      parts: [P] of Part.
      forms, richer: iterables of Part, the evidence in each of its forms; one is in memory at a time.
      test: HeldOut.
      seed: of the samples.
    """
    search_of = _Search(len(test.users), seed)
    search_of.add_parts(parts, test)
    for form in forms:
        search_of.add_form(parts, form, test)
    wider = copy.deepcopy(search_of)
    for form in richer:
        wider.add_form(parts, form, test)
    chosen = wider if wider.best.leads(search_of.best) else search_of
    return chosen.choice(wider.forms)


class _Search:
    """Settings, and those that are best for samples of the users.

    Args:
      users: m.
      seed: of the samples.
    """

    def __init__(self, users, seed):
        self.settings, self.form_of, self.forms = [], [], 0
        self.best, self.alone = (BestOfSamples(users, seed) for _ in range(2))

    def add_parts(self, parts, test):
        """Adds all settings of the parts without evidence."""
        for weights in grid(len(parts)):
            self._measure(np.append(weights, 0.), [part.values for part in parts], 0, test)

    def add_form(self, parts, form, test):
        """Adds all settings that give a form of the evidence a weight."""
        for weights in grid(len(parts) + 1):
            if weights[-1]:
                self._measure(weights, [part.values for part in parts] + [form.values], self.forms, test)
        self.forms += 1

    def _measure(self, weights, values, form, test):
        self.settings.append(weights)
        self.form_of.append(form)
        total = sum(weight * value for weight, value in zip(weights, values) if weight)
        by_user = in_catalogue(total, test)
        self.best.add(by_user)
        if weights[-1] == 1:
            self.alone.add(by_user)

    def choice(self, forms):
        """Returns the Choice among `forms` forms, of which the last ones may not have been added."""
        chosen, form = np.array(self.settings)[self.best.setting], np.array(self.form_of)[self.best.setting]
        alone = np.bincount(self.alone.setting, minlength=forms)[:forms]
        return Choice(chosen[:, :-1].mean(0), np.bincount(form, chosen[:, -1], forms)[:forms] / SAMPLES,
                      alone / SAMPLES)


class BestOfSamples:
    """For each sample of the users, the setting of the highest mean of those that were added; of equal ones the first.

    `setting` [SAMPLES] int holds their numbers, from 0 in the order in which they were added, and `by_user`
    [SAMPLES, m] their measures.

    Args:
      users: m.
      seed: of the samples.
    """

    def __init__(self, users, seed):
        samples = np.random.RandomState(seed).multinomial(users, np.full(users, 1 / users), SAMPLES)
        self._samples = samples.astype(float)  # [SAMPLES, m]
        self._total, self._added = np.full(SAMPLES, -np.inf), 0
        self.setting, self.by_user = np.zeros(SAMPLES, int), np.zeros((SAMPLES, users))

    def add(self, by_user):
        """Adds a setting, of which `by_user` [m] is the measure."""
        total = self._samples @ by_user
        better = total > self._total
        self._total[better], self.setting[better], self.by_user[better] = total[better], self._added, by_user
        self._added += 1

    def leads(self, other):
        """Whether the settings are better than those of another, for users who did not choose them.

        A sample leaves out some third of the users (Breiman, "Out-of-bag estimation", 1996). By their measures the lead
        must be larger than its standard error over users; a larger choice alone is no reason for it. Settings that add
        nothing still lead by chance, one time in six or more often: a normal variable is above 1 with probability .16.

        Args:
          other: BestOfSamples of the same samples.
        """
        outside = self._samples == 0
        lead = ((self.by_user - other.by_user) * outside).sum(0) / np.maximum(outside.sum(0), 1)  # [m]
        return bool(lead.mean() > lead.std() / np.sqrt(len(lead)))


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
