"""Do the held-out reviews of a group's members speak of the aspects that it is named by, more than those of others?

Legend: `U` users, `K` aspects, `G` groups.
"""
from typing import NamedTuple

import numpy as np

from models.run_folder import aspect_reading
from user_modeling import corpus as corpora
from user_modeling.groups import NONE

DRAWS = 500  # bootstrap samples of users


class HeldOut(NamedTuple):
    """Reviews that nothing was learned from, by their authors."""
    reviews: np.ndarray  # [U] number
    mentions: np.ndarray  # [U, K] how many of them speak of an aspect


class Lift(NamedTuple):
    """How often held-out reviews of members speak of the aspects of their group, against those of other users."""
    value: float  # 1 = as often
    low: float  # of the 95 % bootstrap interval over users
    high: float
    reviews: int  # held-out reviews of members


def read(artefact, data_folder, tables):
    """Returns the HeldOut test reviews of an Artefact, read by aspect Tables."""
    rows = np.sort(artefact.test.review)
    found = corpora.texts_of(artefact, data_folder, rows)
    aspect = aspect_reading.read(found, tables.word_aspect, tables.word_polarity).aspect
    review = np.repeat(np.arange(len(rows)), np.diff(found.start))
    said = np.zeros((len(rows), len(tables.aspects)), bool)
    said[review[aspect >= 0], aspect[aspect >= 0]] = True
    users, author = len(artefact.user_reviews), artefact.review_user[rows]
    mentions = np.zeros((users, len(tables.aspects)))
    np.add.at(mentions, author, said)
    return HeldOut(np.bincount(author, minlength=users), mentions)


def lifts(groups, held, random):
    """Returns ([Lift of each group, None where it is not defined], Lift of all groups together or None).

    That of all divides the mentions of all members by those expected if they spoke of the aspects of their group as
    often as the other users do.
    """
    reviews, size = held.reviews.astype(np.float64), len(held.reviews)
    draws = np.concatenate([np.ones((1, size), np.float32), _counts(random, DRAWS, size)])
    observed, expected, found = np.zeros(len(draws)), np.zeros(len(draws)), []
    for number, aspects in enumerate(groups.aspects):
        members = groups.group == number
        mentions = held.mentions[:, list(aspects)].sum(axis=1)
        others = ~members & (groups.group != NONE)
        inside, outside = draws[:, members] @ mentions[members], draws[:, others] @ mentions[others]
        chance = draws[:, members] @ reviews[members] * outside / np.maximum(draws[:, others] @ reviews[others], 1e-9)
        observed, expected = observed + inside, expected + chance
        found.append(_lift(inside, chance, reviews[members].sum()))
    return found, _lift(observed, expected, reviews[groups.group != NONE].sum())


def _lift(observed, expected, reviews):
    """The Lift of what was observed in all users (first) and in each draw; None where nothing is expected."""
    if not expected[0] or not reviews:
        return None
    ratios = observed[1:] / np.maximum(expected[1:], 1e-9)
    low, high = np.percentile(ratios[expected[1:] > 0], [2.5, 97.5])
    return Lift(float(observed[0] / expected[0]), float(low), float(high), int(reviews))


def _counts(random, draws, size):
    """[draws, size] how often each user is in a bootstrap sample."""
    return random.multinomial(size, np.full(size, 1 / size), draws).astype(np.float32)
