"""The network as it is served: every review read once, the whole catalogue ranked by a few products.

Standard TensorFlow operations only: what is exported needs no Python. `serving.signatures` names the wire.
"""
from typing import NamedTuple

import tensorflow.compat.v1 as tf

from models import layers, shopper as shoppers, terms
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

    def explain(self, shopper, item):
        """Explained pairs of a Shopper [B] and items [B]."""
        c, network = self.catalogue, self.network
        place, weighed = shoppers.places(c.items, item)  # [B, R]
        review = tf.gather(c.items.review, place) * tf.cast(weighed, tf.int32)
        personal = network.item.match(tf.gather(c.items.keys, place), shopper.question[:, tf.newaxis])[:, 0]
        if network.config.lexical_skip:
            said = shoppers.of_rows(c.bags, tf.reshape(review, [-1]))
            personal += network.item.lexical_part(terms.likeness(said, shopper.wrote, tf.shape(review)[1]))
        useful = tf.gather(c.useful, place)
        weights = layers.masked_softmax(network.shown(personal, useful), weighed)
        values = tf.gather(c.items.values, place)  # [B, R, K+2]
        votes = network.votes(weights, values[:, :, -2], weighed)
        asked = network.user.match(shopper.keys, tf.gather(c.items.questions, item)[:, tf.newaxis])[:, 0]
        user_weights = layers.masked_softmax(asked, shopper.weighed)  # [B, R']
        user_latent = network.user.pool(user_weights, shopper.values) + network.user.pool_bias + shopper.latent
        item_latent = (network.item.pool(weights, values[:, :, :-2]) + network.item.pool_bias
                       + tf.gather(network.item.latent, item))
        rating = (shopper.offset + tf.gather(c.items.offset, item) + network.product(user_latent, item_latent)
                  + tf.reduce_sum(votes, -1))
        return Explained(rating, review, weights, personal, useful, votes, user_weights)

    def rank(self, user, top, unbought=False):
        """The best items of the whole catalogue for users [B].

        Args:
          top: scalar int32, how many; at most I are given.
          unbought: leave out the items that the user has training ratings of.

        Returns:
          (item [B, k] int32, rating [B, k] float32 stars), best first; item -1 and rating 0 where none is left.
        """
        def one(number):
            shopper, _ = shoppers.known(self.network, self.catalogue, number[tf.newaxis])
            return self.best(shopper, top, self._bought(number) if unbought else None)

        item, rating = tf.map_fn(one, user, dtype=(tf.int32, tf.float32))
        return item, rating

    def best(self, shopper, top, without=None):
        """(item [k], rating [k]) of the first shopper, best first; `without` items; -1 and 0 where none is left."""
        rating = self.rate_catalogue(shopper)
        items = tf.shape(rating)[0]
        if without is not None:
            barred = tf.scatter_nd(without[:, tf.newaxis], tf.ones_like(without), [items]) > 0
            rating = tf.where(barred, tf.fill([items], layers.NEVER), rating)
        rating, item = tf.math.top_k(rating, tf.clip_by_value(top, 0, items))
        left = rating > layers.NEVER / 2
        return tf.where(left, item, -tf.ones_like(item)), tf.where(left, rating, tf.zeros_like(rating))

    def rate_catalogue(self, shopper):
        """Ratings [I] of all items for the first shopper: `explain` for all items at once."""
        c, network = self.catalogue, self.network
        items = tf.size(c.items.start) - 1
        every = tf.range(items)
        owner = tf.repeat(every, c.items.start[1:] - c.items.start[:-1])  # [n]
        personal = network.item.match(c.items.keys, shopper.question[:1])[0]  # [n]
        if network.config.lexical_skip:
            personal += network.item.lexical_part(self._lexical(shopper.wrote[0]))
        weights = _segment_softmax(network.shown(personal, c.useful), owner, items)  # [n]
        total = tf.math.unsorted_segment_sum(c.items.values * weights[:, tf.newaxis], owner, items)
        asked = network.user.match(shopper.keys[0], c.items.questions)  # [I, R']
        user_weights = layers.masked_softmax(asked, tf.tile(shopper.weighed[:1], [items, 1]))
        user_latent = tf.matmul(user_weights, shopper.values[0]) + network.user.pool_bias + shopper.latent[0]
        item_latent = total[:, :-2] + network.item.pool_bias + network.item.latent
        rating = shopper.offset[0] + c.items.offset + network.product(user_latent, item_latent)
        if network.config.review_votes:
            rating += self._votes(weights, owner, items)
        return rating

    def _votes(self, weights, owner, items):
        """Stars [I] that all reviews of each item add: `DeepRecSys.votes` summed."""
        def total(values):
            return tf.math.unsorted_segment_sum(values, owner, items)

        even = 1 / tf.maximum(total(tf.ones_like(weights)), 1.)  # [I]
        excess = weights - tf.gather(even, owner)
        return (self.network.vote_gain * total(excess * self.catalogue.items.values[:, -2])
                / (1 + self.network.vote_shrink * total(weights ** 2)))

    def _lexical(self, wrote):
        """TF-IDF likeness [n] of all reviews of items to a bag `wrote` [V]."""
        bags = self.catalogue.bags
        review = tf.repeat(tf.range(tf.size(bags.start) - 1), bags.start[1:] - bags.start[:-1])
        products = tf.gather(wrote, bags.word) * bags.weight
        likeness = tf.math.unsorted_segment_sum(products, review, tf.size(bags.start) - 1)  # [N+1]
        return tf.gather(likeness, self.catalogue.items.review)

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


def _segment_softmax(logits, segment, count):
    """Softmax of logits [n] within each of `count` segments."""
    highest = tf.math.unsorted_segment_max(logits, segment, count)
    raised = tf.exp(logits - tf.gather(highest, segment))
    return raised / tf.gather(tf.math.unsorted_segment_sum(raised, segment, count), segment)
