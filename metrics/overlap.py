"""Similarity of reviews by the words they share: ROUGE-1, ROUGE-L and the overlap of their main words (aspects)."""
import numpy as np
from scipy import sparse

CHUNK = 256  # pairs computed at a time
BLOCK = 8192  # reviews computed at a time


def word_counts(texts):
    """How often each word occurs in each text: [len(texts), distinct words], sparse.

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

    `2 * overlap / (words of the first + words of the second)`, repeated words counted (Lin, "ROUGE: a package for
    automatic evaluation of summaries", 2004, section 2); 0 where both are empty.
    """
    lengths = np.asarray(counts.sum(1)).ravel()
    parts = [_overlap(counts, own[start:start + CHUNK], slots[start:start + CHUNK])
             for start in range(0, len(own), CHUNK)]
    both = lengths[own][:, None] + lengths[slots]
    return 2 * np.concatenate(parts) / np.maximum(both, 1)


def _overlap(counts, own, slots):
    """Number of words [n, R] that each review shares with the pair's own review, repeated words counted."""
    own_counts, slot_counts = counts[own].toarray(), counts[slots.reshape(-1)]  # [n, words], [n*R, words] sparse
    row = np.arange(slots.size).repeat(np.diff(slot_counts.indptr))
    shared = np.minimum(slot_counts.data, own_counts[row // slots.shape[1], slot_counts.indices])
    return np.bincount(row, shared, slots.size).reshape(slots.shape)


def rouge_l(texts, own, slots):
    """ROUGE-L F [n, R] of reviews in `slots` [n, R] with each pair's own review (rows `own` [n] of `texts`).

    `2 * LCS / (words of the first + words of the second)`, LCS the length of the longest common subsequence (Lin,
    2004, section 3); 0 where both are empty.

    Args:
      texts: list of lists of words, by row.
    """
    values = np.zeros(slots.shape)
    for row, number in enumerate(own):
        own_words = texts[number]
        positions = _positions(own_words)
        for slot in np.nonzero(slots[row])[0]:
            words = texts[slots[row, slot]]
            common = _common(positions, len(own_words), words)
            values[row, slot] = 2 * common / max(len(own_words) + len(words), 1)
    return values


def _positions(words):
    """{word: an integer whose bit p is set where the word is at position p}."""
    bits = {}
    for position, word in enumerate(words):
        bits[word] = bits.get(word, 0) | 1 << position
    return bits


def _common(positions, length, words):
    """Length of the longest common subsequence; the bits of one integer are a row of its dynamic-programming table.

    Hyyrö, "Bit-parallel LCS-length computation revisited", 2004: `V = (V + (V & M)) | (V & ~M)`; the length is the
    number of zeros.
    """
    full = (1 << length) - 1
    row = full
    for word in words:
        match = row & positions.get(word, 0)
        row = (row + match | row - match) & full
    return length - bin(row).count("1")


def aspects(bags, count=5):
    """The main words of each review, the `count` words of the highest TF-IDF weight: sparse 0/1 [N, V].

    Args:
      bags: [N, V] sparse TF-IDF.
    """
    bags = bags.tocsr()
    blocks = [_aspects(bags[start:start + BLOCK], count) for start in range(0, bags.shape[0], BLOCK)]
    return sparse.vstack(blocks, "csr") if blocks else bags


def _aspects(bags, count):
    weight = np.asarray(bags.data)
    row = np.arange(bags.shape[0]).repeat(np.diff(bags.indptr))
    order = np.lexsort((bags.indices, -weight, row))
    rank = np.arange(len(order)) - bags.indptr[:-1].repeat(np.diff(bags.indptr))
    kept = order[(rank < count) & (weight[order] > 0)]
    return sparse.csr_matrix((np.ones(len(kept), np.float32), (row[kept], bags.indices[kept])), shape=bags.shape)


def aspect_overlap(marks, own, slots):
    """Jaccard similarity [n, R] of the aspects of the reviews in `slots` [n, R] and of each pair's own review [n].

    Args:
      marks: [N, V] sparse 0/1, see `aspects`.
    """
    sizes = np.asarray(marks.sum(1)).ravel()
    parts = [_overlap(marks, own[start:start + CHUNK], slots[start:start + CHUNK])
             for start in range(0, len(own), CHUNK)]
    shared = np.concatenate(parts) if parts else np.zeros(slots.shape)
    return shared / np.maximum(sizes[own][:, None] + sizes[slots] - shared, 1)
