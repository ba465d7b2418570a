"""The network as it is served: every review read once, the whole catalogue ranked by a few products.

Standard TensorFlow operations only: what is exported needs no Python. `serving.signatures` names the wire.
"""
from typing import NamedTuple

import tensorflow.compat.v1 as tf

from models import layers, ranking, shopper as shoppers, terms
from models.deeprecsys import Inputs, Side


class Explained(NamedTuple):
    """Pairs [B]; R of the item's reviews, R' of the shopper's."""
    rating: tf.Tensor  # [B]
    item_reviews: tf.Tensor  # [B, R] rows, 0 = none
    item_weights: tf.Tensor  # [B, R]
    personal: tf.Tensor  # [B, R] part of the weight's logit
    useful: tf.Tensor  # [B, R] the other part
    votes: tf.Tensor  # [B, R] stars
    user_weights: tf.Tensor  # [B, R']


class Servable:
    """The served graph of a network.

    Args:
      network: DeepRecSys of encoder 'plain' or 'dense', built in the current graph.
      catalogue: catalogue.Catalogue of variables.
      sizes: Sizes of the network.
      shape: (slots, words) of a shopper in training.
    """

    def __init__(self, network, catalogue, sizes, shape):
        self.network, self.catalogue, self.sizes, self.shape = network, catalogue, sizes, shape

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
        bags, count = self.catalogue.bags, tf.shape(tokens)[0]
        said = terms.of_tokens(tokens, bags.idf)
        topics = terms.topics(said, count, bags.topics, bags.anybody)
        slots = []
        start = 1
        for texts, rows in zip((user_texts, item_texts), flat):
            number = tf.reshape(start + tf.range(tf.shape(rows)[0]), tf.shape(texts)[:2])
            slots.append(tf.where(tf.reduce_any(texts > 0, 2), number, tf.zeros_like(number)))
            start += tf.shape(rows)[0]
        lexical, typicality = self._features(tokens, *slots)
        log_words = tf.math.log1p(tf.gather(terms.distinct_words(said, count), slots[1]))
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
        keys = tf.transpose(tf.gather(c.item_keys, place, axis=1), [1, 2, 0])  # [B, R, A]
        question = tf.gather(shopper.question, asker)[:, tf.newaxis]  # [B, 1, A]
        personal = network.item.match(keys, question)[:, 0]
        if network.config.lexical_skip:
            personal += network.item.lexical_part(self._likeness(shopper, asker, place, review))
        useful = tf.gather(c.useful, place)
        weights = layers.masked_softmax(network.shown(personal, useful), weighed)
        values = tf.gather(c.items.values, place)  # [B, R, K+2]
        votes = network.votes(weights, values[:, :, -2], weighed)
        user_latent, user_weights = self._user(shopper, asker, item)
        item_latent = (network.item.pool(weights, values[:, :, :-2]) + network.item.pool_bias
                       + tf.gather(network.item.latent, item))
        rating = (tf.gather(shopper.offset, asker) + tf.gather(c.items.offset, item)
                  + network.product(user_latent, item_latent) + tf.reduce_sum(votes, -1))
        return Explained(rating, review, weights, personal, useful, votes, user_weights)

    def _user(self, shopper, asker, item):
        """(p_u [B, K], weights [B, R'] of the shopper's reviews) as items [B] ask."""
        tower, of_asker = self.network.user, lambda part: tf.gather(part, asker)
        question = tf.gather(self.catalogue.items.questions, item)[:, tf.newaxis]  # [B, 1, A]
        asked = tower.match(of_asker(shopper.keys), question)[:, 0]
        weights = layers.masked_softmax(asked, of_asker(shopper.weighed))  # [B, R']
        return tower.pool(weights, of_asker(shopper.values)) + tower.pool_bias + of_asker(shopper.latent), weights

    def _likeness(self, shopper, asker, place, review):
        """TF-IDF likeness [B, R] of an item's reviews to what the shopper wrote, less that to anybody's."""
        c = self.catalogue
        said = shoppers.of_rows(c.bags, tf.reshape(review, [-1]))
        owner = tf.gather(asker, said.review // tf.shape(review)[1])
        alike = tf.math.unsorted_segment_sum(
            terms.products(said, owner, shopper.wrote, tf.size(c.bags.idf)), said.review, tf.size(review))
        common = tf.gather(c.common, place) * tf.cast(review > 0, tf.float32)
        return tf.reshape(alike, tf.shape(review)) - tf.gather(shopper.written, asker)[:, tf.newaxis] * common

    def rank(self, user, top, unbought=False):
        """The best items of the whole catalogue for users [B].

        Args:
          top: scalar int32, how many, 1 to I.
          unbought: leave out the items that the user has training ratings of.

        Returns:
          (item [B, k] int32, rating [B, k] float32 stars), best first; item -1 and rating 0 where none is left.
        """
        def one(number):
            shopper, _ = shoppers.known(self.network, self.catalogue, number[tf.newaxis])
            return ranking.best(self.network, self.catalogue, shopper, top, self._bought(number) if unbought else None)

        return tf.map_fn(one, user, dtype=(tf.int32, tf.float32))

    def _features(self, tokens, user_slots, item_slots):
        """(lexical, typicality), each [B, R], of slots that hold rows of `tokens`."""
        bags = self.catalogue.bags
        words, slots = tf.size(bags.idf), tf.shape(item_slots)[1]

        def bags_of(rows):
            return terms.of_tokens(tf.gather(tokens, tf.reshape(rows, [-1])), bags.idf)

        wrote = terms.mean_of_slots(bags_of(user_slots), user_slots > 0, words)
        said = bags_of(item_slots)
        mean = terms.mean_of_slots(said, item_slots > 0, words)
        count = tf.maximum(tf.reduce_sum(tf.cast(item_slots > 0, tf.float32), 1, keepdims=True), 1.)  # [B, 1]
        itself = tf.reshape(terms.squares(said, tf.size(item_slots)), tf.shape(item_slots))
        typicality = (terms.likeness(said, mean, slots) * count - itself) / tf.maximum(count - 1, 1.)
        return terms.likeness(said, terms.less(wrote, bags.anybody), slots), typicality

    def _base(self, user, item):
        """The offset of serving_default, without what `DeepRecSys.base` adds where offsets are learned."""
        offset = tf.gather(self.catalogue.users.offset, user) + tf.gather(self.catalogue.items.offset, item)
        if self.network.config.offsets == "learned":
            offset -= tf.gather(self.network.user.offset, user) + tf.gather(self.network.item.offset, item)
        return offset

    def _bought(self, user):
        c = self.catalogue
        return c.bought_item[c.bought_start[user]:c.bought_start[user + 1]]
