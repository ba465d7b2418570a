"""Likeness of reviews by the words they share."""
import numpy as np
from scipy import sparse

CHUNK = 256  # pairs


def word_counts(texts):
    """How often each word stands in each text: [len(texts), distinct words], sparse.

    Args:
      texts: iterable of lists of words.
    """
    numbers, indices, ends = {}, [], [0]
    for words in texts:
        indices.extend(numbers.setdefault(word, len(numbers)) for word in words)
        ends.append(len(indices))
    counts = sparse.csr_matrix((np.ones(len(indices), np.float32), indices, ends),
                               shape=(len(ends) - 1, max(len(numbers), 1)))
    counts.sum_duplicates()
    return counts


def rouge1(counts, own, slots):
    """ROUGE-1 F [n, R] of reviews in `slots` [n, R] with each pair's own review (rows `own` [n] of `counts`).

    `2 overlap / (words of one + words of the other)`, words with repetition (Lin, "ROUGE: a package for
    automatic evaluation of summaries", 2004, section 2); 0 where neither has a word.
    """
    lengths = np.asarray(counts.sum(1)).ravel()
    parts = [_overlap(counts, own[start:start + CHUNK], slots[start:start + CHUNK])
             for start in range(0, len(own), CHUNK)]
    both = lengths[own][:, None] + lengths[slots]
    return 2 * np.concatenate(parts) / np.maximum(both, 1)


def _overlap(counts, own, slots):
    mine, theirs = counts[own].toarray(), counts[slots.reshape(-1)]  # [n, words], [n*R, words] sparse
    row = np.arange(slots.size).repeat(np.diff(theirs.indptr))
    shared = np.minimum(theirs.data, mine[row // slots.shape[1], theirs.indices])
    return np.bincount(row, shared, slots.size).reshape(slots.shape)
