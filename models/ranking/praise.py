"""Praise: whether the reviews of an item praise the aspects that a user writes about.

    A_ui = sum_k care_uk q_ik,    q_ik = sum_{l of item i} p_lk / (PRIOR + m_ik)

care_uk is the share of the user's training reviews with text that speak of aspect k, and p_lk how much more training
review l praises it than reviews do on average: 2 P - 1 for its mean probability P of praise, less the mean of all
reviews that speak of it. m_ik of the item's reviews speak of it. A review may praise one aspect and criticise another,
which its stars, the verdict of `evidence.py`, do not tell. All this is read from tables of aspects
(`models/run_folder/aspect_tables.py`): the aspects are learned from the training text, and P from its stars.

A new user is described by texts: a text speaks of an aspect where its different words add up to 1 or more. Who speaks
of no aspect has the mean care of all users, for whom A tells items apart no more than popularity does.

Shapes: `U` users, `I` items, `N` reviews (rows from 1), `K` aspects, `V` words.
"""
import numpy as np
from scipy import sparse

from models.run_folder.item_order import Aspects
from preprocessing.artefact import UNKNOWN

PRIOR = 3.  # reviews of average praise that are added to those of an item that speak of an aspect


def of_tables(tables):
    """Returns the Aspects of an order, from aspect_tables.Tables that hold an aspect."""
    t, count = tables, len(tables.aspects)
    row = np.repeat(np.arange(len(t.sentence_start) - 1), np.diff(t.sentence_start))  # [S]
    aspect = np.asarray(t.sentence_aspect, np.int64)
    spoken = np.flatnonzero(aspect >= 0)
    place, shape = (row[spoken], aspect[spoken]), (len(t.sentence_start) - 1, count)
    sentences = sparse.csr_matrix((np.ones(len(spoken)), place), shape)
    reviews = sparse.csr_matrix((2. * t.sentence_polarity[spoken] - 1, place), shape)  # the same entries
    reviews.data /= sentences.data
    mean = np.bincount(reviews.indices, reviews.data, count) / np.maximum(np.bincount(reviews.indices, None, count), 1)
    reviews.data -= mean[reviews.indices]
    care = t.user_mentions / np.maximum(t.user_reviews, 1)[:, np.newaxis]
    care[~t.user_mentions.any(1)] = care[t.user_mentions.any(1)].mean(0) if t.user_mentions.any() else 0.
    words = np.array(t.word_aspect, np.float32)
    words[:UNKNOWN + 1] = 0  # padding and words outside the vocabulary tell nothing
    return Aspects(care.astype(np.float32), reviews.astype(np.float32), words)


class PraiseOfItems:
    """What the training reviews say of each item, summed by aspect.

    Args:
      aspects: item_order.Aspects.
      review_item: [N+1] int items of the reviews.
      items: `I`.

    Attributes:
      praise: [I, K] float32, q.
    """

    def __init__(self, aspects, review_item, items):
        self._reviews = aspects.reviews
        self._speaks = _ones_like(aspects.reviews)
        rows = np.flatnonzero(np.diff(self._reviews.indptr))  # a review that speaks of nothing adds nothing
        of_item = sparse.csr_matrix((np.ones(len(rows)), (review_item[rows], rows)), (items, self._reviews.shape[0]))
        self._sum, self._count = ((of_item @ each).toarray() for each in (self._reviews, self._speaks))  # [I, K]
        self.praise = (self._sum / (PRIOR + self._count)).astype(np.float32)

    def of_users(self, care):
        """Returns A [m, I] of users with care [m, K]."""
        return care @ self.praise.T

    def without(self, item, rows):
        """Returns q [R, K] of an item without each of its training reviews in rows [R]."""
        total, count = (part[item] - of_review[rows].toarray()
                        for part, of_review in ((self._sum, self._reviews), (self._count, self._speaks)))
        return total / (PRIOR + count)


def _ones_like(matrix):
    """A CSR matrix with a 1 for each entry of another, also for an entry of the value 0."""
    return sparse.csr_matrix((np.ones(len(matrix.data)), matrix.indices, matrix.indptr), matrix.shape)
