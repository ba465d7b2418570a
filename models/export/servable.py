"""The network as it is served: it uses reviews encoded at export, and ranks the whole catalogue by a few products.

It has standard TensorFlow operations only, so that a SavedModel needs no Python. `serving.signatures` holds the names
of inputs and outputs.
"""
from typing import NamedTuple

from models.deeprecsys import Inputs, Side
from models.export import ranking
from models.export import shopper as shoppers
from models.export import served_order, stored_rankings, terms, two_stage
from models.inputs.expected_words import DAMPING
from models.network import layers
from runtime.tf1 import tf


class Explained(NamedTuple):
    """Explanations of pairs [B], with R reviews of the item and R' reviews of the user."""
    rating: tf.Tensor  # [B]
    item_reviews: tf.Tensor  # [B, R] rows of reviews, 0 = empty slot
    item_weights: tf.Tensor  # [B, R]
    personal: tf.Tensor  # [B, R] s
    personal_part: tf.Tensor  # [B, R] the user's part of the logit of the weight
    useful_part: tf.Tensor  # [B, R] the other part, the same for all users
    votes: tf.Tensor  # [B, R] stars
    user_weights: tf.Tensor  # [B, R']


class _Texts(NamedTuple):
    """The B x R texts of a request."""
    tokens: tf.Tensor  # [B*R, L]
    slots: tf.Tensor  # [B, R] numbers of the texts, from 1; 0 = no text
    terms: terms.Terms  # of B*R reviews
    topics: tf.Tensor  # [B*R, D]


