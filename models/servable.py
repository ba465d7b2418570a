"""The network as it is served: every review read once, the whole catalogue ranked by a few products.

Standard TensorFlow operations only: what is exported needs no Python. `signatures` names the wire.
"""
from typing import NamedTuple

import numpy as np
import tensorflow.compat.v1 as tf

from models import layers, terms
from models.deeprecsys import Inputs, Side
from models.tower import Read


class Catalogue(NamedTuple):
    """What the export keeps of users, items and training reviews. Reviews by their rows, 0 = none."""
    user_slots: tf.Tensor  # [U, R'] all training reviews of each user
    item_slots: tf.Tensor  # [I, R]
    residual: tf.Tensor  # [N+1] stars of the review beyond what its author and item give
    typicality: tf.Tensor  # [N+1] TF-IDF likeness to the item's other reviews
    log_words: tf.Tensor  # [N+1]
    base_user: tf.Tensor  # [U] the user's part of the offset, stars
    base_item: tf.Tensor  # [I] the item's part
    term_start: tf.Tensor  # [N+2] stored bags, see terms.of_rows
    term_word: tf.Tensor
    term_weight: tf.Tensor
    idf: tf.Tensor  # [V]
    word_topics: tf.Tensor  # [V, D]
    anybody: tf.Tensor  # [V] mean training bag, which likeness is measured from
    bought_start: tf.Tensor  # [U+1] where each user's training items start
    bought_item: tf.Tensor  # items
    ranked_review: tf.Tensor  # [n] rows of item_slots that attention weighs, item by item
    ranked_item: tf.Tensor  # [n] their items


