"""The network as it is served: every review read once, the whole catalogue ranked by a few products.

Standard TensorFlow operations only: what is exported needs no Python. `serving.signatures` names the wire.
"""
from typing import NamedTuple

from models.deeprecsys import Inputs, Side
from models.export import ranking
from models.export import shopper as shoppers
from models.export import stored_rankings, terms
from models.network import layers
from runtime.tf1 import tf


class Explained(NamedTuple):
    """Pairs [B]; R of the item's reviews, R' of the shopper's."""
    rating: tf.Tensor  # [B]
    item_reviews: tf.Tensor  # [B, R] rows, 0 = none
    item_weights: tf.Tensor  # [B, R]
    personal: tf.Tensor  # [B, R] part of the weight's logit
    useful: tf.Tensor  # [B, R] the other part
    votes: tf.Tensor  # [B, R] stars
    user_weights: tf.Tensor  # [B, R']


class _Said(NamedTuple):
    """Texts as they come in a request, B x R of them."""
    tokens: tf.Tensor  # [B*R, L]
    slots: tf.Tensor  # [B, R] their numbers from 1, 0 where there is none
    terms: terms.Terms  # of B*R reviews
    topics: tf.Tensor  # [B*R, D]


class Servable:
    """The served graph of a network.

    Args:
      network: DeepRecSys of encoder 'plain' or 'dense', built in the current graph.
      catalogue: catalogue.Catalogue of variables.
      stored: stored_rankings.Stored of variables.
      sizes: Sizes of the network.
      shape: (slots, words) of a shopper in training.
    """

    def __init__(self, network, catalogue, stored, sizes, shape):
        self.network, self.catalogue, self.stored, self.sizes, self.shape = network, catalogue, stored, sizes, shape

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
        wrote, said = (self._said(texts, length) for texts in (user_texts, item_texts))
        first = 1 + tf.shape(wrote.tokens)[0]  # row 0 is the empty review
        slots = wrote.slots, tf.where(said.slots > 0, said.slots + first - 1, said.slots)
        tokens, topics = (tf.concat([tf.zeros_like(one[:1]), one, other], 0) for one, other in (
            (wrote.tokens, said.tokens), (wrote.topics, said.topics)))
        lexical, typicality, log_words = self._features(wrote, said)
        none = tf.zeros_like
        inputs = Inputs(Side(user, item, tokens, topics, slots[0], slots[1], none(slots[0])),
                        Side(item, user, tokens, topics, slots[1], slots[0], none(slots[1])),
                        self._base(user, item), residuals, lexical, typicality, log_words)
        return self.network(inputs)[0]

    def explain(self, shopper, asker, item):
        """Explained pairs [B]: the shopper of number `asker` [B] among a Shopper, and items [B]."""
        c, network = self.catalogue, self.network
        place, weighed = shoppers.places(c.items, item)  # [B, R]
        review = tf.gather(c.items.review, place) * tf.cast(weighed, tf.int32)
        keys = self._keys(place)  # [B, R, A]
        question = tf.gather(shopper.question, asker)[:, tf.newaxis]  # [B, 1, A]
        personal = network.item.match(keys, question)[:, 0]
        if network.config.lexical_skip:
            personal += network.item.lexical_part(self._likeness(shopper, asker, place, review))
        useful = tf.gather(c.useful, place)
        weights = layers.masked_softmax(network.attention_logits(personal, useful), weighed)
        values = tf.gather(c.items.values, place)  # [B, R, K+2]
        votes = network.votes(weights, values[:, :, -2], weighed)
        user_latent, user_weights = self._user(shopper, asker, item)
        item_latent = (network.item.pool(weights, values[:, :, :-2]) + network.item.pool_bias
                       + tf.gather(network.item.latent, item))
        rating = (tf.gather(shopper.offset, asker) + tf.gather(c.items.offset, item)
                  + network.interaction(user_latent, item_latent) + tf.reduce_sum(votes, -1))
        return Explained(rating, review, weights, personal, useful, votes, user_weights)

    def _keys(self, place):
        """Keys [B, R, A] of the items' reviews at places [B, R]: single numbers of the table, whose other rows are
        left alone."""
        dim, count = self.network.config.attention_dim, tf.shape(self.catalogue.table, out_type=tf.int64)[1]
        cell = tf.cast(place, tf.int64)[:, :, tf.newaxis] + count * tf.range(dim, dtype=tf.int64)
        return tf.gather(tf.reshape(self.catalogue.table, [-1]), cell)

    def _user(self, shopper, asker, item):
        """(p_u [B, K], weights [B, R'] of the shopper's reviews) as items [B] ask."""
        tower, of_asker = self.network.user, lambda part: tf.gather(part, asker)
        question = tf.gather(self.catalogue.items.questions, item)[:, tf.newaxis]  # [B, 1, A]
        asked = tower.match(of_asker(shopper.keys), question)[:, 0]
        weights = layers.masked_softmax(asked, of_asker(shopper.weighed))  # [B, R']
        return tower.pool(weights, of_asker(shopper.values)) + tower.pool_bias + of_asker(shopper.latent), weights

    def _likeness(self, shopper, asker, place, review):
        """TF-IDF likeness [B, R] of an item's reviews to what the shopper wrote, less that to anybody's."""
        c, shape = self.catalogue, tf.shape(review)
        said = terms.of_rows(tf.reshape(review, [-1]), c.bags)
        whose = tf.reshape(asker[:, tf.newaxis] + tf.zeros_like(review), [-1])
        alike = terms.likeness(said, shopper.wrote, whose, self.sizes.words)
        common = tf.gather(c.common, place) * tf.cast(review > 0, tf.float32)
        return tf.reshape(alike, shape) - tf.gather(shopper.written, asker)[:, tf.newaxis] * common

    def rank(self, user, top, unbought=False, without=None):
        """The best items of the whole catalogue for users [B].

        Args:
          top: scalar int32, how many, 1 to I.
          unbought: leave out the items that the user has training ratings of; scalar bool tensor, or bool.
          without: [B, X] int32 items to leave out, -1 for none; None.

        Returns:
          (item [B, k] int32, rating [B, k] float32 stars), best first; item -1 and rating 0 where none is left.
        """
        if without is None:
            without = tf.zeros([tf.size(user), 0], tf.int32)

        def one(asker):
            user, without = asker
            barred = tf.concat([without, self._bought(user, unbought)], 0)

            def weigh():
                shopper, _ = shoppers.known(self.network, self.catalogue, user[tf.newaxis])
                return ranking.best(self.network, self.catalogue, shopper, top, barred)

            return tf.cond(stored_rankings.suffices(self.stored, top, barred),
                           lambda: stored_rankings.best(self.stored, user, top, barred), weigh)

        return tf.map_fn(one, (user, without), dtype=(tf.int32, tf.float32))

    def _bought(self, user, wanted):
        """Items that a user has training ratings of; none where they are not `wanted`."""
        start, end = self.catalogue.bought_start[user], self.catalogue.bought_start[user + 1]
        return self.catalogue.bought_item[start:tf.where(wanted, end, start)]

    def _said(self, texts, length):
        """The _Said of texts [B, R, L'], each read as of `length` words."""
        bags = self.catalogue.bags
        shape = tf.shape(texts)
        tokens = tf.pad(tf.reshape(texts, [-1, shape[2]]), [[0, 0], [0, length - shape[2]]])  # [B*R, L]
        number = 1 + tf.reshape(tf.range(tf.shape(tokens)[0]), shape[:2])
        slots = tf.where(tf.reduce_any(texts > 0, 2), number, tf.zeros_like(number))
        said = terms.of_tokens(tokens, bags.idf)
        return _Said(tokens, slots, said, terms.topics(said, tf.size(slots), bags.topics, bags.anybody))

    def _features(self, wrote, said):
        """(lexical, typicality, log words), each [B, R], of what an item's reviews say to what a user wrote."""
        shape, size = tf.shape(said.slots), tf.size(said.slots)
        whose = tf.reshape(tf.tile(tf.range(shape[0])[:, tf.newaxis], [1, shape[1]]), [-1])  # [B*R]

        def likeness(bags):
            return terms.likeness(said.terms, bags, whose, self.sizes.words)

        count = tf.reduce_sum(tf.cast(said.slots > 0, tf.float32), 1, keepdims=True)  # [B, 1]
        others = tf.reshape(likeness(terms.mean(said.terms, said.slots > 0)), shape) * tf.maximum(count, 1.)
        typicality = (others - tf.reshape(terms.squares(said.terms, size), shape)) / tf.maximum(count - 1, 1.)
        anybody = self.catalogue.bags.anybody
        asks, written = terms.question(terms.mean(wrote.terms, wrote.slots > 0), shape[0], anybody,
                                       self.network.config.unit_likeness)
        lexical = likeness(asks) - tf.gather(written, whose) * terms.alike_to_anybody(said.terms, size, anybody)
        log_words = tf.math.log1p(terms.distinct_words(said.terms, size))
        return tf.reshape(lexical, shape), typicality, tf.reshape(log_words, shape)

    def _base(self, user, item):
        """The offset of serving_default, without what `DeepRecSys.rating_without_votes` adds where offsets are learned."""
        offset = tf.gather(self.catalogue.users.offset, user) + tf.gather(self.catalogue.items.offset, item)
        if self.network.config.offsets == "learned":
            offset -= tf.gather(self.network.user.offset, user) + tf.gather(self.network.item.offset, item)
        return offset
