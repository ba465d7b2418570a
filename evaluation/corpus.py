"""Reads from the catalogue what the measures need: texts, helpful votes, and the planted truth of a sample corpus."""
from typing import NamedTuple, Optional, Tuple

import numpy as np

from metrics import planted
from preprocessing import catalogue
from preprocessing.tokenise import tokenise
from runtime.cli import UserError


class Texts(NamedTuple):
    """Users and reviews of a catalogue. Reviews are numbered by row; row 0 is the empty review."""
    users: Tuple[str, ...]  # [U] raw ids
    reviews: dict  # {row: (user id, item id)}
    words: list  # [N+1] lists of words
    votes: Optional[np.ndarray]  # [N+1, 2] helpful votes and all votes; None where the corpus does not have both


def read(run):
    """The Texts of a run's data. Raises UserError where the catalogue does not belong to the artefact."""
    connection = catalogue.of(run.data_folder)
    users = tuple(row[0] for row in connection.execute("SELECT user_id FROM users ORDER BY user"))
    reviews = {row[0]: (row[1], row[2]) for row in connection.execute(
        "SELECT review, user_id, item_id FROM reviews "
        "JOIN users USING (user) JOIN items USING (item)")}
    words, votes, interned = [[]], [(0, 0)], {}  # each distinct word is stored once
    for text, up, total in connection.execute(
            "SELECT text, helpful_up, helpful_total FROM reviews ORDER BY review"):
        words.append([interned.setdefault(word, word) for word in tokenise(text)])
        votes.append((up or 0, total or 0))
    connection.close()
    if len(users) != len(run.artefact.user_reviews) or len(words) != len(run.artefact.review_length):
        raise UserError(f"{run.data_folder}: the catalogue does not belong to the artefact; "
                        "preprocess the data again")
    votes = np.array(votes)
    return Texts(users, reviews, words, votes if votes[:, 1].any() else None)


def planted_relevance(truth, texts, source):
    """A function (users [n], slots [n, R]) -> [n, R] bool: which reviews are relevant; see `metrics.planted`.

    The function raises UserError, which names `source`, where the truth is that of another corpus.

    Args:
      truth: the record of truth.json.
      texts: Texts.
      source: name of the file, for messages.
    """
    def relevance(user, slots):
        try:
            return planted.relevance(truth, texts.reviews, [texts.users[number] for number in user],
                                     slots)
        except (KeyError, TypeError) as error:
            raise UserError(f"{source}: has no entry {error}; it is not the truth of this corpus"
                            ) from error

    return relevance
