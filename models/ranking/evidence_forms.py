"""The forms of the evidence among which validation items choose: how sharp it is, and what is added to it.

A form is E + w_V V + w_A A, with the verdict V of `evidence.py` and the praise A of `praise.py`. The weights are
relative to the spread of E over users, so that they mean the same in each corpus.

Shapes: `m` users, `I` items, `n` reviews by item.
"""
import itertools
from typing import NamedTuple

import numpy as np

from models.ranking import evidence, weights

# (sharpness, weight of the verdict, weight of the praise), see `EvidenceForms.form`
FORMS = ((0., 0., 0.),) + tuple(itertools.product((.5, 1., 2.), (0., .5, 1.), (0.,)))
PRAISED = tuple((sharpness, verdict, praise) for sharpness, verdict, _ in FORMS for praise in (.5, 1.))
PRIOR = .3  # of the verdict, as a part of the median of sum_l a_ul
LEAST_SPREAD = 1e-5  # of the praise over users, as a part of its largest value
CHUNK = 128  # users whose reviews are scored at a time


class Form(NamedTuple):
    """The evidence of the reviews in one form."""
    tau: float
    stars: float  # w_V
    praise: float  # w_A
    floor: float  # the mean of E over items with reviews
    prior: float
    part: weights.Part  # of the users; None where there is no evidence


SILENT = Form(0., 0., 0., 0., 0., None)


class EvidenceForms:
    """The personal scores and the praise of users [m], and the evidence that they give.

    Args:
      personal: function users -> personal scores [.., n].
      owner: [n] int items of the reviews, rising.
      given: [n] stars of the reviews.
      users: [m] int.
      praise: A [m, I] of these users; zeros where there is none.
    """

    def __init__(self, personal, owner, given, users, praise):
        self._chunks = [personal(users[start:start + CHUNK]) for start in range(0, len(users), CHUNK)]
        self._spread = float(np.mean([chunk.std(1).mean() for chunk in self._chunks])) or 1.
        self._owner, self._given, self._count = owner, given, np.bincount(owner, minlength=praise.shape[1])
        self._praise, self._spread_of_praise = praise, float((praise - praise.mean(0)).std(1).mean())
        if self._spread_of_praise <= LEAST_SPREAD * np.abs(praise).max(initial=0.):
            self._spread_of_praise = np.inf  # all users have the same: a difference is rounding, and has the weight 0

    def form(self, sharpness, verdict, praise):
        """Returns the Form with tau = sharpness / spread of the scores.

        With tau 0, the verdict would be the stars of the item, the same for all users.

        Args:
          sharpness: 0 or more.
          verdict, praise: weights of V and A beside E, each divided by its spread over users; 0 or more.
        """
        tau = float(sharpness / self._spread)
        rated = np.flatnonzero(self._count)
        speaking = self.told(tau, 0., 0.).evidence[:, rated]
        floor = float(speaking.mean())
        typical = np.exp(np.minimum(tau * (speaking - floor), evidence.LARGEST_POWER))
        prior = PRIOR * float(np.median(self._count[rated] * typical))
        told = self.told(tau, floor, prior)
        spread = personal_spread(told.evidence)
        of_verdict = float(verdict * spread / personal_spread(told.verdict))
        of_praise = float(praise * spread / self._spread_of_praise)
        values = told.evidence + of_verdict * told.verdict
        if of_praise:
            values += of_praise * self._praise
        return Form(tau, of_verdict, of_praise, floor, prior if of_verdict else 0.,
                    weights.Part(values, values.mean(0)))

    def parts(self, settings):
        """Yields the Part of each of the settings, arguments of `form`."""
        return (self.form(*setting).part for setting in settings)

    def told(self, tau, floor, prior):
        """Returns the evidence.Told of all users."""
        told = (evidence.told(chunk, self._owner, len(self._count), tau, floor, self._given, prior)
                for chunk in self._chunks)
        return evidence.Told(*map(np.concatenate, zip(*told)))


def personal_spread(values):
    """Returns the spread of values [m, I] less the mean of each item; 1 where all users have the same."""
    return weights.Part(values, values.mean(0)).spread
