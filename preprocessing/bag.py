"""The bag of words: TF-IDF vectors of reviews from their word ids, and their topics (LSI).

`x_w = (1 + ln tf_w) idf_w / norm`, `idf_w = 1 + ln((1 + n) / (1 + df_w))` over the `n` training reviews
(Salton & Buckley, "Term-weighting approaches in automatic text retrieval", 1988). The norm includes all words of a
review, also those outside the vocabulary, so a review with many such words has a low similarity to every other one.
Each occurrence of UNKNOWN counts in the norm as a different word and matches nothing.
"""
import numpy as np
from scipy import sparse

from preprocessing.artefact import PADDING, UNKNOWN

BLOCK = 8192  # reviews at a time, to bound the memory


def inverse_document_frequency(document_frequency, reviews):
    """`idf` [V] float32 of words that occur in `document_frequency` [V] of `reviews` training reviews."""
    return (1 + np.log((1 + reviews) / (1 + np.asarray(document_frequency, np.float64)))).astype(np.float32)


def tfidf(tokens, document_frequency, reviews, held_out=None):
    """TF-IDF vectors of unit length (0 for a review without words).

    Args:
      tokens: [n, L] word ids, 0 = padding.
      document_frequency: [V] number of training reviews that contain each word.
      reviews: number of training reviews.
      held_out: [n] bool, True for reviews outside the training set. Their own words count once more in the
        document frequency, as the words of a training review do; otherwise held-out text would get higher
        weights than training text.

    Returns:
      scipy CSR matrix [n, V] float32.
    """
    return sparse.vstack([
        _tfidf(tokens[block], document_frequency, reviews, None if held_out is None else held_out[block])
        for block in _blocks(len(tokens))], "csr")


def mean(tokens, document_frequency, reviews):
    """The sum of the TF-IDF vectors of training reviews, divided by `reviews`: [V] float32. Arguments as in `tfidf`.

    The sum of the blocks before is a row of its own in the next block, so that the order of all additions, and with it
    the rounding, does not depend on the size of a block.
    """
    total = sparse.csr_matrix((1, len(document_frequency)), dtype=np.float32)
    for block in _blocks(len(tokens)):
        bags = sparse.vstack([total, _tfidf(tokens[block], document_frequency, reviews, None)], "csr")
        total = sparse.csr_matrix(bags.sum(0))
    return (total.toarray().ravel() / reviews).astype(np.float32)


def _blocks(count):
    return [slice(start, start + BLOCK) for start in range(0, count, BLOCK)] or [slice(0)]


def weigh(words, counts, row, n, frequency, reviews):
    """TF-IDF weights [m] float32 of the words of `n` texts.

    Args:
      words, counts: [m] word ids, and the number of occurrences of each in its text.
      row: [m] number of its text, 0 to n - 1.
      n: number of texts.
      frequency: [m] number of training reviews that contain each word.
      reviews: number of training reviews.
    """
    idf = inverse_document_frequency(frequency, reviews)
    unknown = words == UNKNOWN
    weight = (1 + np.log(counts)) * idf
    square = np.where(unknown, counts * idf ** 2, weight ** 2)
    norm = np.sqrt(np.bincount(row, square, n))
    return np.where(unknown, 0, weight / norm[row]).astype(np.float32)


def _tfidf(tokens, document_frequency, reviews, held_out):
    n, size = len(tokens), len(document_frequency)
    row, column = np.nonzero(tokens != PADDING)
    counts = sparse.csr_matrix((np.ones(len(row), np.float32), (row, tokens[row, column])), shape=(n, size))
    counts.sum_duplicates()
    frequency = np.asarray(document_frequency, np.float64)[counts.indices]
    row = np.repeat(np.arange(n), np.diff(counts.indptr))
    if held_out is not None:
        frequency = frequency + np.asarray(held_out)[row]
    weight = weigh(counts.indices, counts.data, row, n, frequency, reviews)
    return sparse.csr_matrix((weight, counts.indices, counts.indptr), shape=(n, size))
