"""What the users of a map are coloured by: their dominant aspect, their group, their mean stars, or their reviews.

`U` users, `K` aspects.
"""
from typing import NamedTuple, Tuple

import numpy as np

from models.run_folder import aspect_profiles
from preprocessing import artefact as contract

ASPECT, GROUP, STARS, REVIEWS = NAMES = ("aspect", "group", "stars", "reviews")
NONE = -1  # a user without a category


class Colouring(NamedTuple):
    """One value for each user: a category where there are labels, else a number."""
    name: str  # one of NAMES
    title: str  # what the values are
    values: np.ndarray  # [U] int categories, NONE where a user has none; or float, NaN where a user has none
    labels: Tuple[str, ...] = ()  # of the categories

    @property
    def in_words(self):
        """What the colours mean, for a caption."""
        return f"{len(self.labels)} {self.title}" if self.name == GROUP else f"colour: {self.title}"


def of_run(artefact, survey, tables):
    """Returns {name: Colouring} of the users of a run, without ASPECT where the run has no aspects.

    Args:
      artefact: Artefact.
      survey: Survey.
      tables: Tables of the run's aspects, or None.
    """
    rows = contract.training_rows(artefact)
    users = len(artefact.user_reviews)
    rated = np.bincount(artefact.train.user, minlength=users)
    stars = np.bincount(artefact.train.user, artefact.train.rating.astype(float), minlength=users)
    mean = np.where(rated > 0, stars / np.maximum(rated, 1), np.nan)
    written = np.bincount(artefact.review_user[rows], minlength=users).astype(float)
    groups = tuple(", ".join(names) or "no distinctive word" for names in survey.names)
    found = [Colouring(GROUP, "groups of users by query", survey.group, groups),
             Colouring(STARS, "mean stars of the user's reviews", mean),
             Colouring(REVIEWS, "number of the user's reviews", written)]
    if tables is not None and tables.aspects:
        names = tuple(aspect.name for aspect in tables.aspects)
        found.insert(0, Colouring(ASPECT, "dominant aspect of the user's reviews", dominant(tables), names))
    return {one.name: one for one in found}


def dominant(tables):
    """Returns [U] the aspect that is most characteristic of each user, by `Profile.spoken`; NONE where the user's
    training reviews speak of no aspect."""
    average = aspect_profiles.averages(tables)
    first = np.full(len(tables.user_reviews), NONE)
    for user in np.flatnonzero(np.asarray(tables.user_mentions).any(axis=1)):
        first[user] = aspect_profiles.of_user(tables, user, average).spoken()[0]
    return first


def chosen(colourings, wanted):
    """Returns the Colouring of a name; None takes the first one. A missing one gives that of the groups."""
    return next(iter(colourings.values())) if wanted is None else colourings.get(wanted, colourings[GROUP])
