"""Reads texts by the tables of aspects: the aspect and the polarity of each sentence.

A sentence speaks of the aspect with the highest sum of `word_aspect` over its different words, if that sum is at least
1; else of none. Its polarity is the logistic function of the sum of `word_polarity` over its different words, each as
it is or negated; a sentence without a word that tells is at .5.

Legend: `S` sentences, `n` words of all sentences together, `V` words of the vocabulary, `K` aspects.
"""
from array import array
from typing import NamedTuple

import numpy as np
from scipy import sparse

from preprocessing import sentences
from preprocessing.artefact import UNKNOWN

NO_ASPECT = -1


class Sentences(NamedTuple):
    """The sentences of several texts, in their order."""
    start: np.ndarray  # [texts + 1] int64, the sentences of text t are start[t] to start[t+1] - 1
    span: np.ndarray  # [S, 2] int32, first and last + 1 character in the text
    word_start: np.ndarray  # [S+1] int64, likewise the words of a sentence
    words: np.ndarray  # [n] int32 word ids, UNKNOWN for words outside the vocabulary
    negated: np.ndarray  # [n] bool

    @property
    def review(self):
        """[S] the text of each sentence, by its place."""
        return np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))

    @property
    def sentence(self):
        """[n] the sentence of each word, by its place."""
        return np.repeat(np.arange(len(self.span)), np.diff(self.word_start))


class Reading(NamedTuple):
    """What sentences say."""
    aspect: np.ndarray  # [S] int16, NO_ASPECT where they speak of none
    polarity: np.ndarray  # [S] float32, probability of praise


def split(texts, tokeniser, ids):
    """Returns the Sentences of texts; a sentence without words is left out.

    Args:
      texts: iterable of str.
      tokeniser: the rule of words of the data, one of `tokenise.TOKENISERS`.
      ids: {word: word id}, see `vocabulary.numbers`.
    """
    start, span, word_start = array("q", [0]), array("i"), array("q", [0])
    words, marks = array("i"), array("b")  # arrays: lists of a large corpus would take five times the memory
    for text in texts:
        for first, last in sentences.spans(text):
            sentence = text[first:last]
            placed = tokeniser.placed(sentence)
            if placed:
                words.extend(ids.get(word, UNKNOWN) for word, _, _ in placed)
                marks.extend(sentences.negated(sentence, placed))
                span.extend((first, last))
                word_start.append(len(words))
        start.append(len(word_start) - 1)
    return Sentences(np.array(start, np.int64), np.array(span, np.int32).reshape(-1, 2), np.array(word_start, np.int64),
                     np.array(words, np.int32), np.array(marks, bool))


def bags(found, size):
    """Returns ([S, V] the different words, [S, 2V] the words as they are and then the negated ones) of Sentences, as
    CSR matrices of ones; UNKNOWN is left out."""
    known = found.words > UNKNOWN
    row, word, marked = found.sentence[known], found.words[known], found.negated[known]
    return tuple(_ones(row, column, (len(found.span), width))
                 for column, width in ((word, size), (word + size * marked, 2 * size)))


def read(found, word_aspect, word_polarity):
    """Returns the Reading of Sentences by `word_aspect` [V, K] and `word_polarity` [2, V]."""
    plain, marked = bags(found, len(word_aspect))
    scores = plain @ np.asarray(word_aspect, np.float64)  # [S, K]
    aspect = np.full(len(scores), NO_ASPECT, np.int16)
    if scores.shape[1]:
        best = scores.argmax(axis=1)
        spoken = scores[np.arange(len(scores)), best] >= 1
        aspect[spoken] = best[spoken]
    odds = marked @ np.asarray(word_polarity, np.float64).ravel()
    return Reading(aspect, (1 / (1 + np.exp(-np.clip(odds, -30, 30)))).astype(np.float32))


def _ones(row, column, shape):
    matrix = sparse.csr_matrix((np.ones(len(row), np.float32), (row, column)), shape)
    matrix.sum_duplicates()
    matrix.data[:] = 1
    return matrix
