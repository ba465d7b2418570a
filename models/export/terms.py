"""TF-IDF inside the graph: the bags of `preprocessing.bag`, by standard operations, for what is exported.

A bag is a list of terms. Shapes: `T` terms, `M` reviews, `V` words.
"""
from typing import NamedTuple

from preprocessing.artefact import UNKNOWN
from runtime.tf1 import tf


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
    place = tf.cast(tf.where(first & (tf.reshape(ordered, [-1]) > 0))[:, 0], tf.int32)  # [T]
    review, word = place // tf.shape(tokens)[1], tf.gather(tf.reshape(ordered, [-1]), place)
    count = tf.gather(count, tf.gather(run, place))
    inverse, unknown = tf.gather(idf, word), tf.equal(word, UNKNOWN)
    weight = (1 + tf.math.log(count)) * inverse
    square = tf.where(unknown, count * inverse ** 2, weight ** 2)
    norm = tf.sqrt(tf.math.unsorted_segment_sum(square, review, tf.shape(tokens)[0]))
    weight = tf.where(unknown, tf.zeros_like(weight), weight / tf.gather(norm, review))
    return Terms(review, word, weight)


def of_rows(rows, bags):
    """Terms of stored bags of rows [M].

    Args:
      bags: catalogue.Bags of tensors.
    """
    start, end = tf.gather(bags.start, rows), tf.gather(bags.start, rows + 1)  # [M]
    term = tf.ragged.range(start, end).values  # [T]
    first = tf.cumsum(end - start)[:, tf.newaxis]  # [M, 1] the first term of the review after it
    crossed = tf.scatter_nd(first, tf.ones_like(rows), tf.shape(term) + 1)
    review, word = tf.cumsum(crossed)[:-1], tf.cast(tf.gather(bags.word, term), tf.int32)
    count = tf.cast(tf.gather(bags.count, term), tf.float32)
    scale = tf.gather(tf.gather(bags.scale, rows), review)
    return Terms(review, word, (1 + tf.math.log(count)) * tf.gather(bags.idf, word) * scale)


def topics(terms, count, word_topics, anybody):
    """LSI topics [M, D] of M = `count` bags, less those of `anybody` [V]; `word_topics` is [V, D]."""
    weighted = tf.gather(word_topics, terms.word) * terms.weight[:, tf.newaxis]
    total = tf.math.unsorted_segment_sum(weighted, terms.review, count)  # [M, D]
    written = tf.minimum(distinct_words(terms, count), 1.)[:, tf.newaxis]  # [M, 1]
    return total - written * tf.tensordot(anybody, word_topics, 1)


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


def likeness(terms, bags, whose, words):
    """t_l . bag [M] of M reviews' Terms, each with the bag `whose` [M] says among the Terms of some bags.

    Words are sought among those of the bags: that takes room for what bags hold, not `words` (V) for each.
    """
    def numbered(owner, word):
        return tf.cast(owner, tf.int64) * words + tf.cast(word, tf.int64)

    distinct, which = tf.unique(numbered(bags.review, bags.word))
    total = tf.math.unsorted_segment_sum(bags.weight, which, tf.size(distinct))
    order = tf.argsort(distinct)
    distinct = tf.concat([tf.gather(distinct, order), [tf.int64.max]], 0)  # none is beyond the last
    total = tf.concat([tf.gather(total, order), [0.]], 0)
    sought = numbered(tf.gather(whose, terms.review), terms.word)
    place = tf.searchsorted(distinct, sought)
    found = tf.cast(tf.equal(tf.gather(distinct, place), sought), tf.float32)
    return tf.math.unsorted_segment_sum(terms.weight * tf.gather(total, place) * found, terms.review, tf.size(whose))


def alike_to_anybody(terms, count, anybody):
    """t_l . anybody [M] of M = `count` reviews, `anybody` [V]."""
    return tf.math.unsorted_segment_sum(terms.weight * tf.gather(anybody, terms.word), terms.review, count)


def written(terms, count):
    """Which of `count` bags hold a known word: [count] 1 or 0."""
    return tf.minimum(tf.math.unsorted_segment_sum(tf.sign(terms.weight), terms.review, count), 1.)


def question(wrote, count, anybody, unit):
    """What `count` shoppers ask of reviews by words: (Terms, how much of `anybody` [V] is to be taken off [count]).

    Args:
      wrote: mean Terms of what they wrote.
      unit: divide both by |mean_u t - t_any|, as `Corpus.question_length`.
    """
    some = written(wrote, count)
    if not unit:
        return wrote, some
    # of the sums: a word stands in as many terms as reviews hold it
    square = likeness(wrote, wrote, tf.range(count), tf.size(anybody, out_type=tf.int64))
    square += tf.reduce_sum(anybody ** 2) - 2 * alike_to_anybody(wrote, count, anybody)
    length = tf.sqrt(tf.maximum(square, 1e-12))
    return wrote._replace(weight=wrote.weight / tf.gather(length, wrote.review)), some / length


def squares(terms, count):
    """t_l . t_l [M] of M = `count` bags: 1 but for words the vocabulary does not hold."""
    return tf.math.unsorted_segment_sum(terms.weight ** 2, terms.review, count)
