"""Do the held-out reviews of a group's members speak of the aspects that it is named by, more than those of others?

Legend: `U` users, `K` aspects, `G` groups.
"""
import itertools
from typing import NamedTuple

import numpy as np

from models.run_folder import aspect_reading
from user_modeling import corpus as corpora
from user_modeling.groups import NONE

DRAWS = 500  # bootstrap samples of users
BLOCK = 2 ** 21  # entries of draws that are in memory at a time


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
    said = np.zeros((len(rows), len(tables.aspects)), bool)
    said[found.review[aspect >= 0], aspect[aspect >= 0]] = True
    users, author = len(artefact.user_reviews), artefact.review_user[rows]
    mentions = np.zeros((users, len(tables.aspects)))
    np.add.at(mentions, author, said)
    return HeldOut(np.bincount(author, minlength=users), mentions)


def lifts(groups, held, random):
    """Returns ([Lift of each group, None where it is not defined], Lift of all groups together or None).

    That of all divides the mentions of all members by those expected if they spoke of the aspects of their group as
    often as the other users do. Only users in a group who have held-out reviews count, and only they are drawn.

    Args:
      groups: Groups.
      held: HeldOut of the same users.
      random: RandomState, of the bootstrap samples.
    """
    counted = (held.reviews > 0) & (groups.group != NONE)
    group, held = groups.group[counted], HeldOut(held.reviews[counted].astype(np.float64), held.mentions[counted])
    if not len(group):
        return [None] * len(groups.aspects), None
    blocks = itertools.chain([np.ones((1, len(group)))], _draws(random, len(group)))
    observed, expected = map(np.concatenate, zip(*(_compared(draws, groups.aspects, group, held) for draws in blocks)))
    found = [_lift(observed[:, number], expected[:, number], held.reviews[group == number].sum())
             for number in range(len(groups.aspects))]
    return found, _lift(observed.sum(axis=1), expected.sum(axis=1), held.reviews.sum())


def _compared(draws, aspects, group, held):
    """(mentions [b, G] by the members of each group of its aspects, those expected by the other users) in each draw.

    Args:
      draws: [b, U] how often each user is in a draw.
      aspects: G tuples.
      group: [U] of each user, none without one.
      held: HeldOut of these users.
    """
    said, written = draws @ held.mentions, draws @ held.reviews  # [b, K], [b]
    observed, expected = np.zeros((2, len(draws), len(aspects)))
    for number, some in enumerate(aspects):
        members = group == number
        own, mine = list(some), draws[:, members]
        reviews = mine @ held.reviews[members]
        observed[:, number] = inside = mine @ held.mentions[members][:, own].sum(axis=1)
        outside = said[:, own].sum(axis=1) - inside
        expected[:, number] = reviews * outside / np.maximum(written - reviews, 1e-9)
    return observed, expected


def _lift(observed, expected, reviews):
    """The Lift of what was observed in all users (first) and in each draw; None where nothing is expected."""
    if not expected[0] or not reviews:
        return None
    ratios = observed[1:] / np.maximum(expected[1:], 1e-9)
    low, high = np.percentile(ratios[expected[1:] > 0], [2.5, 97.5])
    return Lift(float(observed[0] / expected[0]), float(low), float(high), int(reviews))


def _draws(random, size):
    """Yields how often each of `size` users is in each bootstrap sample, [draws, size], a block of DRAWS at a time."""
    rows = max(1, BLOCK // size)
    for start in range(0, DRAWS, rows):
        drawn = random.multinomial(size, np.full(size, 1 / size), min(rows, DRAWS - start))
        yield drawn.astype(np.float64)
