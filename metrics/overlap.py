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


def rouge_l(texts, own, slots):
    """ROUGE-L F [n, R] of reviews in `slots` [n, R] with each pair's own review (rows `own` [n] of `texts`).

    `2 LCS / (words of one + words of the other)`, LCS the longest common subsequence (Lin, 2004, section 3);
    0 where neither has a word.

    Args:
      texts: list of lists of words, by row.
    """
    found = np.zeros(slots.shape)
    for row, number in enumerate(own):
        mine = texts[number]
        places = _positions(mine)
        for slot in np.nonzero(slots[row])[0]:
            theirs = texts[slots[row, slot]]
            found[row, slot] = 2 * _common(places, len(mine), theirs) / max(len(mine) + len(theirs), 1)
    return found


def _positions(words):
    """{word: bits, the n-th set where the word is the n-th}."""
    found = {}
    for place, word in enumerate(words):
        found[word] = found.get(word, 0) | 1 << place
    return found


def _common(places, length, words):
    """Length of the longest common subsequence, a row of its table as the bits of one number.

    Hyyrö, "Bit-parallel LCS-length computation revisited", 2004: `V = (V + (V & M)) | (V & ~M)`, zeros count.
    """
    full = (1 << length) - 1
    row = full
    for word in words:
        match = row & places.get(word, 0)
        row = (row + match | row - match) & full
    return length - bin(row).count("1")


def aspects(bags, count=5):
    """Which words tell what each review is about: its `count` of the highest TF-IDF weight, sparse 0/1 [N, V].

    Args:
      bags: [N, V] sparse TF-IDF.
    """
    bags = bags.tocsr()
    weight = np.asarray(bags.data)
    row = np.arange(bags.shape[0]).repeat(np.diff(bags.indptr))
    order = np.lexsort((bags.indices, -weight, row))
    place = np.arange(len(order)) - bags.indptr[:-1].repeat(np.diff(bags.indptr))
    kept = order[(place < count) & (weight[order] > 0)]
    return sparse.csr_matrix((np.ones(len(kept), np.float32), (row[kept], bags.indices[kept])), shape=bags.shape)


def aspect_overlap(marks, own, slots):
    """Jaccard likeness [n, R] of the aspects of reviews in `slots` [n, R] and of the own ones [n]; `marks` by row."""
    sizes = np.asarray(marks.sum(1)).ravel()
    parts = [_overlap(marks, own[start:start + CHUNK], slots[start:start + CHUNK])
             for start in range(0, len(own), CHUNK)]
    shared = np.concatenate(parts) if parts else np.zeros(slots.shape)
    return shared / np.maximum(sizes[own][:, None] + sizes[slots] - shared, 1)
