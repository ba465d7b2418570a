"""The list of helpful reviewers with evidence: their most attended reviews, and which users attend to them."""
from typing import NamedTuple, Tuple

import numpy as np

from models.run_folder import aspect_profiles
from user_modeling import helpful_reviewers, neighbours

LISTED, REVIEWS = 20, 3  # users, reviews of each
CARES = 2  # aspects of a reader


class Reader(NamedTuple):
    """A user who attends to a review."""
    user: int
    share: float  # of the attention, times the number of the item's reviews
    aspects: Tuple[str, ...]  # that the reader speaks of most beyond the average


class Attended(NamedTuple):
    """A review with the attention that it receives."""
    written: neighbours.Written
    share: float  # mean over all readers; NaN where none can choose
    readers: Tuple[Reader, ...]


class Reviewer(NamedTuple):
    """A user of the list."""
    user: int
    score: float
    bound: float
    reviews: int  # training reviews with text
    evidence: Tuple[Attended, ...]


def listed(scores, artefact, received, tables, connection):
    """Returns the first LISTED users by Scores as Reviewers.

    Args:
      received: attention.Received.
      tables: aspect Tables.
      connection: an open catalogue.
    """
    author, average = artefact.review_user[received.review], aspect_profiles.averages(tables)
    found = []
    for user in helpful_reviewers.ranked(scores)[:LISTED]:
        own = np.flatnonzero(author == user)
        order = np.argsort(-np.nan_to_num(received.share[own], nan=-1), kind="stable")[:REVIEWS]
        evidence = tuple(_attended(received, place, tables, connection, average) for place in own[order])
        found.append(Reviewer(int(user), float(scores.score[user]), float(scores.bound[user]), len(own), evidence))
    return tuple(found)


def _attended(received, place, tables, connection, average):
    row = connection.execute("SELECT review, rating, item_id, title, text FROM reviews JOIN items USING (item) "
                             "WHERE review = ?", (int(received.review[place]),)).fetchone()
    readers = tuple(Reader(int(user), float(share), cares(tables, user, average))
                    for user, share in zip(received.top[place], received.top_share[place]) if user >= 0)
    return Attended(neighbours.written(tables, row), float(received.share[place]), readers)


def cares(tables, user, average, count=CARES):
    """Returns the names of at most `count` aspects that a user speaks of, the most characteristic first."""
    spoken = aspect_profiles.of_user(tables, user, average).spoken()
    return tuple(tables.aspects[one].name for one in spoken[:count])
