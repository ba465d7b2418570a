"""What the measures need of the catalogue: texts, votes, and the planted truth of a sample corpus."""
from typing import NamedTuple, Optional, Tuple

import numpy as np

from metrics import planted
from preprocessing import catalogue
from preprocessing.tokenise import tokenise
from runtime.cli import UserError


class Texts(NamedTuple):
    """A catalogue by numbers; reviews by their rows, row 0 is the empty one."""
    users: Tuple[str, ...]  # [U] raw ids
    reviews: dict  # {row: (user id, item id)}
    words: list  # [N+1] lists of words
    votes: Optional[np.ndarray]  # [N+1, 2] helpful and all votes; None where not both are counted


def read(run):
    """The Texts of a run's data. Raises UserError where the catalogue is not that of the artefact."""
    connection = catalogue.of(run.data_folder)
    users = tuple(row[0] for row in connection.execute("SELECT user_id FROM users ORDER BY user"))
    reviews = {row[0]: (row[1], row[2]) for row in connection.execute(
        "SELECT review, user_id, item_id FROM reviews "
        "JOIN users USING (user) JOIN items USING (item)")}
    words, votes, known = [[]], [(0, 0)], {}
    for text, up, total in connection.execute(
            "SELECT text, helpful_up, helpful_total FROM reviews ORDER BY review"):
        words.append([known.setdefault(word, word) for word in tokenise(text)])
        votes.append((up or 0, total or 0))
    connection.close()
    if len(users) != len(run.artefact.user_reviews) or len(words) != len(run.artefact.review_length):
        raise UserError(f"{run.data_folder}: the catalogue is not that of the artefact; "
                        "preprocess again")
    votes = np.array(votes)
    return Texts(users, reviews, words, votes if votes[:, 1].any() else None)


def planted_relevance(truth, texts, where):
    """The function of users [n] and slots [n, R] that says which reviews are relevant; see `planted`."""
    def relevance(user, slots):
        try:
            return planted.relevance(truth, texts.reviews, [texts.users[number] for number in user],
                                     slots)
        except (KeyError, TypeError) as error:
            raise UserError(f"{where}: does not know {error}; it is not the truth of this corpus"
                            ) from error

    return relevance
