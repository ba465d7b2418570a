"""The first items of a large catalogue for one user, in two stages: few candidates by an index, then their exact order.

First stage: approximate scores y of all items. Their evidence is that of an `item_index.ItemIndex`; praise, purchases
and popularity are exact. Second stage: the candidates, those of the highest approximate scores, are a small catalogue,
which `models/export/ranking.py` scores like a whole one. There are more candidates in proportion where more than the
first `item_index.TOP` items are asked for; for the whole catalogue, all items are candidates.
"""
from models.export import item_index, ranking, served_order, terms
from models.network import layers
from runtime.tf1 import tf

BLOCK = 128  # items whose exact scores are computed at a time


def best(network, catalogue, order, index, shopper, top, without, bought):
    """Returns the ranking.Best items for the first user of a Shopper.

    Args:
      catalogue: served_catalogue.Catalogue of tensors, with its table by row, [n, A].
      order: served_order.ServedOrder.
      index: item_index.ItemIndex of tensors.
      shopper, top, without, bought: as in `ranking.best`.
    """
    purchases = served_order.purchases(order, bought)  # [I]
    excluded = ranking.mask(without, tf.size(purchases))  # [I]
    item = _candidates(order, index, shopper, top, excluded, purchases)  # [M]
    score, rating = _exact(network, catalogue, order, shopper, item)
    score += tf.gather(purchases, item)
    score = tf.where(tf.gather(excluded, item), tf.fill(tf.shape(score), layers.NEVER), score)
    return ranking.first(score, item, rating, top)


def _candidates(order, index, shopper, top, excluded, purchases):
    """Returns the items [M] of the highest approximate scores; M is at least `top`."""
    evidence = tf.linalg.matvec(index.vector, _coordinates(index, shopper)) + index.value
    evidence += tf.linalg.matvec(order.praised, shopper.care[0])
    score = order.evidence * evidence + order.popularity + purchases
    score = tf.where(excluded, tf.fill(tf.shape(score), layers.NEVER), score)
    share = tf.maximum(tf.cast(top, tf.int64), item_index.TOP) * tf.cast(index.candidates, tf.int64)
    most = tf.maximum(top, tf.cast(tf.minimum(share // item_index.TOP, tf.size(score, out_type=tf.int64)), tf.int32))
    return tf.math.top_k(score, most).indices


def _coordinates(index, shopper):
    """Returns the coordinates [d] of the first user of a Shopper in the directions of the index."""
    words = tf.reduce_sum(tf.gather(index.words, shopper.words.word) * shopper.words.weight[:, tf.newaxis], 0)
    return tf.linalg.matvec(index.keys, shopper.query[0], transpose_a=True) + words - (
        shopper.mean_bag_weight[0] * index.mean_bag)


def _exact(network, catalogue, order, shopper, item):
    """Returns (y without purchases [M], predicted stars [M]) of items [M]."""
    count = tf.size(item)
    padded = tf.reshape(tf.pad(item, [[0, -count % BLOCK]], constant_values=-1), [-1, BLOCK])
    bag = tf.scatter_nd(shopper.words.word[:, tf.newaxis], shopper.words.weight, [tf.size(catalogue.bags.idf)])  # [V]

    def of_block(block):
        is_item, block = block >= 0, tf.maximum(block, 0)
        part, given = _part(catalogue, order, block, is_item)
        personal, lexical = _scores(network, part, shopper, bag)
        rating = ranking.rate(network, part, shopper, personal, lexical, tf.gather(network.item.latent, block))
        speaking = served_order.evidence(order, personal, part.owner, given, BLOCK)
        speaking += served_order.praise_of(order, shopper.care[0], block)
        return order.evidence * speaking + tf.gather(order.popularity, block), rating

    score, rating = tf.map_fn(of_block, padded, dtype=(tf.float32, tf.float32))
    return tf.reshape(score, [-1])[:count], tf.reshape(rating, [-1])[:count]


def _part(c, order, item, has_reviews):
    """Returns the Catalogue of items [b] alone, some without their reviews, and the stars r [p] of the reviews."""
    start = tf.gather(c.items.start, item)
    end = tf.where(has_reviews, tf.gather(c.items.start, item + 1), start)
    span = tf.ragged.range(start, end)
    position, owner = span.values, span.value_rowids()

    def of_reviews(values):
        return tf.gather(values, position)

    items = c.items._replace(
        start=tf.concat([[0], tf.cumsum(end - start)], 0), review=of_reviews(c.items.review),
        values=of_reviews(c.items.values), queries=tf.gather(c.items.queries, item),
        offset=tf.gather(c.items.offset, item))
    return c._replace(
        items=items, table=of_reviews(c.table), owner=tf.cast(owner, tf.int32),
        cell=tf.stack([tf.cast(owner, tf.int64), tf.range(tf.size(position, out_type=tf.int64))], 1),
        useful=of_reviews(c.useful), mean_bag_likeness=of_reviews(c.mean_bag_likeness),
        mean_residual=tf.gather(c.mean_residual, item)), of_reviews(order.given)


def _scores(network, c, shopper, bag):
    """Returns s [p] of all reviews of a small catalogue, and their TF-IDF similarities [p] to a dense `bag` [V]."""
    personal = network.item.match(c.table, shopper.query[:1])[0]
    if not network.config.lexical_skip:
        return personal, tf.zeros([0])
    words = terms.of_rows(c.items.review, c.bags)
    lexical = tf.math.unsorted_segment_sum(words.weight * tf.gather(bag, words.word), words.review, tf.size(c.owner))
    lexical -= shopper.mean_bag_weight[0] * c.mean_bag_likeness
    return personal + network.item.lexical_part(lexical), lexical
