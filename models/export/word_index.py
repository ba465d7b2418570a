"""An inverted index of TF-IDF bags: the exact similarity of one bag to every review at once.

The reviews of a word are stored as a list or as a row of a matrix. A list takes time for the reviews that hold the
word. A row takes time for all reviews, but a product with a matrix reads memory in order and is faster for each number.
Therefore the few words that occur in many reviews are rows of a matrix, and every other word is a list, in blocks of
equal length, of which a query reads those of its own words (Zobel & Moffat, "Inverted files for text search engines",
2006).
"""
from typing import NamedTuple

import numpy as np

from runtime.tf1 import tf

BLOCK = 32  # reviews
FREQUENT = .12  # share of the reviews above which a word is a row of the matrix; both cost the same there
TERMS = 2 ** 22  # that are placed at a time
STEP = 16  # the number of rows is a multiple of it; other numbers made the product up to twice as slow


class WordIndex(NamedTuple):
    """Shapes: `n` reviews, `D` frequent words, `M` blocks."""
    frequent: np.ndarray  # [D] int32 words
    start: np.ndarray  # [V+1] int32, the blocks of word w are start[w] to start[w+1]; a frequent word has none
    word: np.ndarray  # [M] int32, the word of each block
    review: np.ndarray  # [M, BLOCK] int32; unused entries have weight 0
    weight: np.ndarray  # [M, BLOCK]


def of_bags(bags):
    """Returns (WordIndex, weights of its frequent words [D, n], CSR) of bags [n, V], a scipy sparse matrix."""
    by_word = bags.tocsc()
    by_word.sort_indices()
    count = np.diff(by_word.indptr)  # [V] reviews of each word
    rows = -(-np.sum(count > FREQUENT * bags.shape[0]) // STEP) * STEP
    frequent = np.sort(np.argsort(-count, kind="stable")[:rows]).astype(np.int32)
    listed = count.copy()
    listed[frequent] = 0
    blocks = -(-listed // BLOCK)  # [V]
    start = np.concatenate([[0], np.cumsum(blocks)])
    review, weight = np.zeros((start[-1], BLOCK), np.int32), np.zeros((start[-1], BLOCK), np.float32)
    for first in range(0, by_word.nnz, TERMS):
        terms = np.arange(first, min(first + TERMS, by_word.nnz))
        word = np.searchsorted(by_word.indptr, terms, "right") - 1  # of each term
        cell, kept = terms - by_word.indptr[word] + start[word] * BLOCK, listed[word] > 0
        review.flat[cell[kept]], weight.flat[cell[kept]] = by_word.indices[terms[kept]], by_word.data[terms[kept]]
    index = WordIndex(frequent, start.astype(np.int32), np.repeat(np.arange(len(blocks)), blocks).astype(np.int32),
                      review, weight)
    return index, by_word[:, frequent].T.tocsr()


def listed(index, bag, count):
    """Returns t_l . bag [n] of all n = `count` reviews and one `bag` [V], without the frequent words of the index."""
    words = tf.cast(tf.where(bag > 0)[:, 0], tf.int32)  # of the bag
    block = tf.ragged.range(tf.gather(index.start, words), tf.gather(index.start, words + 1)).values  # [m]
    weight = tf.gather(index.weight, block) * tf.gather(bag, tf.gather(index.word, block))[:, tf.newaxis]
    return tf.raw_ops.Bincount(arr=tf.reshape(tf.gather(index.review, block), [-1]), size=count,
                               weights=tf.reshape(weight, [-1]))
