"""The order of items as it is served: y of the whole catalogue for one user, of `models/ranking/blend.py`.

Evidence is summed over the reviews of each item, which are stored side by side; the purchases are rows of the matrix B.
"""
from typing import NamedTuple

import numpy as np

from models.network import layers
from models.ranking import blend, praise
from models.ranking.evidence import LARGEST_POWER
from runtime.tf1 import tf


MOST_BOUGHT = 5  # purchases of a user whose parts are told


class Parts(NamedTuple):
    """The parts of y of pairs [B] with R reviews of the item: y = base + evidence + purchases + popularity.

    Any purchase of any user adds something to a popular item. This is told as popularity, so that the purchases tell
    what those of the user add more than the purchases of a user who bought by popularity alone.
    """
    base: tf.Tensor  # [B] the same for all items of a user: what the user's number of purchases adds to every item
    evidence: tf.Tensor  # [B] w_E (E + stars V + praise A - c)
    purchases: tf.Tensor  # [B] the sum of w_C B_ji - b_i over the user's purchases j, with b = `usual`
    popularity: tf.Tensor  # [B] w_P ln(1 + n_i), and b_i - mean b for each purchase
    shares: tf.Tensor  # [B, R] share of each review in the evidence
    bought: tf.Tensor  # [B, MOST_BOUGHT] int32 purchases with the largest parts above 0; -1: none
    bought_parts: tf.Tensor  # [B, MOST_BOUGHT] w_C B_ji - b_i


class ServedOrder(NamedTuple):
    """Shapes: `I` items, `T` entries of the matrix B, `n` positions in the items' reviews, `K` aspects."""
    evidence: np.ndarray  # [] w_E; 0: y has no evidence
    tau: np.ndarray  # [] sharpness; 0: the mean of the scores
    floor: np.ndarray  # [] E of an item without reviews
    start: np.ndarray  # [I+1] int32, the purchase of item j adds to item[start[j]:start[j+1]]
    item: np.ndarray  # [T] int32
    weight: np.ndarray  # [T] w_C B_ji
    popularity: np.ndarray  # [I] w_P ln(1 + n_i)
    centre: np.ndarray  # [I] what is subtracted from E + stars V + praise A
    usual: np.ndarray  # [I] b: the mean of w_C B_ji over all training purchases j
    stars: np.ndarray  # [] weight of V; 0: it is not used
    prior: np.ndarray  # [] of V
    given: np.ndarray  # [n] stars r of each review above the mean of all
    praised: np.ndarray  # [I, K] praise q of `models/ranking/praise.py`, times its weight; without praise K is 0


def of_run(order, artefact, review):
    """Returns the ServedOrder of an Order, as arrays, with the items' reviews [n] in the order of their positions."""
    matrix, number = order.matrix, np.float32
    purchases = np.bincount(artefact.train.item, minlength=matrix.shape[0])  # [I]
    return ServedOrder(number(order.evidence), number(order.tau), number(order.floor), matrix.indptr.astype(np.int32),
                       matrix.indices.astype(np.int32), matrix.data.astype(number),
                       (order.popularity * blend.popularity(artefact)).astype(number), order.centre,
                       (matrix.T @ purchases / max(purchases.sum(), 1)).astype(number), number(order.stars),
                       number(order.prior), blend.stars(artefact, review), _praised(order, artefact))


def _praised(order, artefact):
    """The field `praised` of a ServedOrder."""
    items = len(artefact.item_reviews)
    if not order.praise:
        return np.zeros((items, 0), np.float32)
    return order.praise * praise.PraiseOfItems(order.aspects, artefact.review_item, items).praise


def score(order, personal, owner, given, bought, care):
    """Returns y [I] of the catalogue for one user.

    Args:
      order: ServedOrder of tensors.
      personal: [n] personal scores of the items' reviews.
      owner: [n] int32 items of the reviews, rising.
      given: [n] stars r of the reviews.
      bought: [b] int32 items, each once.
      care: [K] share of the user's reviews that speak of each aspect.
    """
    added = purchases(order, bought)
    speaking = evidence(order, personal, owner, given, tf.size(order.popularity)) + praise_of(order, care)
    return order.evidence * speaking + added + order.popularity


def purchases(order, bought):
    """Returns what the purchases [b] of a user add to each item, [I]."""
    entry = entries(order, bought)
    return tf.raw_ops.Bincount(arr=tf.gather(order.item, entry), size=tf.size(order.popularity),
                               weights=tf.gather(order.weight, entry))


def entries(order, bought):
    """Returns the numbers [t] of the entries of B that the purchases [b] of a user add."""
    return tf.ragged.range(tf.gather(order.start, bought), tf.gather(order.start, bought + 1)).values


