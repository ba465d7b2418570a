"""From pairs of users and items to the arrays that the network reads.

One `Corpus` holds what all batches of an artefact share. `Corpus.pairs` gives the reviews of a batch of pairs with
their features; `Corpus.inputs` packs the distinct reviews of the batch for the text encoders.
"""
from typing import NamedTuple

import numpy as np
from scipy import sparse

from models.deeprecsys import Inputs, Side
from models.inputs import bags, review_slots
from models.inputs.other_reviews import OtherReviews
from preprocessing import artefact as contract
from preprocessing.bag import inverse_document_frequency

SMALLEST = 1e-12  # least square of a length that is a divisor


class Pairs(NamedTuple):
    """A batch of pairs. Reviews are given by their rows in the artefact.

    Where the pair's own review is known and left out, it is in none of these arrays but `own`.
    """
    user: np.ndarray  # [B]
    item: np.ndarray  # [B]
    own: np.ndarray  # [B] row of the pair's own review; 0: there is none, or it has no text
    user_slots: np.ndarray  # [B, R'] the user's reviews
    item_slots: np.ndarray  # [B, R] the item's reviews
    offset: np.ndarray  # [B] stars
    residuals: np.ndarray  # [B, R] stars
    lexical: np.ndarray  # [B, R] t_l . (mean of t over the user's reviews - mean bag)
    typicality: np.ndarray  # [B, R] t_l . mean of t over the item's other reviews
    expected: np.ndarray  # [B, R] t_l . the bag that is expected after the item's other reviews
    wrote: sparse.csr_matrix  # [B, V] mean of t over the user's reviews


