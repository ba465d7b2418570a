"""The vocabulary of the training reviews, and the word ids of texts."""
from typing import NamedTuple, Tuple

import numpy as np

from preprocessing.artefact import PADDING, UNKNOWN

SPECIAL = ("<pad>", "<unknown>")


class Vocabulary(NamedTuple):
    """The words that training reviews share."""
    words: Tuple[str, ...]  # V, the special ones first
    document_frequency: np.ndarray  # [V] int32
    ids: np.ndarray  # [W] int32, the word id of each word that was counted


def build(words, counts, min_reviews, most_words):
    """The vocabulary of training reviews.

    Args:
      words: [W] different words.
      counts: [W] number of training reviews that contain each.
      min_reviews: a word that occurs in fewer reviews is UNKNOWN.
      most_words: so many of the other words are kept, the most frequent ones; the others are UNKNOWN, too.

    Returns:
      `Vocabulary`: the two special words, then words by decreasing frequency, words of the same frequency in
      alphabetical order. The frequency of UNKNOWN is 1, as if each unknown word were rare.
    """
    frequent = sorted(((-count, words[number], number) for number, count in enumerate(counts.tolist())
                       if count >= min_reviews))[:most_words]
    ids = np.full(len(words), UNKNOWN, np.int32)
    ids[[number for _, _, number in frequent]] = np.arange(UNKNOWN + 1, UNKNOWN + 1 + len(frequent))
    return Vocabulary(SPECIAL + tuple(word for _, word, _ in frequent),
                      np.array([0, 1] + [-count for count, _, _ in frequent], np.int32), ids)


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
