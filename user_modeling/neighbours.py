"""Which users look for the same in reviews, and what two of them have in common.

The likeness of two users is the correlation, over the training reviews of a run, of the scores that the attention gives
a review for them, each less the mean score of all users. What all users share does not count, so that likeness tells
apart users whose queries have a cosine of nearly 1. It needs the queries and the covariance of the keys alone.
Legend: `U` users, `A` attention dimension, `n` reviews, `K` aspects.
"""
from typing import NamedTuple, Tuple

import numpy as np

from models.run_folder import aspect_profiles
from runtime.cli import UserError

PAIRS, BLOCK = 200000, 10000  # random pairs of users that a likeness is compared with, and how many at a time
SHARED, SHOWN = 3, 5  # aspects in common, reviews of a history
LENGTH = 200  # characters of a sentence or of an excerpt
ACTIVE = 5  # training reviews that make a user active


class Written(NamedTuple):
    """A training review, as it is shown."""
    stars: float
    item_id: str
    title: str  # of the item
    text: str
    aspects: Tuple[str, ...]


class Shared(NamedTuple):
    """An aspect that two users speak of, with one sentence of each."""
    aspect: str
    left: str
    right: str


class Pair(NamedTuple):
    """Two users side by side."""
    left: int
    right: int
    likeness: float  # -1 to 1
    above: float  # share of all pairs of users that are less alike
    shared: Tuple[Shared, ...]
    histories: Tuple[Tuple[Written, ...], Tuple[Written, ...]]


class Likeness:
    """The likeness of all users of a run.

    Args:
      keys: [n, A] of the training reviews, and `queries` [U, A] of the users, as the attention multiplies them.
      random: RandomState.

    Raises:
      UserError: all users have the same query.
    """

    def __init__(self, keys, queries, random):
        keys, queries = (np.asarray(part, np.float64) for part in (keys, queries))
        variances, axes = np.linalg.eigh(np.cov(keys, rowvar=False).reshape(2 * keys.shape[1:]))
        centred = queries - queries.mean(axis=0)
        placed = centred @ axes * np.sqrt(np.maximum(variances, 0))
        lengths = np.linalg.norm(placed, axis=1, keepdims=True)
        if len(queries) > 1 and lengths.max() <= 1e-6 * np.sqrt(max(variances.sum(), 1e-30)):
            raise UserError("the attention query is the same for all users, so that none are more alike than others: "
                            "train longer, or on more reviews")
        self.vectors = (placed / np.maximum(lengths, 1e-12)).astype(np.float32)  # [U, A]
        pairs = random.randint(0, len(queries), (2, PAIRS))
        pairs = pairs[:, pairs[0] != pairs[1]]
        self._usual = np.sort(np.concatenate([np.einsum("pa,pa->p", *self.vectors[pairs[:, first:first + BLOCK]])
                                              for first in range(0, PAIRS, BLOCK)]))

    def of(self, user):
        """Returns the likeness [U] of a user to all users."""
        return self.vectors @ self.vectors[user]

    def above(self, likeness):
        """Returns the share of random pairs of users that are less alike than `likeness` (number or array)."""
        return np.searchsorted(self._usual, likeness) / max(1, len(self._usual))


def active(count):
    """Returns the users with ACTIVE of the numbers of reviews `count` [U], or with as many as two users have.

    A single user is active by any number.
    """
    return np.flatnonzero(count >= max(1, min(ACTIVE, np.sort(count)[-2:][0])))


def compared(left, right, likeness, tables, connection):
    """Returns the Pair of two users.

    Args:
      likeness: Likeness of all users.
      tables: aspect Tables.
      connection: an open catalogue.
    """
    value = float(likeness.vectors[left] @ likeness.vectors[right])
    rows = [_rows(connection, user) for user in (left, right)]
    said = [_said(tables, one) for one in rows]
    average = aspect_profiles.averages(tables)
    lifts = [aspect_profiles.of_user(tables, user, average).lift for user in (left, right)]
    both = sorted(set(said[0]) & set(said[1]), key=lambda one: (-min(lift[one] for lift in lifts), one))[:SHARED]
    shared = tuple(Shared(tables.aspects[one].name, said[0][one], said[1][one]) for one in both)
    return Pair(int(left), int(right), value, float(likeness.above(value)), shared,
                tuple(tuple(written(tables, row) for row in one[:SHOWN]) for one in rows))


def written(tables, row):
    """Returns the Written of a row of the catalogue's reviews and items."""
    names = tuple(tables.aspects[one].name for one in aspect_profiles.of_review(tables, row["review"]))
    return Written(row["rating"], row["item_id"], row["title"] or row["item_id"], short(row["text"]), names)


def short(text, length=LENGTH):
    """Returns a text as `plain_line`, of at most `length` characters."""
    line = plain_line(text)
    return line if len(line) <= length else line[:length - 2].rstrip() + " …"


def plain_line(text):
    """Returns one line of printable characters, so that no review moves the cursor or breaks a table."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _rows(connection, user):
    """The training reviews of a user, the longest first."""
    return connection.execute(
        "SELECT review, rating, item_id, title, text FROM reviews JOIN items USING (item) WHERE user = ? AND "
        "split = 'train' AND text != '' ORDER BY length(text) DESC, review", (int(user),)).fetchall()


def _said(tables, rows):
    """{aspect: the sentence with the clearest opinion on it} of some reviews."""
    best = {}
    for row in rows:
        for one in range(*map(int, tables.sentence_start[row["review"]:row["review"] + 2])):
            aspect = int(tables.sentence_aspect[one])
            sentence = row["text"][slice(*map(int, tables.sentence_span[one]))].strip()
            clear = abs(float(tables.sentence_polarity[one]) - .5) - (1 if len(sentence) > LENGTH else 0)
            if aspect >= 0 and sentence and clear > best.get(aspect, (-9,))[0]:
                best[aspect] = clear, short(sentence)
    return {aspect: sentence for aspect, (_, sentence) in best.items()}