def praise_of(order, care, item=None):
    """Returns praise A - c: of items [m] for a user, or of pairs [m].

    Args:
      order: ServedOrder of tensors.
      care: [K] of the user, or [m, K] of the users of the pairs.
      item: [m] int32; None: all items.
    """
    praised, centre = (part if item is None else tf.gather(part, item) for part in (order.praised, order.centre))
    return tf.reduce_sum(praised * care, -1) - centre


def has_form(order):
    """Whether the evidence of a ServedOrder, as arrays, has a form and a centre, so that it can order items alone.

    It has none in an order of a network without personal scores; evidence with the weight 0 in an order of an older
    version has none either.
    """
    return bool(order.evidence > 0 or order.centre.any())


def only_evidence(order):
    """Returns the ServedOrder whose y is E + stars V + praise A - c, also where the evidence has the weight 0."""
    return order._replace(evidence=tf.ones_like(order.evidence), popularity=tf.zeros_like(order.popularity),
                          weight=tf.zeros_like(order.weight))


def parts(order, personal, given, real, bought_of, row, item, care):
    """Returns the Parts of pairs [B].

    Args:
      order: ServedOrder of tensors.
      personal: [B, R] personal scores of the item's reviews.
      given: [B, R] stars r of these reviews.
      real: [B, R] bool, where there is a review.
      bought_of: function row [] -> the items [b] that the user of this row bought, each once.
      row: [B] int32 rows of the users.
      item: [B] int32.
      care: [B, K] share of the user's reviews that speak of each aspect.
    """
    pair = tf.cast(tf.where(real)[:, 0], tf.int32)  # [n] of each review
    speaking = evidence(order, tf.boolean_mask(personal, real), pair, tf.boolean_mask(given, real), tf.size(item))
    speaking += praise_of(order, care, item)
    count, purchases, bought, bought_parts = tf.map_fn(
        lambda of_pair: _purchases(order, bought_of(of_pair[0]), of_pair[1]), (row, item),
        dtype=(tf.float32, tf.float32, tf.int32, tf.float32))
    usual = tf.reduce_mean(order.usual)
    return Parts(count * usual, order.evidence * speaking, purchases,
                 tf.gather(order.popularity, item) + count * (tf.gather(order.usual, item) - usual),
                 layers.masked_softmax(order.tau * personal, real), bought, bought_parts)


def _purchases(order, bought, item):
    """Returns (count b, sum [], items [MOST_BOUGHT], parts [MOST_BOUGHT]) of what purchases [b] add to one item."""
    span = tf.ragged.range(tf.gather(order.start, bought), tf.gather(order.start, bought + 1))
    weight = tf.gather(order.weight, span.values)  # [t]
    added = tf.where(tf.equal(tf.gather(order.item, span.values), item), weight, tf.zeros_like(weight))
    part = tf.math.unsorted_segment_sum(added, span.value_rowids(), tf.size(bought)) - order.usual[item]  # [b]
    largest, place = tf.math.top_k(tf.pad(part, [[0, MOST_BOUGHT]]), MOST_BOUGHT)
    which = tf.gather(tf.pad(bought, [[0, MOST_BOUGHT]]), place)
    which = tf.where(largest > 0, which, tf.fill([MOST_BOUGHT], -1))
    return tf.cast(tf.size(bought), tf.float32), tf.reduce_sum(part), which, tf.maximum(largest, 0.)


def evidence(order, personal, owner, given, items):
    """Returns E + stars V [I] of the scores [n] of reviews; the floor where there is no review.

    See `models/ranking/evidence.py`. The reviews of an owner stand side by side. An owner may also be a pair of a user
    and an item.

    Args:
      order: ServedOrder of tensors.
      personal, owner, given: [n] scores, items and stars r of the reviews.
      items: `I`.
    """
    def per_item(reduced):  # segments end at the last item with reviews
        return tf.pad(reduced, [[0, items - tf.size(reduced)]])

    def summed(values):
        return per_item(tf.math.segment_sum(values, owner))

    count = summed(tf.ones_like(personal))

    def mean():
        verdict = summed(given) / tf.maximum(count + order.prior, 1e-30)
        return summed(personal) / tf.maximum(count, 1.) + order.stars * verdict

    def sharp():
        highest = per_item(tf.math.segment_max(personal, owner))
        weight = tf.exp(order.tau * (personal - tf.gather(highest, owner)))
        total = summed(weight)
        unseen = order.prior * tf.exp(tf.minimum(order.tau * (order.floor - highest), LARGEST_POWER))
        verdict = summed(weight * given) / tf.maximum(total + unseen, 1e-30)
        speaking = highest + tf.math.log(tf.maximum(total, 1e-30) / tf.maximum(count, 1.)) / order.tau
        return speaking + order.stars * verdict

    return tf.where(count > 0, tf.cond(order.tau > 0, sharp, mean), tf.fill([items], order.floor))
