"""How much attention the reviews of a run receive from other users: the weights by which the shop shows reviews.

Legend: `n` training reviews with text, stored by item; `m` readers; `T` = TOP.
"""
from typing import NamedTuple

import numpy as np

from models.inference import personal, usefulness
from runtime.cli import UserError
from runtime.tf1 import tf

READERS, CELLS = 1000, 2 ** 25  # most readers, and most pairs of a reader and a review
BLOCK = 2 ** 21  # of such pairs computed at a time
TOP = 3  # readers of a review who are named


class Received(NamedTuple):
    """The attention that reviews receive. A share is that of the item's reviews, times their number: 1 = no more and no
    less than the others. The reader's own reviews are left out, and items with one other review, too."""
    review: np.ndarray  # [n] rows of the artefact
    item: np.ndarray  # [n], rising
    readers: np.ndarray  # [n] number of readers who could choose
    share: np.ndarray  # [n] mean over these readers; NaN where there are none
    top: np.ndarray  # [n, T] the users who attend most, -1 = none
    top_share: np.ndarray  # [n, T]


def require_personal(run, folder):
    """Raises UserError where the attention of a run (Trained) does not depend on the user."""
    if not run.config.personal_scores:
        raise UserError(f"{folder}: this run has no attention that depends on the user (presets deepconn and narre): "
                        "give a run of another preset, see ./run runs")


class Attention:
    """The attention weights of whole users over the reviews of all items.

    Args:
      run: Trained, whose attention is personal.

    Attributes:
      scores: PersonalScores.
    """

    def __init__(self, run):
        self.run, self.scores = run, personal.PersonalScores(run.predictor)
        corpus, network, session = run.corpus, run.predictor.network, run.predictor.session
        run.predictor.forget()  # the encoded reviews are not needed any more
        shown = corpus.served_slots.item > 0
        to_others = corpus.to_others.at(corpus.served_slots.item, shown)
        self.typicality = to_others.typicality  # [n]
        with session.graph.as_default():
            self._inputs = tuple(tf.placeholder(tf.float32, shape) for shape in ([None, None], [None], [None, None]))
            useful = tf.placeholder(tf.float32, [None])
            self._logits = network.attention_logits(*self._inputs[:1], useful, self._inputs[2])
        self._session = session
        self._useful = useful, usefulness.of_all(run.predictor, shown, to_others)
        count = np.bincount(self.scores.owner)
        self._first = np.searchsorted(self.scores.owner, np.flatnonzero(count))
        self._column = np.repeat(np.arange(len(self._first)), count[count > 0])

    def shares(self, users):
        """Returns [m, n] shares of users [m], see `Received`; NaN where the user cannot choose."""
        corpus, rows = self.run.corpus, self.scores.review
        lexical = corpus.personal_likeness_of_all(rows, corpus.wrote(users), dense=True)
        logits = self._session.run(self._logits, {
            self._inputs[0]: self.scores(users, lexical), self._inputs[2]: lexical,
            self._useful[0]: self._useful[1]})
        own = self.run.artefact.review_user[rows][None] == np.asarray(users)[:, None]
        logits[own] = -np.inf
        others = np.add.reduceat(~own, self._first, axis=1, dtype=np.float32)
        highest = np.maximum.reduceat(logits, self._first, axis=1)
        highest[others == 0] = 0
        logits -= highest[:, self._column]
        weights = np.exp(logits, out=logits)
        scale = others / np.maximum(np.add.reduceat(weights, self._first, axis=1), 1e-30)
        scale[others < 2] = np.nan
        weights *= scale[:, self._column]
        weights[own] = np.nan
        return weights


def received(attention, random):
    """Returns the Received attention of an Attention, from a random sample of users, or from all where they are few."""
    reviews, users = len(attention.scores.review), len(attention.run.artefact.user_reviews)
    readers = np.sort(random.permutation(users)[:max(1, min(READERS, CELLS // max(1, reviews)))])
    total, count = np.zeros(reviews), np.zeros(reviews, int)
    top, top_share = np.full((TOP, reviews), -1), np.full((TOP, reviews), -np.inf, np.float32)
    size = max(1, min(64, BLOCK // max(1, reviews)))
    for start in range(0, len(readers) if reviews else 0, size):
        some = readers[start:start + size]
        shares = attention.shares(some)
        able = np.isfinite(shares)
        shares[~able] = 0
        total += shares.sum(axis=0, dtype=np.float64)
        count += able.sum(axis=0)
        shares[~able] = -np.inf
        top, top_share = _highest(top, top_share, some, shares)
    share = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    top = np.where(np.isfinite(top_share), top, -1)
    return Received(attention.scores.review, attention.scores.owner, count, share, top.T, top_share.T)


def _highest(top, top_share, users, shares):
    """Returns top and top_share [T, n] with the users [m] whose shares [m, n] are higher added. Changes `shares`."""
    columns, chosen, values = np.arange(shares.shape[1]), [top], [top_share]
    for _ in range(min(TOP, len(users))):
        best = shares.argmax(axis=0)
        chosen.append(users[best][None])
        values.append(shares[best, columns][None])
        shares[best, columns] = -np.inf
    chosen, values = np.concatenate(chosen), np.concatenate(values)
    order = np.argsort(-values, axis=0, kind="stable")[:TOP]
    return np.take_along_axis(chosen, order, axis=0), np.take_along_axis(values, order, axis=0)
