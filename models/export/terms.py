"""TF-IDF bags inside the graph: those of `preprocessing.bag`, by standard TensorFlow operations, for the export.

A bag is a list of terms. Shapes: `T` terms, `M` reviews, `V` words.
"""
from typing import NamedTuple

from preprocessing.artefact import UNKNOWN
from runtime.tf1 import tf


class Terms(NamedTuple):
    """Terms of M reviews, in the order of the reviews."""
    review: tf.Tensor  # [T] int32, 0..M-1
    word: tf.Tensor  # [T] int32
    weight: tf.Tensor  # [T] float32


def of_tokens(tokens, idf):
    """Returns the Terms of word ids [M, L], weighted as training reviews by `preprocessing.bag.tfidf`.

    Args:
      idf: [V] inverse document frequencies.
    """
    ordered = tf.sort(tokens, 1)  # [M, L], equal words side by side
    first = tf.not_equal(ordered[:, 1:], ordered[:, :-1])
    first = tf.reshape(tf.pad(first, [[0, 0], [1, 0]], constant_values=True), [-1])  # [M*L]
    run = tf.cumsum(tf.cast(first, tf.int32)) - 1  # [M*L], number of the run of equal words
    count = tf.segment_sum(tf.ones_like(run, tf.float32), run)
    position = tf.cast(tf.where(first & (tf.reshape(ordered, [-1]) > 0))[:, 0], tf.int32)  # [T]
    review, word = position // tf.shape(tokens)[1], tf.gather(tf.reshape(ordered, [-1]), position)
    count = tf.gather(count, tf.gather(run, position))
    inverse, unknown = tf.gather(idf, word), tf.equal(word, UNKNOWN)
    weight = (1 + tf.math.log(count)) * inverse
    square = tf.where(unknown, count * inverse ** 2, weight ** 2)
    norm = tf.sqrt(tf.math.unsorted_segment_sum(square, review, tf.shape(tokens)[0]))
    weight = tf.where(unknown, tf.zeros_like(weight), weight / tf.gather(norm, review))
    return Terms(review, word, weight)


def of_rows(rows, bags):
    """Returns the Terms of the stored bags of rows [M].

    Args:
      bags: served_catalogue.Bags of tensors.
    """
    start, end = tf.gather(bags.start, rows), tf.gather(bags.start, rows + 1)  # [M]
    term = tf.ragged.range(start, end).values  # [T]
    first = tf.cumsum(end - start)[:, tf.newaxis]  # [M, 1] the first term of the next review
    crossed = tf.scatter_nd(first, tf.ones_like(rows), tf.shape(term) + 1)
    review, word = tf.cumsum(crossed)[:-1], tf.cast(tf.gather(bags.word, term), tf.int32)
    count = tf.cast(tf.gather(bags.count, term), tf.float32)
    scale = tf.gather(tf.gather(bags.scale, rows), review)
    return Terms(review, word, (1 + tf.math.log(count)) * tf.gather(bags.idf, word) * scale)


def topics(terms, count, word_topics, mean_bag):
    """Returns the LSI topics [M, D] of M = `count` bags minus those of `mean_bag` [V]; `word_topics` is [V, D]."""
    weighted = tf.gather(word_topics, terms.word) * terms.weight[:, tf.newaxis]
    total = tf.math.unsorted_segment_sum(weighted, terms.review, count)  # [M, D]
    has_terms = tf.minimum(distinct_words(terms, count), 1.)[:, tf.newaxis]  # [M, 1]
    return total - has_terms * tf.tensordot(mean_bag, word_topics, 1)


def distinct_words(terms, count):
    """Returns the number [M] of distinct words of M = `count` bags."""
    return tf.math.unsorted_segment_sum(tf.ones_like(terms.weight), terms.review, count)


def mean(terms, real):
    """Returns the mean bags of the reviews in B x R slots: Terms of B bags, where a word has a term for each review.

    Args:
      terms: of B*R reviews, in the order of the slots; an empty slot has no terms.
      real: [B, R] bool, slots that hold a review.
    """
    count = tf.maximum(tf.reduce_sum(tf.cast(real, tf.float32), 1), 1.)  # [B]
    owner = terms.review // tf.shape(real)[1]
    return Terms(owner, terms.word, terms.weight / tf.gather(count, owner))


def likeness(terms, bags, bag_of, words):
    """Returns t_l . bag [M] of M reviews, each with one of several bags.

    The words of the reviews are searched among the words of the bags, so that memory grows with the terms of the bags,
    and not with V for each bag.

    Args:
      terms: Terms of the reviews.
      bags: Terms of the bags.
      bag_of: [M] int32, the number of each review's bag.
      words: V.
    """
    def numbered(owner, word):
        return tf.cast(owner, tf.int64) * words + tf.cast(word, tf.int64)

    distinct, number_of = tf.unique(numbered(bags.review, bags.word))
    total = tf.math.unsorted_segment_sum(bags.weight, number_of, tf.size(distinct))
    order = tf.argsort(distinct)
    distinct = tf.concat([tf.gather(distinct, order), [tf.int64.max]], 0)  # a last entry that no word equals
    total = tf.concat([tf.gather(total, order), [0.]], 0)
    searched = numbered(tf.gather(bag_of, terms.review), terms.word)
    position = tf.searchsorted(distinct, searched)
    is_in_bag = tf.cast(tf.equal(tf.gather(distinct, position), searched), tf.float32)
    return tf.math.unsorted_segment_sum(terms.weight * tf.gather(total, position) * is_in_bag, terms.review,
                                        tf.size(bag_of))


def to_bag(terms, count, bag):
    """Returns t_l . bag [M] of M = `count` reviews and one bag [V]."""
    return tf.math.unsorted_segment_sum(terms.weight * tf.gather(bag, terms.word), terms.review, count)


def has_words(terms, count):
    """Returns 1 [count] where one of `count` bags holds a known word, else 0."""
    return tf.minimum(tf.math.unsorted_segment_sum(tf.sign(terms.weight), terms.review, count), 1.)


def query(user_bags, count, mean_bag, unit):
    """Returns the lexical query of `count` users: (Terms, weight [count] of the mean bag to be subtracted).

    Args:
      user_bags: Terms, the mean bags of the users' reviews.
      mean_bag: [V].
      unit: whether both are divided by |mean_u t - t_any|, as in `Corpus.query_length`.
    """
    weight = has_words(user_bags, count)
    if not unit:
        return user_bags, weight
    # the square of sums: a word has a term for each review that holds it
    square = likeness(user_bags, user_bags, tf.range(count), tf.size(mean_bag, out_type=tf.int64))
    square += tf.reduce_sum(mean_bag ** 2) - 2 * to_bag(user_bags, count, mean_bag)
    length = tf.sqrt(tf.maximum(square, 1e-12))
    return user_bags._replace(weight=user_bags.weight / tf.gather(length, user_bags.review)), weight / length


def scaled(terms, weights):
    """Returns Terms whose weights are multiplied by those of their words, `weights` [V]."""
    return terms._replace(weight=terms.weight * tf.gather(weights, terms.word))


def products(terms, scaled_terms, count):
    """Returns the product [M] of each of M = `count` bags with its `scaled` bag."""
    return tf.math.unsorted_segment_sum(terms.weight * scaled_terms.weight, terms.review, count)