class Servable:
    """The served graph of a network.

    Args:
      network: DeepRecSys of encoder 'dense', built in the current graph.
      catalogue: Catalogue of variables.
      user_read, item_read: Read of variables, all reviews [N+1, ..] as either tower read them.
      item_queries: [I, A] variable, each item asking the user tower's reviews.
    """

    def __init__(self, network, catalogue, user_read, item_read, item_queries):
        self.network, self.catalogue = network, catalogue
        self.user_read, self.item_read, self.item_queries = user_read, item_read, item_queries

    def serving_default(self, user_texts, item_texts, user, item, residuals):
        """The published signature: reviews come as word ids.

        Args:
          user_texts: [B, R', L], item_texts: [B, R, L] int32; a review of padding alone is an empty slot.
          user, item: [B] int32.
          residuals: [B, R] float32 stars.

        Returns:
          Outputs.
        """
        length = tf.maximum(tf.shape(user_texts)[2], tf.shape(item_texts)[2])
        flat = []
        for texts in (user_texts, item_texts):
            texts = tf.pad(texts, [[0, 0], [0, 0], [0, length - tf.shape(texts)[2]]])
            flat.append(tf.reshape(texts, [-1, length]))
        tokens = tf.concat([tf.zeros([1, length], tf.int32)] + flat, 0)  # [1 + B*R' + B*R, L]
        count = tf.shape(tokens)[0]
        bags = terms.of_tokens(tokens, self.catalogue.idf)
        topics = terms.topics(bags, count, self.catalogue.word_topics, self.catalogue.anybody)
        slots = []
        start = 1
        for texts, rows in zip((user_texts, item_texts), flat):
            number = tf.reshape(start + tf.range(tf.shape(rows)[0]), tf.shape(texts)[:2])
            slots.append(tf.where(tf.reduce_any(texts > 0, 2), number, tf.zeros_like(number)))
            start += tf.shape(rows)[0]
        features = self._features(slots[0], slots[1], lambda rows: terms.of_tokens(tf.gather(tokens, rows),
                                                                                   self.catalogue.idf))
        log_words = tf.math.log1p(tf.gather(terms.distinct_words(bags, count), slots[1]))
        none = tf.zeros_like
        inputs = Inputs(Side(user, item, tokens, topics, slots[0], slots[1], none(slots[0])),
                        Side(item, user, tokens, topics, slots[1], slots[0], none(slots[1])),
                        self._offset(user, item), residuals, features[0], features[1], log_words)
        return self.network(inputs)[0]

    def explain(self, user, item):
        """Pairs by their numbers [B]: (Outputs, item slots [B, R], user slots [B, R'])."""
        c = self.catalogue
        user_slots, item_slots = self._slots(c.user_slots, user), self._slots(c.item_slots, item)
        lexical, _ = self._features(user_slots, item_slots, self._stored)
        inputs = Inputs(Side(user, item, None, None, user_slots, item_slots, None),
                        Side(item, user, None, None, item_slots, user_slots, None),
                        self._offset(user, item), tf.gather(c.residual, item_slots), lexical,
                        tf.gather(c.typicality, item_slots), tf.gather(c.log_words, item_slots))
        return self.network.rate(inputs, self.user_read, self.item_read), item_slots, user_slots

    def rank(self, user, top, unbought=False):
        """The best items of the whole catalogue for users [B].

        Args:
          top: scalar int32, how many; at most I are given.
          unbought: leave out the items that the user has training ratings of.

        Returns:
          (item [B, k] int32, rating [B, k] float32 stars), best first; item -1 and rating 0 where none is left.
        """
        items = tf.shape(self.catalogue.item_slots)[0]
        top = tf.clip_by_value(top, 0, items)
        known = tf.gather(self.catalogue.user_slots, user)[:, 0]  # an unknown user is refused before the loop

        def one(number):
            rating = self.rate_catalogue(number)
            if unbought:
                rating = tf.where(self._bought(number), tf.fill([items], layers.NEVER), rating)
            rating, item = tf.math.top_k(rating, top)
            left = rating > layers.NEVER / 2
            return tf.where(left, item, -tf.ones_like(item)), tf.where(left, rating, tf.zeros_like(rating))

        with tf.control_dependencies([known]):
            return tf.map_fn(one, tf.identity(user), dtype=(tf.int32, tf.float32))

    def rate_catalogue(self, user):
        """Ratings [I] of all items for one user (scalar): `explain` for all items at once."""
        c, network = self.catalogue, self.network
        items = tf.shape(c.item_slots)[0]
        wrote = self._slots(c.user_slots, [user])  # [1, R']
        item_latent, votes = self._item_latents(user, wrote)
        answers = tf.gather(self.user_read.answers, wrote[0])  # [R', A]
        queries = self.item_queries[:, tf.newaxis]  # [I, 1, A]
        scores = network.user.score(answers[tf.newaxis], queries) + tf.zeros([items, 1])  # [I, R']
        user_weights = layers.masked_softmax(scores, network.real(wrote) & tf.ones([items, 1], tf.bool))
        pooled = tf.matmul(user_weights, tf.gather(self.user_read.texts, wrote[0]))  # [I, F]
        user_latent = network.user.represent(pooled, tf.fill([items], user))  # [I, K]
        every = tf.range(items)
        base = network.base(self._offset(tf.fill([items], user), every), tf.fill([items], user), every,
                            user_latent, item_latent)
        return base + votes

    def _item_latents(self, user, wrote):
        """(item latents [I, K], votes [I]) of the item tower for one user who wrote rows [1, R']."""
        c, network, tower = self.catalogue, self.network, self.network.item
        rows, item = c.ranked_review, c.ranked_item  # [n]
        items = tf.shape(c.item_slots)[0]
        answers = tf.gather(self.item_read.answers, rows)  # [n, A]
        mean = layers.masked_mean(tf.gather(self.item_read.answers, wrote), wrote > 0)  # [1, A]
        query = tower.query(tf.reshape(user, [1]), mean)  # [1, A]
        personal = tower.score(answers, query)  # [n]
        if network.config.lexical_skip:
            vector = terms.mean_of_slots(self._stored(tf.reshape(wrote, [-1])), wrote > 0, tf.size(c.idf))
            vector = terms.less(vector, c.anybody)[0]
            products = tf.gather(vector, c.term_word) * c.term_weight
            review = tf.repeat(tf.range(tf.size(c.term_start) - 1), c.term_start[1:] - c.term_start[:-1])
            lexical = tf.math.unsorted_segment_sum(products, review, tf.size(c.term_start) - 1)  # [N+1]
            personal += tower.lexical_part(tf.gather(lexical, rows))
        useful = network.usefulness(tf.gather(c.typicality, rows), tf.gather(c.log_words, rows))
        weights = _segment_softmax(network.shown(personal, useful), item, items)  # [n]
        texts = tf.gather(self.item_read.texts, rows) * weights[:, tf.newaxis]
        latent = tower.represent(tf.math.unsorted_segment_sum(texts, item, items), tf.range(items))
        votes = tf.zeros([items])
        if network.config.review_votes:
            real = tf.cast(network.real(rows), tf.float32)

            def total(values):
                return tf.math.unsorted_segment_sum(values, item, items)

            excess = weights - real / tf.gather(tf.maximum(total(real), 1.), item)
            votes = (network.vote_gain * total(excess * tf.gather(c.residual, rows))
                     / (1 + network.vote_shrink * total(weights ** 2)))
        return latent, votes

    def _features(self, user_slots, item_slots, bags_of):
        """(lexical, typicality), each [B, R], of slots; `bags_of(rows [M])` gives their Terms."""
        words, slots = tf.size(self.catalogue.idf), tf.shape(item_slots)[1]
        wrote = terms.mean_of_slots(bags_of(tf.reshape(user_slots, [-1])), user_slots > 0, words)
        said = bags_of(tf.reshape(item_slots, [-1]))
        mean = terms.mean_of_slots(said, item_slots > 0, words)
        count = tf.maximum(tf.reduce_sum(tf.cast(item_slots > 0, tf.float32), 1, keepdims=True), 1.)  # [B, 1]
        itself = tf.reshape(terms.squares(said, tf.size(item_slots)), tf.shape(item_slots))
        typicality = (terms.likeness(said, mean, slots) * count - itself) / tf.maximum(count - 1, 1.)
        return terms.likeness(said, terms.less(wrote, self.catalogue.anybody), slots), typicality

    def _slots(self, table, ids):
        """Slots [B, R] of ids [B], without the columns that are empty for all; at least one stays."""
        slots = tf.gather(table, ids)
        if not self.network.config.mask_padding:  # attention weighs empty slots too
            return slots
        used = tf.reduce_max(tf.cast(slots > 0, tf.int32) * (1 + tf.range(tf.shape(slots)[1])))
        return slots[:, :tf.maximum(used, 1)]

    def _stored(self, rows):
        c = self.catalogue
        return terms.of_rows(rows, c.term_start, c.term_word, c.term_weight)

    def _offset(self, user, item):
        return tf.gather(self.catalogue.base_user, user) + tf.gather(self.catalogue.base_item, item)

    def _bought(self, user):
        c = self.catalogue
        mine = c.bought_item[c.bought_start[user]:c.bought_start[user + 1]]
        return tf.scatter_nd(mine[:, tf.newaxis], tf.ones_like(mine), tf.shape(c.item_slots)[:1]) > 0