class Corpus:
    """The inputs of one configuration of the network on one artefact.

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
        self.bags = bags.of_artefact(a, ~train)  # [N+1, V]
        self.mean_bag = a.mean_bag if config.centred_likeness else np.zeros_like(a.mean_bag)  # [V]
        self.mean_bag_likeness = self.bags @ self.mean_bag  # [N+1] similarity of each review to the mean bag
        self.mean_bag_topics = self.mean_bag @ a.word_topics  # [D]
        self.idf = inverse_document_frequency(a.document_frequency, a.meta["training_reviews"])  # [V]
        self.log_words = np.log1p(np.diff(self.bags.indptr)).astype(np.float32)  # [N+1]
        of_training = review_slots.chosen(a, config)
        self.user_slots, self.item_slots = of_training
        self.served_slots = review_slots.served(a, config, of_training)
        self.to_others = OtherReviews(self.bags, a.review_item, contract.training_rows(a))

    def topics(self, rows):
        """Returns H^T (t - t_any) [M, D] of reviews, given by rows [M]; 0 for a review without a known word.

        Topics are computed on demand: stored for all reviews they would be the largest array but the word tables.
        """
        some = self.bags[rows]  # [M, V]
        topics, has_words = some @ self.artefact.word_topics, np.diff(some.indptr) > 0
        np.subtract(topics, self.mean_bag_topics, out=topics, where=has_words[:, None])
        return topics

    def release_word_vectors(self):
        """Replaces the artefact by one without word vectors, to save memory."""
        self.artefact = self.artefact._replace(word_vectors=None)

    def pairs(self, user, item, own=None, rating=None, slots=None, with_usefulness=True):
        """Returns the Pairs of users [B] and items [B].

        Args:
          own: [B] rows of the pairs' own reviews, which are left out of every input; None: no review is left out.
          rating: [B] the pairs' own ratings, which are left out of the offsets; None: the offsets do not contain them.
          slots: (user slots [U, R'], item slots [I, R]) to read instead of those of training.
          with_usefulness: whether the parts of the usefulness are computed, or are 0: in training it has no weight.
        """
        user_slots, item_slots = self.slots_without(user, item, own, slots)
        own = np.zeros(len(user), np.int32) if own is None else own
        user_offset, item_offset = self._offsets(user, item, rating)
        offset = self.base_offset(user_offset, item_offset)
        a, mean = self.artefact, self.offsets.mean
        residuals = a.review_rating[item_slots] - mean - self.offsets.user[a.review_user[item_slots]]
        residuals = np.where(item_slots > 0, residuals - item_offset[:, None], 0)
        wrote = bags.mean(self.bags, user_slots)
        useful = np.zeros((2,) + item_slots.shape, np.float32)
        if with_usefulness and self.config.usefulness:
            useful = self.to_others(item_slots)
        return Pairs(np.asarray(user, np.int32), np.asarray(item, np.int32),
                     self.own_texts(own), user_slots, item_slots,
                     offset.astype(np.float32), residuals.astype(np.float32),
                     self.personal_likeness(item_slots, wrote), *useful, wrote)

    def slots_without(self, user, item, own=None, slots=None):
        """Returns the user slots [B, R'] and item slots [B, R] of pairs, as in `pairs`, without their own reviews."""
        user_table, item_table = slots or (self.user_slots, self.item_slots)
        tables = user_table[user], item_table[item]
        if own is None or not self.config.leave_target_out:
            return tables
        return tuple(np.where(table == own[:, None], 0, table) for table in tables)

    def own_texts(self, own):
        """Returns the rows of own reviews [B], 0 where one has no text."""
        return np.where(self.artefact.review_length[own] > 0, own, 0)

    def distinct(self, user_slots, item_slots, own):
        """Returns the distinct reviews of a batch that the user tower and the item tower encode: two sorted arrays."""
        slots = user_slots, item_slots
        if self.config.text_query:
            return _distinct(*slots), _distinct(*slots, own)
        return _distinct(user_slots), _distinct(item_slots, own)

    def base_offset(self, user_offset, item_offset):
        """Returns the stars that are known without reading a review, of offsets [..]."""
        if self.config.leave_one_out_offsets:
            return self.offsets.mean + user_offset + item_offset
        return np.zeros_like(user_offset) + (self.offsets.mean if self.config.mean_offset else 0)

    def personal_likeness(self, slots, wrote):
        """Returns t_l . (w - t_any) / |w - t_any| [B, R] of reviews in slots [B, R], w a row of `wrote` [B, V], sparse.

        It is 0 for a user who wrote nothing. The divisor is `query_length`.
        """
        alike = self.likeness(slots, wrote) - self.mean_bag_likeness[slots] * bags.have_words(wrote)[:, None]
        return alike / self.query_length(wrote)[:, None]

    def cross_likeness(self, pairs, own=None):
        """Returns the `personal_likeness` [B, G] of own reviews (columns) to the reviews of each user (rows).

        The own reviews are those of the pairs, G = B, or those of given rows `own` [G].
        """
        return self.personal_likeness_of_all(pairs.own if own is None else own, pairs.wrote)

    def personal_likeness_of_all(self, rows, wrote, dense=False):
        """Returns the `personal_likeness` [B, M] of the reviews in rows [M] to every row of `wrote` [B, V], sparse.

        `dense` is that of `bags.all_products`.
        """
        alike = bags.all_products(self.bags, rows, wrote, dense)
        alike -= bags.have_words(wrote)[:, None] * self.mean_bag_likeness[rows]
        alike /= self.query_length(wrote)[:, None]
        return alike

    def likeness(self, slots, vectors):
        """Returns t_l . vector [B, R] of reviews in slots [B, R] and sparse vectors [B, V]."""
        return bags.likeness(self.bags, slots, vectors)

    def wrote(self, users):
        """Returns the mean TF-IDF vectors [m, V] of all training reviews of users [m], sparse."""
        return bags.mean(self.bags, self.served_slots.user[users])

    def query_length(self, wrote):
        """Returns |mean_u t - t_any| [B] of the mean bags of users, `wrote` [B, V]; 1 without `unit_likeness`.

        The mean of a few reviews is long, the mean of many different ones is short. Without the division words would
        count more for a user with fewer reviews.
        """
        if not self.config.unit_likeness:
            return np.ones(wrote.shape[0], np.float32)
        square = np.asarray(wrote.multiply(wrote).sum(1)).ravel() - 2 * (wrote @ self.mean_bag)
        return np.sqrt(np.maximum(square + self.mean_bag @ self.mean_bag, SMALLEST)).astype(np.float32)

    def inputs(self, pairs, whole=False):
        """Returns the network's Inputs as arrays, and the row [B] of each pair's own review in the item's tokens.

        Args:
          pairs: Pairs.
          whole: for batches that are fed with all reviews encoded before: slots hold rows of the artefact, and tokens
            and topics are left empty.
        """
        text_query = self.config.text_query
        user_rows, item_rows = (None, None) if whole else self.distinct(pairs.user_slots, pairs.item_slots, pairs.own)
        user = self._side(pairs.user, pairs.item, pairs.user_slots, pairs.item_slots, user_rows,
                          self.artefact.review_item, text_query)
        item = self._side(pairs.item, pairs.user, pairs.item_slots, pairs.user_slots, item_rows,
                          self.artefact.review_user, text_query)
        if not whole:  # both towers read the topics of most reviews
            both = _distinct(user_rows, item_rows)
            topics = self.topics(both)
            user, item = (side._replace(topics=topics[np.searchsorted(both, rows)])
                          for side, rows in ((user, user_rows), (item, item_rows)))
        own = pairs.own if whole else np.searchsorted(item_rows, pairs.own).astype(np.int32)
        return Inputs(user, item, pairs.offset, pairs.residuals, pairs.lexical, pairs.typicality,
                      self.log_words[pairs.item_slots], pairs.expected), own

    def _side(self, ids, others, slots, other_slots, rows, counterpart, text_query):
        """Returns one Side of the inputs; `rows` are the reviews in its tokens, None: all reviews of the artefact."""
        def local(table):
            return table if rows is None else np.searchsorted(rows, table).astype(np.int32)

        if rows is None:
            tokens = np.zeros((1, self.config.window), np.int32)
        else:
            length = max(self.config.window, int(self.artefact.review_length[rows].max()))
            full = not self.config.mask_padding or not self.config.word_convolution
            tokens = self.artefact.review_tokens[rows, :None if full else length]
        query_slots = other_slots if text_query else np.zeros_like(other_slots)
        return Side(ids, others, tokens, self.topics([0]), local(slots), local(query_slots),
                    counterpart[slots])

    def _offsets(self, user, item, rating):
        if rating is None or not self.config.leave_target_out:
            return self.offsets.user[user], self.offsets.item[item]
        return self.offsets.leave_out(user, item, rating)


def _distinct(*tables):
    """Returns the sorted distinct rows in tables, always with row 0."""
    return np.unique(np.concatenate([[0]] + [table.reshape(-1) for table in tables]))
