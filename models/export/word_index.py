"""TF-IDF bags of all reviews by word: the likeness of one bag to every review at once, exactly.

What a word costs a query is its number of reviews where a list is walked, and all reviews where it is a
row of a matrix; but a product runs through memory in order. So the few words that stand in many reviews
are a matrix, and every other word is a list, in blocks of one length, of which a query takes those of its
own words (the inverted file of Zobel & Moffat, "Inverted files for text search engines", 2006).
"""
from typing import NamedTuple

import numpy as np

from runtime.tf1 import tf

BLOCK = 32  # reviews
FREQUENT = .12  # a word in so many of the reviews is a row of the matrix: there both cost the same
STEP = 16  # rows of the matrix: a product of other numbers of them was measured to take up to twice as long


class WordIndex(NamedTuple):
    """Shapes: `n` reviews, `D` frequent words, `M` blocks."""
    frequent: np.ndarray  # [D] int32 words
    start: np.ndarray  # [V+1] int32, the blocks of a word are start[w] to start[w+1]; frequent ones have none
    word: np.ndarray  # [M] int32 of each block
    review: np.ndarray  # [M, BLOCK] int32; what a block does not need weighs 0
    weight: np.ndarray  # [M, BLOCK]


def of_bags(bags):
    """(WordIndex, weights of its frequent words [D, n]) of bags [n, V], a scipy sparse matrix."""
    by_word = bags.tocsc()
    by_word.sort_indices()
    count = np.diff(by_word.indptr)  # [V] reviews of each word
    rows = -(-np.sum(count > FREQUENT * bags.shape[0]) // STEP) * STEP
    frequent = np.sort(np.argsort(-count, kind="stable")[:rows]).astype(np.int32)
    listed = count.copy()
    listed[frequent] = 0
    blocks = -(-listed // BLOCK)  # [V]
    start = np.concatenate([[0], np.cumsum(blocks)])
    word = np.repeat(np.arange(len(count)), count)  # [T] of each term
    place = np.arange(len(word)) - by_word.indptr[word] + start[word] * BLOCK
    kept = listed[word] > 0
    review, weight = np.zeros((start[-1], BLOCK), np.int32), np.zeros((start[-1], BLOCK), np.float32)
    review.flat[place[kept]], weight.flat[place[kept]] = by_word.indices[kept], by_word.data[kept]
    index = WordIndex(frequent, start.astype(np.int32), np.repeat(np.arange(len(blocks)), blocks).astype(np.int32),
                      review, weight)
    return index, by_word[:, frequent].T.toarray().astype(np.float32)


def listed(index, bag, count):
    """t_l . bag [n] of all n = `count` reviews and one `bag` [V], without its frequent words."""
    words = tf.cast(tf.where(bag > 0)[:, 0], tf.int32)  # those of the bag
    block = tf.ragged.range(tf.gather(index.start, words), tf.gather(index.start, words + 1)).values  # [m]
    weight = tf.gather(index.weight, block) * tf.gather(bag, tf.gather(index.word, block))[:, tf.newaxis]
    return tf.raw_ops.Bincount(arr=tf.reshape(tf.gather(index.review, block), [-1]), size=count,
                               weights=tf.reshape(weight, [-1]))