def _segment_softmax(logits, segment, count):
    """Softmax of logits [n] within each of `count` segments."""
    highest = tf.math.unsorted_segment_max(logits, segment, count)
    raised = tf.exp(logits - tf.gather(highest, segment))
    return raised / tf.gather(tf.math.unsorted_segment_sum(raised, segment, count), segment)


def catalogue_arrays(corpus):
    """The Catalogue of a corpus, as arrays."""
    a, offsets = corpus.artefact, corpus.offsets
    user_slots, item_slots = corpus.served_slots
    every = np.arange(len(item_slots))
    pairs = corpus.pairs(np.zeros(len(every), np.int32), every, slots=corpus.served_slots)
    typicality = np.zeros(len(a.review_item), np.float32)
    typicality[item_slots] = pairs.typicality
    typicality[0] = 0
    residual = a.review_rating - offsets.mean - offsets.user[a.review_user] - offsets.item[a.review_item]
    training = np.zeros(len(a.review_item), bool)
    training[item_slots] = training[user_slots] = True
    training[0] = False
    bags = corpus.bags.multiply(training[:, None]).tocsr()  # nothing of held-out reviews is exported
    bags.eliminate_zeros()
    weighed = item_slots > 0 if corpus.config.mask_padding else np.ones(item_slots.shape, bool)
    item, place = np.nonzero(weighed)
    bought = np.unique(np.stack([a.train.user, a.train.item], 1), axis=0)
    base = corpus.base_offset(np.zeros(1), np.zeros(1))[0]
    leave_one_out = corpus.config.offsets == "leave_one_out"
    return Catalogue(
        user_slots=user_slots, item_slots=item_slots,
        residual=np.where(training, residual, 0).astype(np.float32), typicality=typicality,
        log_words=corpus.log_words * training,
        base_user=(base + offsets.user * leave_one_out).astype(np.float32),
        base_item=(offsets.item * leave_one_out).astype(np.float32),
        term_start=bags.indptr.astype(np.int32), term_word=bags.indices.astype(np.int32), term_weight=bags.data,
        idf=corpus.idf, word_topics=a.word_topics, anybody=corpus.anybody,
        bought_start=np.searchsorted(bought[:, 0], np.arange(len(user_slots) + 1)).astype(np.int32),
        bought_item=bought[:, 1].astype(np.int32),
        ranked_review=item_slots[item, place], ranked_item=item.astype(np.int32))