class Servable:
    """The served graph of a network.

    Args:
      network: DeepRecSys of encoder 'plain' or 'dense', built in the current graph.
      catalogue: served_catalogue.Catalogue of variables.
      order: served_order.ServedOrder of variables; None: items are ordered by predicted stars.
      stored: stored_rankings.Stored of variables.
      sizes: Sizes of the network.
      shape: (slots, words) of a user in training.
      index: item_index.ItemIndex of variables, by which the catalogue is ranked in two stages; None: exactly.
    """

    def __init__(self, network, catalogue, order, stored, sizes, shape, index=None):
        self.network, self.catalogue, self.order, self.stored = network, catalogue, order, stored
        self.sizes, self.shape, self.index = sizes, shape, index

    def serving_default(self, user_texts, item_texts, user, item, residuals):
        """Returns the Outputs of the published signature, whose reviews are given as word ids.

        Args:
          user_texts: [B, R', L], item_texts: [B, R, L] int32; a review of padding alone is an empty slot.
          user, item: [B] int32.
          residuals: [B, R] float32 stars.
        """
        length = tf.maximum(tf.shape(user_texts)[2], tf.shape(item_texts)[2])
        of_user, of_item = (self._read(texts, length) for texts in (user_texts, item_texts))
        first = 1 + tf.shape(of_user.tokens)[0]  # row 0 is the empty review
        slots = of_user.slots, tf.where(of_item.slots > 0, of_item.slots + first - 1, of_item.slots)
        tokens, topics = (tf.concat([tf.zeros_like(user_part[:1]), user_part, item_part], 0)
                          for user_part, item_part in ((of_user.tokens, of_item.tokens),
                                                       (of_user.topics, of_item.topics)))
        features = self._features(of_user, of_item)
        no_authors = tf.zeros_like
        inputs = Inputs(Side(user, item, tokens, topics, slots[0], slots[1], no_authors(slots[0])),
                        Side(item, user, tokens, topics, slots[1], slots[0], no_authors(slots[1])),
                        self._offset(user, item), residuals, *features)
        return self.network(inputs)[0]

    def explain(self, shopper, row, item):
        """Returns the Explained pairs [B] of the users in rows [B] of a Shopper, and of items [B]."""
        c, network = self.catalogue, self.network
        position, mask = shoppers.positions(c.items, item)  # [B, R]
        review = tf.gather(c.items.review, position) * tf.cast(mask, tf.int32)
        keys = self._keys(position)  # [B, R, A]
        query = tf.gather(shopper.query, row)[:, tf.newaxis]  # [B, 1, A]
        personal = network.item.match(keys, query)[:, 0]
        lexical = tf.zeros_like(personal)
        if network.config.lexical_skip:
            lexical = self._lexical(shopper, row, position, review)
            personal += network.item.lexical_part(lexical)
        useful = tf.gather(c.useful, position)
        weights = layers.masked_softmax(network.attention_logits(personal, useful, lexical), mask)
        values = tf.gather(c.items.values, position)  # [B, R, K+2]
        votes = network.votes(weights, values[:, :, -2], mask)
        user_latent, user_weights = self._user(shopper, row, item)
        item_latent = (network.item.pool(weights, values[:, :, :-2]) + network.item.pool_bias
                       + tf.gather(network.item.latent, item))
        rating = (tf.gather(shopper.offset, row) + tf.gather(c.items.offset, item)
                  + network.interaction(user_latent, item_latent) + tf.reduce_sum(votes, -1))
        useful_part = network.mix * useful if network.config.usefulness else tf.zeros_like(useful)
        return Explained(rating, review, weights, personal, network.personal_part(personal, lexical), useful_part,
                         votes, user_weights)

    def _keys(self, position):
        """Returns the unit keys [B, R, A] of the items' reviews at positions [B, R], read from the table by number."""
        if self.index is not None:
            return tf.gather(self.catalogue.table, position)
        dim, count = self.network.config.attention_dim, tf.shape(self.catalogue.table, out_type=tf.int64)[1]
        cell = tf.cast(position, tf.int64)[:, :, tf.newaxis] + count * tf.range(dim, dtype=tf.int64)
        return tf.gather(tf.reshape(self.catalogue.table, [-1]), cell)

    def _user(self, shopper, row, item):
        """Returns (p_u [B, K], weights [B, R'] of the user's reviews) with items [B] as queries."""
        tower, of_row = self.network.user, lambda part: tf.gather(part, row)
        query = tf.gather(self.catalogue.items.queries, item)[:, tf.newaxis]  # [B, 1, A]
        scores = tower.match(of_row(shopper.keys), query)[:, 0]
        weights = layers.masked_softmax(scores, of_row(shopper.mask))  # [B, R']
        return tower.pool(weights, of_row(shopper.values)) + tower.pool_bias + of_row(shopper.latent), weights

    def _lexical(self, shopper, row, position, review):
        """Returns the TF-IDF similarity [B, R] of items' reviews to the user's lexical query, minus the mean bag."""
        c, shape = self.catalogue, tf.shape(review)
        item_terms = terms.of_rows(tf.reshape(review, [-1]), c.bags)
        bag_of = tf.reshape(row[:, tf.newaxis] + tf.zeros_like(review), [-1])
        likeness = terms.likeness(item_terms, shopper.words, bag_of, self.sizes.words)
        to_mean_bag = tf.gather(c.mean_bag_likeness, position) * tf.cast(review > 0, tf.float32)
        return tf.reshape(likeness, shape) - tf.gather(shopper.mean_bag_weight, row)[:, tf.newaxis] * to_mean_bag

    def parts(self, explained, shopper, bought_of, row, item):
        """Returns the served_order.Parts of pairs [B] that `explain` explained; see there."""
        given = tf.gather(self.order.given, shoppers.positions(self.catalogue.items, item)[0])  # [B, R]
        real = explained.item_reviews > 0
        return served_order.parts(self.order, explained.personal, given, real, bought_of, row, item,
                                  tf.gather(shopper.care, row))

    def rank(self, user, top, unbought=False, without=None, evidence_alone=False):
        """Returns the best items of the whole catalogue for users [B].

        Args:
          top: scalar int32, how many, 1 to I.
          unbought: whether items that the user has training ratings of are left out; scalar bool tensor, or bool.
          without: [B, X] int32 items to leave out, -1: none; or None.
          evidence_alone: whether items are ordered by evidence alone. Such rankings are never stored.

        Returns:
          ranking.Best of [B, k].
        """
        if without is None:
            without = tf.zeros([tf.size(user), 0], tf.int32)

        def rank_for(user_and_without):
            user, without = user_and_without
            bought = self.bought(user)
            excluded = tf.concat([without, bought[:tf.where(unbought, tf.size(bought), 0)]], 0)

            def rank_all():
                known = shoppers.known(self.network, self.catalogue, user[tf.newaxis])
                return self._best(evidence_alone, known.shopper, top, excluded, bought)

            if evidence_alone:
                return rank_all()
            return tf.cond(stored_rankings.suffices(self.stored, top, excluded),
                           lambda: ranking.Best(*stored_rankings.best(self.stored, user, top, excluded)), rank_all)

        return tf.map_fn(rank_for, (user, without), dtype=ranking.Best(tf.int32, tf.float32, tf.float32))

    def rank_new(self, user, rated, top, evidence_alone=False):
        """Returns the ranking.Best items for the one user of a Shopper without an id.

        Args:
          rated: [m] int32 items, -1: none. They are not ranked, and are the user's purchases.
          evidence_alone: whether items are ordered by evidence alone.
        """
        return self._best(evidence_alone, user, top, rated, self.bought_new(rated))

    def _best(self, evidence_alone, shopper, top, without, bought):
        """Returns the ranking.Best items for the first user of a Shopper; see there."""
        order = served_order.only_evidence(self.order) if evidence_alone else self.order
        request = shopper, top, without, bought
        if self.index is None:
            return ranking.best(self.network, self.catalogue, order, *request)
        return two_stage.best(self.network, self.catalogue, order, self.index, *request)

    @staticmethod
    def bought_new(rated):
        """Returns the purchases of a new user, each once: the items rated [m], where -1 is none."""
        return tf.unique(tf.boolean_mask(rated, rated >= 0))[0]

    def bought(self, user):
        """Returns the items that a user has training ratings of, each once."""
        return self.catalogue.bought_item[self.catalogue.bought_start[user]:self.catalogue.bought_start[user + 1]]

    def _read(self, texts, length):
        """Returns the _Texts of word ids [B, R, L'], padded to `length` words."""
        bags = self.catalogue.bags
        shape = tf.shape(texts)
        tokens = tf.pad(tf.reshape(texts, [-1, shape[2]]), [[0, 0], [0, length - shape[2]]])  # [B*R, L]
        number = 1 + tf.reshape(tf.range(tf.shape(tokens)[0]), shape[:2])
        slots = tf.where(tf.reduce_any(texts > 0, 2), number, tf.zeros_like(number))
        text_terms = terms.of_tokens(tokens, bags.idf)
        return _Texts(tokens, slots, text_terms, terms.topics(text_terms, tf.size(slots), bags.topics, bags.mean_bag))

    def _features(self, of_user, of_item):
        """Returns (lexical, typicality, log words, expected), each [B, R], of the _Texts of users and of items."""
        shape, size = tf.shape(of_item.slots), tf.size(of_item.slots)
        bag_of = tf.reshape(tf.tile(tf.range(shape[0])[:, tf.newaxis], [1, shape[1]]), [-1])  # [B*R]

        def likeness(bags):
            return terms.likeness(of_item.terms, bags, bag_of, self.sizes.words)

        def to_others(words):  # [B, R] sum of the similarities to the item's other reviews, whose Terms are weighted
            sums = tf.reshape(likeness(terms.mean(words, of_item.slots > 0)), shape) * tf.maximum(count, 1.)
            return sums - tf.reshape(terms.products(of_item.terms, words, size), shape)

        bags = self.catalogue.bags
        count = tf.reduce_sum(tf.cast(of_item.slots > 0, tf.float32), 1, keepdims=True)  # [B, 1]
        typicality = to_others(of_item.terms) / tf.maximum(count - 1, 1.)
        expected = to_others(terms.scaled(of_item.terms, bags.repeat)) / (tf.maximum(count - 1, 0.) + DAMPING)
        expected += tf.reshape(terms.to_bag(of_item.terms, size, bags.usual), shape)
        mean_bag = bags.mean_bag
        query, mean_bag_weight = terms.query(terms.mean(of_user.terms, of_user.slots > 0), shape[0], mean_bag,
                                             self.network.config.unit_likeness)
        to_mean_bag = terms.to_bag(of_item.terms, size, mean_bag)
        lexical = likeness(query) - tf.gather(mean_bag_weight, bag_of) * to_mean_bag
        log_words = tf.math.log1p(terms.distinct_words(of_item.terms, size))
        return tf.reshape(lexical, shape), typicality, tf.reshape(log_words, shape), expected

    def _offset(self, user, item):
        """Returns the offset [B] of serving_default, without the learned offsets that the network adds itself."""
        offset = tf.gather(self.catalogue.users.offset, user) + tf.gather(self.catalogue.items.offset, item)
        if self.network.config.learned_offsets:
            offset -= tf.gather(self.network.user.offset, user) + tf.gather(self.network.item.offset, item)
        return offset
