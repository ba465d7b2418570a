"""What an evaluation asks a system about, and what the system answers: the one definition of the pairs.

A system is asked three things. For every test pair, and for the same item with eight other users in the place of the
user: a score of each training review of the item, and one of the test pair's own review. For every test pair: a
rating. For users with test items: a score of every item that is not among their training items. `./run pairs` writes
what is asked, `system.py` has a run answer it, `submission.py` reads the answers of another
system from a file.

Users, items and authors are numbers of the artefact. A user has written at most one review of an item, so a review is
named by its item and its author.
"""
from typing import NamedTuple

import numpy as np

from evaluation import rankings
from evaluation.review_scores import MethodScores, Scores
from metrics import explanation
from preprocessing import artefact as contract

OTHER_USERS = 8  # drawn for each pair, as a control
# Each with its own random numbers.
STEPS = ("explanations", "faithfulness", "intervals", "ratings", "rankings", "aspects")


class Asked(NamedTuple):
    """The `n` test pairs, with other users in the place of theirs, and the reviews whose scores are asked for."""
    users: np.ndarray  # [1 + OTHER_USERS, n] users of the test pairs, then the other users; [0, 0] without test pairs
    item: np.ndarray  # [n]
    own: np.ndarray  # [n] rows of the test pairs' own reviews
    has_text: np.ndarray  # [n] bool, of the own reviews; the others have no score
    candidates: np.ndarray  # [I, R] rows of the training reviews of each item; 0: an empty slot


def stream(seed, step):
    """The RandomState of one of STEPS. The numbers of a step do not change where another step is left out."""
    place = STEPS.index(step)
    return np.random.RandomState([seed, place] if place else seed)


def asked(artefact, candidates, seed):
    """The Asked of an artefact.

    Args:
      artefact: Artefact.
      candidates: [I, R] rows of the training reviews of each item.
      seed: of the evaluation, for the draw of other users.
    """
    test, train = artefact.test, artefact.train
    has_text = artefact.review_length[test.review] > 0
    if not len(test.user):
        return Asked(np.zeros((0, 0), np.int64), test.item, test.review, has_text, candidates)
    others = explanation.other_users(OTHER_USERS, test.user, test.item, (train.user, train.item),
                                     stream(seed, "explanations"))
    return Asked(np.concatenate([test.user[None], others]), test.item, test.review, has_text, candidates)


def candidates(artefact):
    """Rows [I, R] of all training reviews with text of each item."""
    return contract.slots(artefact.review_item, contract.training_rows(artefact), len(artefact.item_reviews))


def in_catalogue(artefact, seed):
    """The pairs that rankings ask for: (user [k], item [k], whether a rating is asked for, too [k] bool)."""
    held, some = rankings.sample(artefact, stream(seed, "rankings"))
    row, item = np.nonzero(~held.in_training)
    return held.users[row], item, np.isin(row, some)


class Keys:
    """Numbers that name pairs of a user and an item, and scores of a review for a user."""

    def __init__(self, artefact):
        self.users, self.items = len(artefact.user_reviews), len(artefact.item_reviews)
        self.author, self.item = (column.astype(np.int64) for column in (artefact.review_user, artefact.review_item))

    def pair(self, user, item):
        """The keys of users [..] and items [..]."""
        return np.asarray(user, np.int64) * self.items + item

    def score(self, user, row):
        """The keys of the scores of reviews in rows [..] for users [..]."""
        return self.pair(user, self.item[row]) * self.users + self.author[row]

    def of_score(self, key):
        """(user, item, author) of the keys of scores [..]."""
        pair, author = np.divmod(key, self.users)
        return (*np.divmod(pair, self.items), author)

    def candidates(self, asked, users):
        """The keys [k] of the scores of all candidates for users [n] in the place of those of the test pairs."""
        slots = asked.candidates[asked.item]
        pair, slot = np.nonzero(slots)
        return self.score(users[pair], slots[pair, slot])

    def own(self, asked, users):
        """The keys [k] of the scores of the own reviews with text, for the same users."""
        return self.score(users, asked.own)[asked.has_text]

    def all_of(self, asked):
        """(keys of the scores of all candidates for all users of an Asked, keys of those of own reviews), each once."""
        none = np.zeros(0, np.int64)
        return tuple(np.unique(np.concatenate([of(asked, users) for users in asked.users] or [none]))
                     for of in (self.candidates, self.own))


class Values:
    """Numbers by key.

    Args:
      keys: [k]; where one is repeated, its first value counts.
      values: [k]; NaN where there is none.
    """

    def __init__(self, keys, values):
        self.keys, first = np.unique(np.asarray(keys, np.int64), return_index=True)
        self.values = np.asarray(values, np.float64)[first]

    def of(self, keys):
        """The values [..] of keys [..]; NaN where there is none."""
        if not len(self.keys):
            return np.full(np.shape(keys), np.nan)
        place = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[place] == keys, self.values[place], np.nan)


class Answers(NamedTuple):
    """The scores that a system gives to reviews, by `Keys.score`."""
    score: Values  # by which the reviews are shown
    personal: Values  # by which the own review is found among them

    def of(self, keys, asked, users):
        """The MethodScores for users [n] in the place of those of the test pairs; NaN where an answer is missing."""
        slots = asked.candidates[asked.item]
        wanted = keys.score(users[:, None], slots)
        shown, personal = (np.where(slots > 0, values.of(wanted), 0.) for values in (self.score, self.personal))
        own = np.where(asked.has_text, self.personal.of(keys.score(users, asked.own)), np.nan)
        return MethodScores(Scores(personal, own), Scores(shown, np.full(len(users), np.nan)))
