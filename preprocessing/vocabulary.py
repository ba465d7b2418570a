"""Words -> word ids, and the bag of words (TF-IDF)."""
from collections import Counter

import numpy as np

from preprocessing.artefact import PADDING, UNKNOWN

SPECIAL = ("<pad>", "<unknown>")


def build(documents, min_reviews):
    """The vocabulary of training reviews.

    Args:
      documents: training reviews, each a list of words.
      min_reviews: a word in fewer reviews is UNKNOWN.

    Returns:
      (words, document frequency [V]): the two special words, then words by falling frequency, ties by
      alphabet. The frequency of UNKNOWN is 1: each word it stands for is taken as rare.
    """
    counts = Counter(word for document in documents for word in set(document))
    words = sorted((word for word, count in counts.items() if count >= min_reviews),
                   key=lambda word: (-counts[word], word))
    return SPECIAL + tuple(words), np.array([0, 1] + [counts[word] for word in words], np.int32)


def numbers(words):
    """{word: word id} of the words that stand for themselves."""
    return {word: index for index, word in enumerate(words) if index > UNKNOWN}


def encode(documents, words, length, ids=None):
    """Word ids of documents.

    Args:
      documents: each a list of words.
      words: the vocabulary.
      length: words kept of each.
      ids: `numbers(words)`, for who encodes again and again.

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
