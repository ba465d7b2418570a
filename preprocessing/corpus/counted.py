"""Word vectors from counts: positive pointwise mutual information of words and of the words near them, factorised.

Levy & Goldberg, "Neural word embedding as implicit matrix factorization", 2014, with the choices of Levy, Goldberg &
Dagan, "Improving distributional similarity with lessons learned from word embeddings", 2015: near words count more,
the frequencies of contexts are smoothed, and the singular values enter by their square root. Only the most frequent
words are contexts, so that the factors come from a small dense matrix, and memory does not grow with the text.
"""
import numpy as np
from scipy import sparse

from preprocessing.artefact import UNKNOWN

WINDOW = 5  # words to the left and to the right
CONTEXTS = 1000  # most frequent words
SMOOTHING = .75  # exponent of the frequencies of contexts
LENGTH = 1.3  # mean length of a vector, as word2vec gives it
ROWS = 4096  # rows that are dense at a time


def vectors(texts, size, dim):
    """The vectors of the words of a vocabulary.

    Args:
      texts: iterable of (word ids [m], words of each text [k]); the ids are by falling frequency.
      size: `V`, number of words with the two special ones.
      dim: `E`.

    Returns:
      [V, E] float32; zeros for words that are near no context, and in dimensions beyond the number of contexts.
    """
    contexts = min(CONTEXTS, size - UNKNOWN - 1)
    counts = sparse.csr_matrix((size, contexts), dtype=np.float32)
    for ids, lengths in texts:
        counts = counts + _near(ids, lengths, size, contexts)
    information, gram = _information(counts), np.zeros((contexts, contexts))
    for start in range(0, size, ROWS):
        rows = information[start:start + ROWS].toarray()
        gram += rows.T @ rows
    squares, right = np.linalg.eigh(gram)  # of the singular values, the largest last
    best = np.arange(contexts)[::-1][:dim]
    best = best[squares[best] > 1e-6 * max(squares[-1], 1e-6)]
    factors = (right[:, best] * squares[best] ** -.25).astype(np.float32)
    found = np.zeros((size, dim), np.float32)
    for start in range(0, size, ROWS):
        found[start:start + ROWS, :len(best)] = information[start:start + ROWS].toarray() @ factors
    lengths = np.linalg.norm(found, axis=1)
    return found * np.float32(LENGTH / lengths[lengths > 0].mean()) if lengths.any() else found


def _near(ids, lengths, size, contexts):
    """[V, C] sparse: how often each context is near each word, a word at distance d counts 1 - (d - 1) / WINDOW.

    Words outside of the vocabulary are left out before distances are counted, as in word2vec.
    """
    text = np.repeat(np.arange(len(lengths)), lengths)
    is_known = ids > UNKNOWN
    ids, text = ids[is_known], text[is_known]
    line = np.zeros(len(ids) + WINDOW * len(lengths), np.int32)  # gaps of WINDOW between the texts
    line[np.arange(len(ids)) + WINDOW * text] = ids
    words, near, weights = [], [], []
    for distance in range(1, WINDOW + 1):
        left, right = line[:-distance], line[distance:]
        is_pair = (left > 0) & (right > 0)
        left, right = left[is_pair], right[is_pair]
        for word, context in ((left, right), (right, left)):
            is_context = context <= UNKNOWN + contexts
            words.append(word[is_context])
            near.append(context[is_context] - UNKNOWN - 1)
            weights.append(np.full(len(words[-1]), 1 - (distance - 1) / WINDOW, np.float32))
    return sparse.coo_matrix((np.concatenate(weights), (np.concatenate(words), np.concatenate(near))),
                             shape=(size, contexts)).tocsr()


def _information(counts):
    """[V, C] sparse float32: `max(0, ln(P(w, c) / (P(w) P(c))))` with smoothed `P(c)`, of weighted counts."""
    of_words = np.asarray(counts.sum(1), np.float64).ravel()
    of_contexts = np.asarray(counts.sum(0), np.float64).ravel() ** SMOOTHING
    of_contexts /= max(of_contexts.sum(), 1e-12)
    expected = of_words[np.repeat(np.arange(len(of_words)), np.diff(counts.indptr))] * of_contexts[counts.indices]
    found = counts.copy()
    found.data = np.maximum(np.log(counts.data / expected), 0).astype(np.float32)
    found.eliminate_zeros()
    return found
