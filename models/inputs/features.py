"""Pairs of users and items -> the arrays that the network reads.

One `Corpus` holds what all batches of an artefact share; `Corpus.pairs` gives the reviews of a batch of
pairs with their features, `Corpus.texts` packs the distinct reviews into what the encoders read.
"""
from typing import NamedTuple

import numpy as np
from scipy import sparse

from models.deeprecsys import Inputs, Side
from preprocessing import artefact as contract
from preprocessing.bag import inverse_document_frequency, tfidf

SMALLEST = 1e-12  # square of a length that is divided by


class Pairs(NamedTuple):
    """A batch of pairs, reviews by their rows in the artefact. Where the pair's own review is left out
    (its row is given), it is in none of these but `own`."""
    user: np.ndarray  # [B]
    item: np.ndarray  # [B]
    own: np.ndarray  # [B] row of the pair's own review; 0: none, or it has no text
    user_slots: np.ndarray  # [B, R'] the user's reviews
    item_slots: np.ndarray  # [B, R] the item's reviews
    offset: np.ndarray  # [B] stars
    residuals: np.ndarray  # [B, R] stars
    lexical: np.ndarray  # [B, R] t_l . (mean of the user's t less anybody's)
    typicality: np.ndarray  # [B, R] t_l . mean of the item's other t
    wrote: sparse.csr_matrix  # [B, V] mean of the user's t


