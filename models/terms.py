"""TF-IDF inside the graph: the bags of `preprocessing.bag`, by standard operations, for what is exported.

A bag is a list of terms. Shapes: `T` terms, `M` reviews, `V` words.
"""
from typing import NamedTuple

import tensorflow.compat.v1 as tf

from preprocessing.artefact import UNKNOWN


class Terms(NamedTuple):
    """Terms of M reviews, those of one review side by side, reviews in order."""
    review: tf.Tensor  # [T] int32, 0..M-1
    word: tf.Tensor  # [T] int32
    weight: tf.Tensor  # [T] float32


def of_tokens(tokens, idf):
    """Terms of word ids [M, L], as `preprocessing.bag.tfidf` weighs training reviews.

    Args:
      idf: [V] inverse document frequencies.
    """
    ordered = tf.sort(tokens, 1)  # [M, L], equal words side by side
    first = tf.not_equal(ordered[:, 1:], ordered[:, :-1])
    first = tf.reshape(tf.pad(first, [[0, 0], [1, 0]], constant_values=True), [-1])  # [M*L]
    run = tf.cumsum(tf.cast(first, tf.int32)) - 1  # [M*L], which run of equal words
    count = tf.segment_sum(tf.ones_like(run, tf.float32), run)
    review = tf.boolean_mask(tf.reshape(_row_numbers(tokens), [-1]), first)
    word = tf.boolean_mask(tf.reshape(ordered, [-1]), first)
    real = word > 0
    review, word, count = (tf.boolean_mask(part, real) for part in (review, word, count))
    inverse, unknown = tf.gather(idf, word), tf.equal(word, UNKNOWN)
    weight = (1 + tf.math.log(count)) * inverse
    square = tf.where(unknown, count * inverse ** 2, weight ** 2)
    norm = tf.sqrt(tf.math.unsorted_segment_sum(square, review, tf.shape(tokens)[0]))
    weight = tf.where(unknown, tf.zeros_like(weight), weight / tf.gather(norm, review))
    return Terms(review, word, weight)


def of_rows(rows, starts, word, weight):
    """Terms of stored bags (CSR) of rows [M].

    Args:
      starts: [N+2] int32, where each row's terms start.
      word, weight: the terms of all rows.
    """
    length = tf.gather(starts, rows + 1) - tf.gather(starts, rows)  # [M]
    review = tf.repeat(tf.range(tf.size(rows)), length)  # [T]
    place = tf.range(tf.size(review)) - tf.gather(tf.cumsum(length, exclusive=True), review)
    term = tf.gather(starts, tf.gather(rows, review)) + place
    return Terms(review, tf.gather(word, term), tf.gather(weight, term))


def topics(terms, count, word_topics, anybody):
    """LSI topics [M, D] of M = `count` bags, less those of `anybody` [V]; `word_topics` is [V, D]."""
    weighted = tf.gather(word_topics, terms.word) * terms.weight[:, tf.newaxis]
    total = tf.math.unsorted_segment_sum(weighted, terms.review, count)  # [M, D]
    written = tf.minimum(distinct_words(terms, count), 1.)[:, tf.newaxis]  # [M, 1]
    return total - written * tf.tensordot(anybody, word_topics, 1)


def less(bags, anybody):
    """Bags [B, V] less that of anybody [V]; a bag without words stays 0."""
    written = tf.cast(tf.reduce_any(bags > 0, 1, keepdims=True), tf.float32)
    return bags - written * anybody


def distinct_words(terms, count):
    """Number [M] of distinct words of M = `count` bags."""
    return tf.math.unsorted_segment_sum(tf.ones_like(terms.weight), terms.review, count)


def mean(terms, real):
    """Mean bags of the reviews in B x R slots: Terms of `B`, a word once for each review that holds it.

    Args:
      terms: of B*R reviews, in the order of the slots; an empty slot has none.
      real: [B, R] bool, slots that hold a review.
    """
    count = tf.maximum(tf.reduce_sum(tf.cast(real, tf.float32), 1), 1.)  # [B]
    owner = terms.review // tf.shape(real)[1]
    return Terms(owner, terms.word, terms.weight / tf.gather(count, owner))


def mean_of_slots(terms, real, words):
    """`mean` as bags [B, V]; `words` is V."""
    owner, word, weight = mean(terms, real)
    return tf.scatter_nd(tf.stack([owner, word], 1), weight, tf.stack([tf.shape(real)[0], words]))


def products(terms, owner, bags, words):
    """Of each of the Terms its product with the same word of a bag: [T].

    By search among the words of the bags, which takes room for what they hold, not for V of each.

    Args:
      owner: [T] int32, which bag.
      bags: Terms of the bags, a word any number of times.
      words: `V`.
    """
    def numbered(owner, word):
        return tf.cast(owner, tf.int64) * tf.cast(words, tf.int64) + tf.cast(word, tf.int64)

    distinct, which = tf.unique(numbered(bags.review, bags.word))
    total = tf.math.unsorted_segment_sum(bags.weight, which, tf.size(distinct))
    order = tf.argsort(distinct)
    last = [tf.int64.max]  # so that none is beyond the last
    distinct = tf.concat([tf.gather(distinct, order), last], 0)
    total = tf.concat([tf.gather(total, order), [0.]], 0)
    sought = numbered(owner, terms.word)
    place = tf.searchsorted(distinct, sought)
    return terms.weight * tf.where(tf.equal(tf.gather(distinct, place), sought), tf.gather(total, place),
                                   tf.zeros_like(terms.weight))


def likeness(terms, vectors, slots):
    """t_l . vector [B, R] of B x R reviews' terms and vectors [B, V]."""
    count = tf.shape(vectors)[0] * slots
    vector = tf.gather_nd(vectors, tf.stack([terms.review // slots, terms.word], 1))
    total = tf.math.unsorted_segment_sum(vector * terms.weight, terms.review, count)
    return tf.reshape(total, [-1, slots])


def squares(terms, count):
    """t_l . t_l [M] of M = `count` bags: 1 but for words the vocabulary does not hold."""
    return tf.math.unsorted_segment_sum(terms.weight ** 2, terms.review, count)


def _row_numbers(tokens):
    return tf.tile(tf.range(tf.shape(tokens)[0])[:, tf.newaxis], [1, tf.shape(tokens)[1]])
