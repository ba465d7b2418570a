"""The user of a request, known or new: all that ranking and explaining need of one.

Legend as in `deeprecsys`; `R'` are the user's own reviews.
"""
from typing import NamedTuple

from models.export import terms
from models.network import layers
from runtime.tf1 import tf


class Shopper(NamedTuple):
    """B users."""
    query: tf.Tensor  # [B, A] Tower.unit_query, for the reviews of items
    words: terms.Terms  # the lexical query, from `terms.query`
    mean_bag_weight: tf.Tensor  # [B] weight of the mean bag to be subtracted; 0 for a user who wrote no word
    keys: tf.Tensor  # [B, R', A] Tower.unit_key of their own reviews, for items as queries
    values: tf.Tensor  # [B, R', K] Tower.project of their own reviews
    mask: tf.Tensor  # [B, R'] bool, reviews that may have a weight
    latent: tf.Tensor  # [B, K] of their id; 0 without one
    offset: tf.Tensor  # [B] mu + b_u, stars
    care: tf.Tensor  # [B, K] share of their reviews that speak of each aspect, see served_catalogue.Aspects


class ShopperWithReviews(NamedTuple):
    """B users and their own reviews."""
    shopper: Shopper
    reviews: tf.Tensor  # [B, R'] rows of the artefact; of a new user, the numbers of the texts from 1; 0: none


def known(network, catalogue, user):
    """Returns the ShopperWithReviews of known users [B]."""
    by_owner = catalogue.users
    position, mask = positions(by_owner, user)
    review = tf.gather(by_owner.review, position) * tf.cast(mask, tf.int32)
    user_bags = terms.mean(terms.of_rows(tf.reshape(review, [-1]), catalogue.bags), review > 0)
    unit = network.config.unit_likeness
    shopper = Shopper(
        tf.gather(by_owner.queries, user), *terms.query(user_bags, tf.size(user), catalogue.bags.mean_bag, unit),
        tf.gather(catalogue.user_keys, position), tf.gather(by_owner.values, position), mask,
        tf.gather(network.user.latent, user), tf.gather(by_owner.offset, user),
        tf.gather(catalogue.aspects.care, user))
    return ShopperWithReviews(shopper, review)


def new(network, catalogue, texts, rated, stars, shape):
    """Returns the ShopperWithReviews [1] of a new user without an id, described by a few texts and stars alone.

    The network computes with the parts of the id left out. Training leaves the id part of the query out at random, so
    the network has learned to work without it.

      query        q = b_q + mean_l W_O o_l over the texts, without W_U U_embed: the attention follows the texts;
                   without a text q = b_q
      words        the mean TF-IDF bag of the texts, for the lexical skip
      user latent  p_u = W_p sum_l a_l O_l + b_p, the texts weighted for each item, without the id latent
      care         the share of the texts that speak of each aspect; the usual care where they speak of none
      offset       b_u = sum_l (stars_l - mu - b_i(l)) / (damping + n) over the n stars given, with b_i = 0 where the
                   item is not given: the damped mean of `baselines.damped_offsets`, with mu, b_i and damping of
                   training, so that the training stars of a known user give the offset of training; 0 without stars

    No sum depends on the order of the texts. In a network with the id alone as query (`drawing`, `original`) the
    attention of a new user does not depend on the texts; the rating does.

    Args:
      texts: [1, R', L] int32 word ids; only the first `L` of training are read, as in training.
      rated: [1, R'] int32 items, -1 where not given.
      stars: [1, R'] float32, 0 where not given.
      shape: (slots, words) of a user in training.
    """
    bags, count = catalogue.bags, tf.shape(texts)[1]
    tokens = _tokens(texts[0], shape, network.config.mask_padding)  # [M, L]
    text_terms = terms.of_tokens(tokens, bags.idf)
    topics = terms.topics(text_terms, tf.shape(tokens)[0], bags.topics, bags.mean_bag)
    real = tf.reduce_any(tokens > 0, 1)  # [M]
    encoded = network.user.encode_reviews(tokens, topics)
    mean_key = layers.masked_mean(network.item.encode_reviews(tokens, topics).keys, real)[tf.newaxis]  # [1, A]
    words = terms.query(terms.mean(text_terms, real[tf.newaxis]), 1, bags.mean_bag, network.config.unit_likeness)
    shopper = Shopper(
        network.item.unit_query(network.item.query(None, mean_key)), *words,
        network.user.unit_key(encoded.keys)[tf.newaxis], network.user.project(encoded.texts)[tf.newaxis],
        (real if network.config.mask_padding else tf.ones_like(real))[tf.newaxis],
        tf.zeros([1, network.config.latent_dim]), catalogue.base + _offset(catalogue, rated, stars),
        _care(text_terms, real, catalogue.aspects)[tf.newaxis])
    numbers = (tf.range(1, tf.shape(tokens)[0] + 1) * tf.cast(real, tf.int32))[tf.newaxis, :count]
    return ShopperWithReviews(shopper, numbers)


def positions(by_owner, owner):
    """Returns (positions [B, R] of the reviews of owners [B], mask [B, R]: whether there is a review)."""
    start = tf.gather(by_owner.start, owner)
    count = tf.gather(by_owner.start, owner + 1) - start
    column = tf.range(tf.maximum(tf.reduce_max(count), 1))[tf.newaxis]  # [1, R]
    mask = column < count[:, tf.newaxis]
    return (start[:, tf.newaxis] + column) * tf.cast(mask, tf.int32), mask


def _tokens(texts, shape, mask_padding):
    """Returns texts [R', L'] with at least one row and at most the L words of training.

    Where padding is not masked, they have the number and the length of training.
    """
    slots, words = shape
    texts = texts[:, :words]
    least = [1, 1] if mask_padding else shape
    return tf.pad(texts, [[0, tf.maximum(size - given, 0)]
                          for size, given in zip(least, tf.unstack(tf.shape(texts), 2))])


def _care(text_terms, real, aspects):
    """Returns the share [K] of texts that speak of each aspect; the usual care where they speak of none.

    Args:
      text_terms: terms.Terms of texts [M].
      real: [M] bool, texts with a word.
      aspects: served_catalogue.Aspects of tensors.
    """
    words = tf.gather(aspects.words, text_terms.word)  # [T, K]
    speaks = tf.math.unsorted_segment_sum(words, text_terms.review, tf.size(real)) >= 1  # [M, K]
    share = tf.reduce_sum(tf.cast(speaks, tf.float32), 0) / tf.maximum(tf.reduce_sum(tf.cast(real, tf.float32)), 1.)
    return tf.where(tf.reduce_any(speaks), share, aspects.usual)


def _offset(catalogue, rated, stars):
    """Returns b_u [1] of stars [1, R'] for items `rated` [1, R']."""
    items = tf.gather(catalogue.item_offset, tf.maximum(rated, 0)) * tf.cast(rated >= 0, tf.float32)
    given = tf.cast(stars > 0, tf.float32)
    residual = tf.reduce_sum(given * (stars - catalogue.mean - items), 1)
    return residual / (catalogue.damping + tf.reduce_sum(given, 1))
