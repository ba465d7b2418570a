"""The whole catalogue for one user, by a few products: the ratings of `Servable.explain` for every item, and its order.

Keys are stored as [A, n], so that one product reads them in order. The sums over the reviews of an item are one product
of a sparse matrix [I, n] of unnormalised weights with the values; a column of ones gives the sum of the weights.
"""
from typing import NamedTuple

from models.export import served_order, word_index
from models.network import layers
from runtime.tf1 import tf


class Best(NamedTuple):
    """The first items of a user, best first; item -1 and numbers 0 where none is left."""
    item: tf.Tensor  # [k] int32
    rating: tf.Tensor  # [k] predicted stars
    score: tf.Tensor  # [k] y, by which they are ordered; the rating in an export ordered by stars


def best(network, catalogue, order, shopper, top, without, bought):
    """Returns the Best items for the first user of a Shopper.

    Args:
      order: ServedOrder; None: items are ordered by predicted stars.
      top: scalar int32, 1 to I.
      without: [m] int32 items to leave out; -1: none.
      bought: [b] int32 items, each once, that the order takes as purchases of the user.
    """
    personal, lexical = _scores(network, catalogue, shopper)
    rating = rate(network, catalogue, shopper, personal, lexical, network.item.latent)
    score = rating if order is None else served_order.score(
        order, *_without_empty_slots(network, catalogue, personal, order.given), bought, shopper.care[0])
    score = tf.where(mask(without, tf.size(rating)), tf.fill(tf.shape(rating), layers.NEVER), score)
    return first(score, None, rating, top)


def mask(without, items):
    """Returns which of `items` items are among those in `without` [m], where -1 is none: [items] bool."""
    return tf.scatter_nd(1 + without[:, tf.newaxis], tf.ones_like(without), [items + 1])[1:] > 0


def first(score, item, rating, top):
    """Returns the Best items by scores [M] that are layers.NEVER for an item to leave out.

    Args:
      item: [M] int32; None: the items 0 to M - 1.
      rating: [M] stars.
    """
    score, place = tf.math.top_k(score, top)
    is_item = score > layers.NEVER / 2

    def of_items(values, otherwise):
        return tf.where(is_item, values, tf.fill(tf.shape(values), otherwise))

    return Best(of_items(place if item is None else tf.gather(item, place), -1),
                of_items(tf.gather(rating, place), 0.), of_items(score, 0.))


def _without_empty_slots(network, c, personal, given):
    """Returns (scores, items, stars) [n'] of the reviews alone: without masks, padding has scores, too."""
    columns = personal, c.owner, given
    if network.config.mask_padding:
        return columns
    real = c.items.review > 0
    return tuple(tf.boolean_mask(column, real) for column in columns)


def rate(network, catalogue, shopper, personal, lexical, latent):
    """Returns the ratings [I] of the items of a catalogue for the first user of a Shopper.

    Args:
      personal, lexical: `_scores` [n] of their reviews.
      latent: [I, K] of the items.
    """
    c, items = catalogue, tf.size(catalogue.items.start) - 1
    item_part, votes = _attend_all(network, c, network.attention_logits(personal, c.useful, lexical), items)
    keys, values = (tf.boolean_mask(part[0], shopper.mask[0]) for part in (shopper.keys, shopper.values))
    weights = tf.nn.softmax(network.user.match(keys, c.items.queries))  # [I, R'] of the user's reviews
    user_latent = tf.matmul(weights, values) + network.user.pool_bias + shopper.latent[0]
    item_latent = item_part + network.item.pool_bias + latent
    return shopper.offset[0] + c.items.offset + network.interaction(user_latent, item_latent) + votes


def _attend_all(network, c, logits, items):
    """Returns (sum_l W_p a_l O_l [I, K], sum_l votes_l [I]) of the items' reviews, weighted for the user."""
    highest = tf.math.segment_max(logits, c.owner)  # [I], 0 for an item without reviews
    highest = tf.pad(highest, [[0, items - tf.size(highest)]])
    exponential = tf.exp(logits - tf.gather(highest, c.owner))  # [n]
    total = tf.sparse.sparse_dense_matmul(tf.SparseTensor(c.cell, exponential, tf.cast(
        [items, tf.size(exponential)], tf.int64)), c.items.values)  # [I, K+2]
    weight_sum = tf.maximum(total[:, -1], 1.)  # the highest logit alone adds 1
    return (total[:, :-2] / weight_sum[:, tf.newaxis],
            _votes(network, c, exponential, total[:, -2] / weight_sum, weight_sum))


def _scores(network, c, shopper):
    """Returns s [n] of the reviews of all items, as `Servable.explain` does, and their TF-IDF similarities [n]."""
    tower, query = network.item, shopper.query[0]
    if not network.config.lexical_skip:
        return tower.match_all(c.table, query, tf.zeros([0]))
    bag = tf.scatter_nd(shopper.words.word[:, tf.newaxis], shopper.words.weight, [tf.size(c.bags.idf)])  # [V]
    personal, frequent = tower.match_all(c.table, query, tf.gather(bag, c.words.frequent))
    rest = word_index.listed(c.words, bag, tf.size(c.owner)) - shopper.mean_bag_weight[0] * c.mean_bag_likeness
    return personal + tower.lexical_part(frequent + rest), frequent + rest


def _votes(network, c, exponential, residual, weight_sum):
    """Returns the sum [I] of `DeepRecSys.votes` over the reviews of each item; `residual` = sum_l a_l residual_l."""
    if not network.config.review_votes:
        return tf.zeros_like(residual)
    squares = tf.math.segment_sum(exponential ** 2, c.owner)
    squares = tf.pad(squares, [[0, tf.size(weight_sum) - tf.size(squares)]]) / weight_sum ** 2
    return network.vote_gain * (residual - c.mean_residual) / (1 + network.vote_shrink * squares)
