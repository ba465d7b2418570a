"""The whole catalogue at once for one shopper, by a few products: what `Servable.explain` says of every item.

Keys lie as [A, n], so that one product runs through them in order; the sums over the reviews of an item are
one product of a sparse matrix [I, n] of unnormalised weights with what is summed, a column of ones among it.
"""
from models.export import word_index
from models.network import layers
from runtime.tf1 import tf


def best(network, catalogue, shopper, top, without):
    """The best items for the first shopper of a Shopper.

    Args:
      top: scalar int32, 1 to I.
      without: items [m] int32 to leave out; -1 is none.

    Returns:
      (item [k] int32, rating [k] float32 stars), best first; item -1 and rating 0 where none is left.
    """
    rating = rate(network, catalogue, shopper)
    barred = tf.scatter_nd(1 + without[:, tf.newaxis], tf.ones_like(without), tf.shape(rating) + 1)[1:] > 0
    rating = tf.where(barred, tf.fill(tf.shape(rating), layers.NEVER), rating)
    rating, item = tf.math.top_k(rating, top)
    left = rating > layers.NEVER / 2
    return tf.where(left, item, -tf.ones_like(item)), tf.where(left, rating, tf.zeros_like(rating))


def rate(network, catalogue, shopper):
    """Ratings [I] of all items for the first shopper of a Shopper."""
    c, items = catalogue, tf.size(catalogue.items.start) - 1
    item_part, votes = _asked_by(network, c, shopper, items)
    keys, values = (tf.boolean_mask(part[0], shopper.weighed[0]) for part in (shopper.keys, shopper.values))
    weights = tf.nn.softmax(network.user.match(keys, c.items.questions))  # [I, R'] of the reviews there are
    user_latent = tf.matmul(weights, values) + network.user.pool_bias + shopper.latent[0]
    item_latent = item_part + network.item.pool_bias + network.item.latent
    return shopper.offset[0] + c.items.offset + network.interaction(user_latent, item_latent) + votes


def _asked_by(network, c, shopper, items):
    """What the shopper's weights make of the items' reviews: (sum_l a_l O_l W_p [I, K], votes [I])."""
    personal = _personal(network, c, shopper)
    logits = network.attention_logits(personal, c.useful)
    highest = tf.math.segment_max(logits, c.owner)  # [I], 0 for an item without reviews
    highest = tf.pad(highest, [[0, items - tf.size(highest)]])
    raised = tf.exp(logits - tf.gather(highest, c.owner))  # [n]
    total = tf.sparse.sparse_dense_matmul(tf.SparseTensor(c.cell, raised, tf.cast(
        [items, tf.size(raised)], tf.int64)), c.items.values)  # [I, K+2]
    one = tf.maximum(total[:, -1], 1.)  # the highest alone gives 1
    return total[:, :-2] / one[:, tf.newaxis], _votes(network, c, raised, total[:, -2] / one, one)


def _personal(network, c, shopper):
    """s [n] of all reviews of items, as `Servable.explain` finds it."""
    tower, question = network.item, shopper.question[0]
    if network.config.lexical_skip:
        bag = tf.scatter_nd(shopper.wrote.word[:, tf.newaxis], shopper.wrote.weight, [tf.size(c.bags.idf)])  # [V]
        frequent = tower.lexical_part(tf.gather(bag, c.words.frequent))  # [D]
        rest = word_index.listed(c.words, bag, tf.size(c.owner)) - shopper.written[0] * c.common
        return tower.match_all(c.table, question, frequent) + tower.lexical_part(rest)
    return tower.match_all(c.table, question)


def _votes(network, c, raised, weighed, one):
    """Stars [I] that all reviews of each item add: `DeepRecSys.votes`, summed. `weighed` = sum_l a_l r_l."""
    if not network.config.review_votes:
        return tf.zeros_like(weighed)
    squares = tf.math.segment_sum(raised ** 2, c.owner)
    squares = tf.pad(squares, [[0, tf.size(one) - tf.size(squares)]]) / one ** 2
    return network.vote_gain * (weighed - c.even) / (1 + network.vote_shrink * squares)
