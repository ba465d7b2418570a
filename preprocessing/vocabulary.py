"""The vocabulary of the training reviews, and the word ids of texts."""
from collections import Counter

import numpy as np

from preprocessing.artefact import PADDING, UNKNOWN

SPECIAL = ("<pad>", "<unknown>")


def build(documents, min_reviews):
    """The vocabulary of training reviews.

    Args:
      documents: training reviews, each a list of words.
      min_reviews: a word that occurs in fewer reviews is UNKNOWN.

    Returns:
      (words, document frequency [V] int32): the two special words, then words by decreasing frequency, words of the
      same frequency in alphabetical order. The frequency of UNKNOWN is 1, as if each unknown word were rare.
    """
    counts = Counter(word for document in documents for word in set(document))
    words = sorted((word for word, count in counts.items() if count >= min_reviews),
                   key=lambda word: (-counts[word], word))
    return SPECIAL + tuple(words), np.array([0, 1] + [counts[word] for word in words], np.int32)


def numbers(words):
    """{word: word id} of the vocabulary without its two special words."""
    return {word: index for index, word in enumerate(words) if index > UNKNOWN}


def encode(documents, words, length, ids=None):
    """Word ids of documents.

    Args:
      documents: each a list of words.
      words: the vocabulary.
      length: number of words kept of each.
      ids: `numbers(words)`; give it to save time when this function is called often.

    Returns:
      (tokens [n, length] int32, padded with 0; lengths [n] int32): the first `length` words of each.
    """
    ids = numbers(words) if ids is None else ids
    tokens = np.full((len(documents), length), PADDING, np.int32)
    lengths = np.zeros(len(documents), np.int32)
    for row, document in enumerate(documents):
        kept = [ids.get(word, UNKNOWN) for word in document[:length]]
        tokens[row, :len(kept)] = kept
        lengths[row] = len(kept)
    return tokens, lengths