class Corpus:
    """An artefact seen by one configuration.

    Args:
      artefact: Artefact.
      config: ModelConfig.
      offsets: baselines.Offsets of the training ratings.
    """

    def __init__(self, artefact, config, offsets):
        self.artefact, self.config, self.offsets = artefact, config, offsets
        a, self.count = artefact, len(artefact.review_tokens)
        train = np.zeros(self.count, bool)
        train[a.train.review] = True
        self.bags = tfidf(a.review_tokens, a.document_frequency, a.meta["training_reviews"], ~train)  # [N+1, V]
        self.anybody = a.mean_bag if config.centred_likeness else np.zeros_like(a.mean_bag)  # [V]
        self.common = self.bags @ self.anybody  # [N+1] likeness of each review to it
        self.common_topics = self.anybody @ a.word_topics  # [D]
        self.idf = inverse_document_frequency(a.document_frequency, a.meta["training_reviews"])  # [V]
        self.log_words = np.log1p(np.diff(self.bags.indptr)).astype(np.float32)  # [N+1]
        if config.review_selection == "first":
            self.user_slots, self.item_slots = a.user_reviews, a.item_reviews
        else:
            rows = contract.preferred(a, config.review_selection, config.seed)
            self.user_slots = contract.slots(a.review_user, rows, *a.user_reviews.shape)
            self.item_slots = contract.slots(a.review_item, rows, *a.item_reviews.shape)
        self.served_slots = self._served_slots()

    def topics(self, rows):
        """H^T (t - t_any) [M, D] of reviews by their rows [M]; 0 of those without a known word. Made when they are
        read: kept for all reviews they would be the largest array but the word tables."""
        bags = self.bags[rows]  # [M, V]
        found, written = bags @ self.artefact.word_topics, np.diff(bags.indptr) > 0
        np.subtract(found, self.common_topics, out=found, where=written[:, None])
        return found

    def pairs(self, user, item, own=None, rating=None, slots=None):
        """Pairs of users [B] and items [B].

        Args:
          own: [B] rows of the pairs' own reviews, to be left out of every input; None: nothing to leave out.
          rating: [B] the pairs' own ratings, to be left out of the offsets; None: they are not in them.
          slots: (user slots, item slots) to read instead of the capped ones.
        """
        user_table, item_table = slots or (self.user_slots, self.item_slots)
        user_slots, item_slots = user_table[user], item_table[item]
        if own is None:
            own = np.zeros(len(user), np.int32)
        elif self.config.leave_target_out:
            user_slots = np.where(user_slots == own[:, None], 0, user_slots)
            item_slots = np.where(item_slots == own[:, None], 0, item_slots)
        user_offset, item_offset = self._offsets(user, item, rating)
        offset = self.base_offset(user_offset, item_offset)
        a, mean = self.artefact, self.offsets.mean
        residuals = a.review_rating[item_slots] - mean - self.offsets.user[a.review_user[item_slots]]
        residuals = np.where(item_slots > 0, residuals - item_offset[:, None], 0)
        wrote = self._mean_bag(user_slots)
        return Pairs(np.asarray(user, np.int32), np.asarray(item, np.int32),
                     np.where(a.review_length[own] > 0, own, 0), user_slots, item_slots,
                     offset.astype(np.float32), residuals.astype(np.float32),
                     self.personal_likeness(item_slots, wrote), self.typicality(item_slots), wrote)

    def typicality(self, slots):
        """TF-IDF likeness [B, R] of each review in slots [B, R] to the mean of the others there."""
        count = np.maximum((slots > 0).sum(1, keepdims=True), 1)
        itself = np.where(slots > 0, self._norms(slots), 0)
        others = self.likeness(slots, self._mean_bag(slots)) * count - itself
        return (others / np.maximum(count - 1, 1)).astype(np.float32)

    def base_offset(self, user_offset, item_offset):
        """Stars known before any review is read, of offsets [..]."""
        if self.config.offsets == "leave_one_out":
            return self.offsets.mean + user_offset + item_offset
        return np.zeros_like(user_offset) + (self.offsets.mean if self.config.rating_offset == "mean" else 0)

    def own_likeness(self, pairs):
        """TF-IDF likeness [B, R] of each item review to the pair's own review."""
        return self.likeness(pairs.item_slots, self.bags[pairs.own])

    def personal_likeness(self, slots, wrote):
        """TF-IDF likeness [B, R] of reviews in slots [B, R] to what users wrote, `wrote` [B, V], sparse, more
        than to what anybody writes, in `question_length`s; 0 for a user who wrote nothing."""
        alike = self.likeness(slots, wrote) - self.common[slots] * _any(wrote)[:, None]
        return alike / self.question_length(wrote)[:, None]

    def cross_likeness(self, pairs):
        """`personal_likeness` [B, B] of each pair's own review (columns) to what each user (rows) wrote."""
        alike = (pairs.wrote @ self.bags[pairs.own].T).toarray()
        alike -= _any(pairs.wrote)[:, None] * self.common[pairs.own]
        return alike / self.question_length(pairs.wrote)[:, None]

    def question_length(self, wrote):
        """|mean_u t - t_any| [B] of what users wrote, `wrote` [B, V]; 1 without `unit_likeness`.

        Few reviews have a long mean, many that differ a short one: undivided, words would count for more the
        less somebody wrote.
        """
        if not self.config.unit_likeness:
            return np.ones(wrote.shape[0], np.float32)
        square = np.asarray(wrote.multiply(wrote).sum(1)).ravel() - 2 * (wrote @ self.anybody)
        return np.sqrt(np.maximum(square + self.anybody @ self.anybody, SMALLEST)).astype(np.float32)

    def inputs(self, pairs, whole=False):
        """The network's Inputs as arrays.

        Args:
          whole: slots are the artefact's rows themselves, tokens and topics are left empty: for batches whose
            encoded reviews [N+1, F] are fed instead.

        Returns:
          (Inputs, own [B]: each pair's own review among the item tower's reviews).
        """
        asked_by_text = "text" in self.config.attention_query
        heard = [pairs.user_slots, pairs.item_slots]
        user_rows = None if whole else _distinct(*(heard if asked_by_text else heard[:1]))
        item_rows = None if whole else _distinct(*(heard if asked_by_text else heard[1:]), pairs.own)
        user = self._side(pairs.user, pairs.item, pairs.user_slots, pairs.item_slots, user_rows,
                          self.artefact.review_item, asked_by_text)
        item = self._side(pairs.item, pairs.user, pairs.item_slots, pairs.user_slots, item_rows,
                          self.artefact.review_user, asked_by_text)
        if not whole:  # of most reviews both towers read the topics
            both = _distinct(user_rows, item_rows)
            topics = self.topics(both)
            user, item = (side._replace(topics=topics[np.searchsorted(both, rows)])
                          for side, rows in ((user, user_rows), (item, item_rows)))
        own = pairs.own if whole else np.searchsorted(item_rows, pairs.own).astype(np.int32)
        return Inputs(user, item, pairs.offset, pairs.residuals, pairs.lexical, pairs.typicality,
                      self.log_words[pairs.item_slots]), own

    def _served_slots(self):
        """(user slots, item slots) of *all* training reviews, as the catalogue is ranked and explained.

        With `mask_padding` off attention weighs empty slots too, so there as many as in training.
        """
        if not self.config.mask_padding:
            return self.user_slots, self.item_slots
        rows = contract.training_rows(self.artefact)
        return (contract.slots(self.artefact.review_user, rows, len(self.user_slots)),
                contract.slots(self.artefact.review_item, rows, len(self.item_slots)))

    def _side(self, ids, others, slots, other_slots, rows, counterpart, asked_by_text):
        def local(table):
            return table if rows is None else np.searchsorted(rows, table).astype(np.int32)

        if rows is None:
            tokens = np.zeros((1, self.config.window), np.int32)
        else:
            length = max(self.config.window, int(self.artefact.review_length[rows].max()))
            full = not self.config.mask_padding or self.config.conv_layout == "reshape"
            tokens = self.artefact.review_tokens[rows, :None if full else length]
        heard = other_slots if asked_by_text else np.zeros_like(other_slots)
        return Side(ids, others, tokens, self.topics([0]), local(slots), local(heard), counterpart[slots])

    def _offsets(self, user, item, rating):
        if rating is None or not self.config.leave_target_out:
            return self.offsets.user[user], self.offsets.item[item]
        return self.offsets.leave_out(user, item, rating)

    def _mean_bag(self, slots):
        """Mean TF-IDF vector [B, V] of the reviews in slots [B, R], sparse."""
        rows, places = np.nonzero(slots)
        count = np.bincount(rows, minlength=len(slots))
        weight = (1 / np.maximum(count, 1))[rows].astype(np.float32)
        chosen = sparse.csr_matrix((weight, (rows, slots[rows, places])), shape=(len(slots), self.count))
        return chosen @ self.bags

    def likeness(self, slots, vectors):
        """t_l . vector [B, R] of reviews in slots [B, R] and sparse vectors [B, V]."""
        bags = self.bags[slots.reshape(-1)]  # [B*R, V] sparse
        lengths, starts = np.diff(bags.indptr), bags.indptr[::slots.shape[1]]
        products, dense = np.empty_like(bags.data), np.zeros(bags.shape[1], np.float32)
        for row in range(len(slots)):  # one dense vector [V], not B of them
            words = slice(*vectors.indptr[row:row + 2])
            terms = slice(*starts[row:row + 2])
            dense[vectors.indices[words]] = vectors.data[words]
            products[terms] = bags.data[terms] * dense[bags.indices[terms]]
            dense[vectors.indices[words]] = 0
        totals = np.bincount(np.arange(len(lengths)).repeat(lengths), products, len(lengths))
        return totals.reshape(slots.shape).astype(np.float32)

    def _norms(self, slots):
        """t_l . t_l [B, R]: 1 but for words the vocabulary does not hold."""
        if not hasattr(self, "_squares"):
            self._squares = np.asarray(self.bags.multiply(self.bags).sum(1)).ravel()  # [N+1]
        return self._squares[slots]


def _any(bags):
    """Which of the bags [B, V] hold a known word: [B] 1 or 0."""
    return np.asarray(bags.sum(1) > 0, np.float32).ravel()


def _distinct(*tables):
    """Sorted distinct rows of tables, row 0 among them."""
    return np.unique(np.concatenate([[0]] + [table.reshape(-1) for table in tables]))
