"""Who asks a servable: a known user, or somebody new. All that ranking and explaining need of either.

Legend as in `deeprecsys`; R' are the shopper's own reviews.
"""
from typing import NamedTuple

from models.export import terms
from models.network import layers
from runtime.tf1 import tf


class Shopper(NamedTuple):
    """B shoppers."""
    question: tf.Tensor  # [B, A] what they ask of an item's reviews
    wrote: terms.Terms  # mean bags of what they wrote, as `terms.question` has them
    written: tf.Tensor  # [B] by how much of what anybody writes that is lessened; 0 where they wrote no word
    keys: tf.Tensor  # [B, R', A] of their own reviews, for items to ask
    values: tf.Tensor  # [B, R', K]
    weighed: tf.Tensor  # [B, R'] bool
    latent: tf.Tensor  # [B, K] of their id; 0 without one
    offset: tf.Tensor  # [B] mu + b_u, stars


def known(network, catalogue, user):
    """(Shopper of users [B], rows of their reviews [B, R'])."""
    shelf = catalogue.users
    place, weighed = places(shelf, user)
    review = tf.gather(shelf.review, place) * tf.cast(weighed, tf.int32)
    wrote = terms.mean(terms.of_rows(tf.reshape(review, [-1]), catalogue.bags), review > 0)
    unit = network.config.unit_likeness
    return Shopper(
        tf.gather(shelf.questions, user), *terms.question(wrote, tf.size(user), catalogue.bags.anybody, unit),
        tf.gather(catalogue.user_keys, place), tf.gather(shelf.values, place), weighed,
        tf.gather(network.user.latent, user), tf.gather(shelf.offset, user)), review


def new(network, catalogue, texts, rated, stars, shape):
    """The Shopper [1] who has no id, and is known by a few texts and stars alone.

    The network as it is, of a user whose id parts are dropped (training drops them at random, so this is
    nothing new to it):

      query        q = b_q + W_T mean_l o_l    over the texts, W_U U_embed left out: the attention follows
                   the text, and without any text it is what the network asks for nobody in particular
      words        the mean TF-IDF bag of the texts, for the lexical skip
      user latent  p_u = W_p sum_l a_l O_l + b_p    as the item weighs the texts, the id latent left out
      offset       b_u = sum_l (stars_l - mu - b_i(l)) / (damping + n)    over the n stars given, b_i = 0 where
                   the item is not said: the damped mean of `baselines.damped_offsets`, mu, b_i and damping
                   those of training, so that a known user's training stars give the offset of training; 0
                   without stars

    No sum depends on the order of the texts. A network whose attention is asked by the id alone (`drawing`,
    `original`) asks nothing of anybody new: its weights do not follow the texts, its rating does.

    Args:
      texts: [1, R', L] int32 word ids; only the first `L` of training are read, as in training.
      rated: [1, R'] int32 items, -1 where not said.
      stars: [1, R'] float32, 0 where not given.
      shape: (slots, words) of a shopper in training.

    Returns:
      (Shopper, numbers of the texts from 1, 0 where there is none [1, R']).
    """
    bags, count = catalogue.bags, tf.shape(texts)[1]
    tokens = _tokens(texts[0], shape, network.config.mask_padding)  # [M, L]
    said = terms.of_tokens(tokens, bags.idf)
    topics = terms.topics(said, tf.shape(tokens)[0], bags.topics, bags.anybody)
    real = tf.reduce_any(tokens > 0, 1)  # [M]
    read = network.user.encode_reviews(tokens, topics)
    heard = layers.masked_mean(network.item.encode_reviews(tokens, topics).answers, real)[tf.newaxis]  # [1, A]
    wrote = terms.question(terms.mean(said, real[tf.newaxis]), 1, bags.anybody, network.config.unit_likeness)
    shopper = Shopper(
        network.item.unit_query(network.item.query(None, heard)), *wrote,
        network.user.unit_key(read.keys)[tf.newaxis], network.user.project(read.texts)[tf.newaxis],
        (real if network.config.mask_padding else tf.ones_like(real))[tf.newaxis],
        tf.zeros([1, network.config.latent_dim]), catalogue.base + _offset(catalogue, rated, stars))
    return shopper, (tf.range(1, tf.shape(tokens)[0] + 1) * tf.cast(real, tf.int32))[tf.newaxis, :count]


def places(shelf, owner):
    """Places of the reviews of owners [B] on a Shelf: (place [B, R], 0 beyond the owner's last; weighed [B, R])."""
    start = tf.gather(shelf.start, owner)
    count = tf.gather(shelf.start, owner + 1) - start
    column = tf.range(tf.maximum(tf.reduce_max(count), 1))[tf.newaxis]  # [1, R]
    weighed = column < count[:, tf.newaxis]
    return (start[:, tf.newaxis] + column) * tf.cast(weighed, tf.int32), weighed


def _tokens(texts, shape, mask_padding):
    """Texts [R', L'] as the encoders read them: at least one, no longer than in training, where padding is
    weighed as many and as long."""
    slots, words = shape
    texts = texts[:, :words]
    least = [1, 1] if mask_padding else shape
    return tf.pad(texts, [[0, tf.maximum(size - now, 0)] for size, now in zip(least, tf.unstack(tf.shape(texts), 2))])


def _offset(catalogue, rated, stars):
    """b_u [1] of stars [1, R'] for items `rated` [1, R']."""
    items = tf.gather(catalogue.item_offset, tf.maximum(rated, 0)) * tf.cast(rated >= 0, tf.float32)
    given = tf.cast(stars > 0, tf.float32)
    beyond = tf.reduce_sum(given * (stars - catalogue.mean - items), 1)
    return beyond / (catalogue.damping + tf.reduce_sum(given, 1))
