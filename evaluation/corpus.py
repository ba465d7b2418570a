"""Reads from the catalogue what the measures need: texts, helpful votes, and the planted truth of a sample corpus."""
import contextlib
from typing import NamedTuple, Optional, Tuple

import numpy as np

from metrics import planted
from preprocessing import catalogue, tokenise
from runtime.cli import UserError, log


class Texts(NamedTuple):
    """Users, items and reviews of a catalogue. Reviews are numbered by row; row 0 is the empty review."""
    users: Tuple[str, ...]  # [U] raw ids
    items: Tuple[str, ...]  # [I] raw ids
    reviews: dict  # {row: (user id, item id)}
    words: list  # [N+1] lists of words; empty of reviews that no test or validation pair is compared with
    votes: Optional[np.ndarray]  # [N+1, 2] helpful votes and all votes; None where the corpus does not have both


def read(run):
    """The Texts of a run's data. Raises UserError where the catalogue does not belong to the artefact."""
    connection = catalogue.of(run.data_folder)
    users, items = catalogue.user_ids(connection), catalogue.item_ids(connection)
    reviews = {row[0]: (row[1], row[2]) for row in connection.execute(
        "SELECT review, user_id, item_id FROM reviews "
        "JOIN users USING (user) JOIN items USING (item)")}
    split, compared = tokenise.of(run.artefact.meta).words, _compared(run)
    words, votes, interned = [[]], [(0, 0)], {}  # each distinct word is stored once
    for row, text, up, total in connection.execute(
            "SELECT review, text, helpful_up, helpful_total FROM reviews ORDER BY review"):
        words.append([interned.setdefault(word, word) for word in split(text)] if row in compared else [])
        votes.append((up or 0, total or 0))
    connection.close()
    if (len(users), len(items), len(words)) != tuple(map(len, (
            run.artefact.user_reviews, run.artefact.item_reviews, run.artefact.review_length))):
        raise UserError(f"{run.data_folder}: the catalogue does not belong to the artefact; "
                        "preprocess the data again")
    votes = np.array(votes)
    return Texts(users, items, reviews, words, votes if votes[:, 1].any() else None)


def _compared(run):
    """The rows of the reviews of the items of all test and validation pairs, and of the pairs' own reviews."""
    held_out = run.artefact.test, run.artefact.validation
    items = np.concatenate([split.item for split in held_out])
    rows = [split.review for split in held_out] + [run.corpus.served_slots.item[np.unique(items)].ravel()]
    return set(np.concatenate(rows).tolist())


def own_truth(record):
    """A record of truth.json; None, with a line in the log, where another program wrote the file."""
    parts = {"seed": int, "arguments": dict, "aspects": list, "users": dict, "items": dict, "reviews": dict}
    if record is None or isinstance(record, dict) and all(
            isinstance(record.get(name), kind) for name, kind in parts.items()):
        return record
    log.warning("truth.json of the data is not that of a sample corpus of this project, and is ignored")
    return None


def planted_relevance(truth, texts, source):
    """A function (users [n], slots [n, R]) -> [n, R] bool: which reviews are relevant; see `metrics.planted`.

    The function raises UserError, which names `source`, where the truth is that of another corpus.

    Args:
      truth: the record of truth.json.
      texts: Texts.
      source: name of the file, for messages.
    """
    def relevance(user, slots):
        with entries_of(source):
            return planted.relevance(truth, texts.reviews, [texts.users[number] for number in user],
                                     slots)

    return relevance


def oracle(truth, texts, source):
    """A function users [m] -> [m, I]: scores of all items by the planted truth; see `metrics.planted.oracle_scores`.

    The function raises UserError, which names `source`, where the truth is that of another corpus.

    Args:
      truth: the record of truth.json, or None.
      texts: Texts.
      source: name of the file, for messages.

    Returns:
      The function; None where there is no truth, or one without the popularity of items, as that of a corpus made
      before purchases followed taste.
    """
    if not isinstance(truth, dict) or "log_popularity" not in truth:
        return None

    def scores(users):
        with entries_of(source):
            return planted.oracle_scores(truth, [texts.users[number] for number in users], texts.items)

    return scores


def tastes(truth, texts, source):
    """Returns [U, A] bool: which of the planted aspects each user cares about. Raises UserError, as `oracle` does."""
    with entries_of(source):
        return np.array([[name in truth["users"][user] for name in truth["aspects"]] for user in texts.users],
                        bool).reshape(len(texts.users), -1)


@contextlib.contextmanager
def entries_of(source):
    """Turns the error of an entry that the truth lacks into a UserError that names the file `source`."""
    try:
        yield
    except (KeyError, TypeError) as error:
        raise UserError(f"{source}: has no entry {error}; it is not the truth of this corpus") from error
