"""TF-IDF bags of words of reviews: sparse matrices, and products of their rows.

Shapes: `N` reviews and the empty one in row 0, `V` words, `B` vectors or rows of slots, `R` slots.
"""
import numpy as np
from scipy import sparse

from preprocessing.bag import tfidf
from runtime import scratch

BLOCK, LARGE_BLOCK = 8192, 2 ** 16  # reviews whose bags are computed, or copied, at a time


def of_artefact(a, held_out):
    """Returns `tfidf` [N+1, V] of all reviews of an Artefact, a block at a time, in scratch arrays.

    Args:
      held_out: [N+1] bool, True for reviews outside the training set.
    """
    rows, most = len(a.review_tokens), int(a.review_length.sum(dtype=np.int64))  # a review has at most one term a word
    data, indices, indptr = scratch.empty((most,)), scratch.empty((most,), np.int32), np.zeros(rows + 1, np.int64)
    for start in range(0, rows, BLOCK):
        block = slice(start, start + BLOCK)
        bags = tfidf(a.review_tokens[block], a.document_frequency, a.meta["training_reviews"], held_out[block])
        filled = indptr[start] + bags.indptr
        indptr[start:start + len(filled)] = filled
        data[filled[0]:filled[-1]], indices[filled[0]:filled[-1]] = bags.data, bags.indices
    data, indices = data[:indptr[-1]], indices[:indptr[-1]]
    small = indptr.astype(np.int32) if indptr[-1] < 2 ** 31 else indptr  # scipy: both of one type
    return sparse.csr_matrix((data, indices.astype(small.dtype, copy=False), small), (rows, len(a.document_frequency)))


def squared_norms(bags, weights=None):
    """Returns t_l . t_l [n] of bags [n, V]; with weights [V], t_l . (weights * t_l)."""
    weights = np.ones(bags.shape[1], bags.dtype) if weights is None else weights
    blocks = (bags[start:start + BLOCK] for start in range(0, bags.shape[0], BLOCK))
    return np.concatenate([block.multiply(block) @ weights for block in blocks])


def have_words(bags):
    """Returns 1 [B] where a row of bags [B, V] holds a known word, else 0."""
    return np.asarray(bags.sum(1) > 0, np.float32).ravel()


def mean(bags, slots):
    """Returns the mean [B, V] of the rows of `bags` in slots [B, R], 0 where all slots are empty; sparse as `bags` is.

    Args:
      bags: TF-IDF bags [N+1, V], or another vector of each review.
    """
    rows, columns = np.nonzero(slots)
    count = np.bincount(rows, minlength=len(slots))
    weight = (1 / np.maximum(count, 1))[rows].astype(np.float32)
    chosen = sparse.csr_matrix((weight, (rows, slots[rows, columns])), shape=(len(slots), bags.shape[0]))
    return chosen @ bags


def likeness(bags, slots, vectors):
    """Returns t_l . vector [B, R] of reviews in slots [B, R], rows of `bags`, and sparse vectors [B, V]."""
    return likenesses(bags, slots, [vectors])[0]


def likenesses(bags, slots, several):
    """Returns the `likeness` [B, R] to each of `several` sparse vectors [B, V]."""
    bags = bags[slots.reshape(-1)]  # [B*R, V] sparse
    return [_likeness(bags, slots.shape, vectors) for vectors in several]


def _likeness(bags, shape, vectors):
    """Returns t_l . vector [B, R] of bags [B*R, V], whose `shape` is (B, R), and sparse vectors [B, V]."""
    lengths, starts = np.diff(bags.indptr), bags.indptr[::shape[1]]
    products, dense = np.empty_like(bags.data), np.zeros(bags.shape[1], np.float32)
    for row in range(shape[0]):  # one dense vector [V] is used again for every row
        words = slice(*vectors.indptr[row:row + 2])
        terms = slice(*starts[row:row + 2])
        dense[vectors.indices[words]] = vectors.data[words]
        products[terms] = bags.data[terms] * dense[bags.indices[terms]]
        dense[vectors.indices[words]] = 0
    totals = np.bincount(np.arange(len(lengths)).repeat(lengths), products, len(lengths))
    return totals.reshape(shape).astype(np.float32)


def all_products(bags, rows, vectors, dense):
    """Returns t_l . vector [B, M] of the reviews in rows [M] of `bags`, and sparse vectors [B, V].

    With `dense`, the vectors are expanded to all words: several times as fast where there are many rows.
    """
    factor, parts = vectors.T.toarray() if dense else None, []
    for start in range(0, max(len(rows), 1), LARGE_BLOCK):
        some = bags[rows[start:start + LARGE_BLOCK]]  # a copy
        parts.append((some @ factor).T if dense else (vectors @ some.T).toarray())
    return np.ascontiguousarray(np.concatenate(parts, 1))  # [B, M]
