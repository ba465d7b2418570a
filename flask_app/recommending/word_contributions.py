"""Which words made a review's score: what the artefact knows of words and, of the run, its tables.

Legend: `V` words of the vocabulary, `F` filters, `W` window, `A` attention, `n` words of a text.

The personal score of a review is a likeness of TF-IDF bags and a cosine of the review's key and the
shopper's query. What is said of a word is exact for the likeness, a sum over words. Of the cosine,
it is exact but for the key's length, by which every word is divided alike: the bag part of the key
is a sum over words; each filter of the convolution is the sum of the W words of the window that
won, and a word gets its own part of it. Bias terms belong to no word.
"""
import functools
import re
from typing import NamedTuple

import numpy as np

from models.run_folder import word_score_tables as word_scores
from preprocessing import bag, vocabulary, word_tables
from preprocessing.artefact import UNKNOWN
from preprocessing.tokenise import tokenise

LEXICAL = 80.  # of the likeness where the run's tables do not say; alone, only its proportions show
KEPT = 4096  # reviews of the catalogue whose words are kept, some 6 KB each
_WORD = re.compile(r"([A-Za-z]+(?:'[A-Za-z]+)?)")  # as tokenise, places kept


class Asker(NamedTuple):
    """Who reads: what a word of a review is worth to them."""
    likeness: np.ndarray  # [V] score that one unit of a word's TF-IDF weight adds
    query: np.ndarray  # [A] of length 1, or None where the run has no tables
    filters: np.ndarray  # [F] what one unit of a filter adds to the product of query and key; None as well


class Reading(NamedTuple):
    """A text's words, `m` of them distinct: its bag."""
    text: str
    places: np.ndarray  # [n, 2] start and end of each word in the text
    words: np.ndarray  # [m] word ids, rising
    weights: np.ndarray  # [m] float32 TF-IDF
    counts: np.ndarray  # [m] how often each stands in the text
    number: np.ndarray  # [n] of each word among the distinct ones


class Key(NamedTuple):
    """What the network makes of a text."""
    key: np.ndarray  # [A] W_O o, without its bias
    length: float  # of the key with its bias
    places: np.ndarray  # [W, F] of the words of each filter's winning window
    parts: np.ndarray  # [W, F] what each of them gave; 0 where the filter is silent


class Words:
    """Reads texts as the model does.

    Args:
      data_folder: the artefact's folder.
      run_folder: the run's; its tables may be missing.

    Raises:
      UserError: the artefact is none, or damaged.
    """

    def __init__(self, data_folder, run_folder):
        self._words = word_tables.load(data_folder)
        self._ids = vocabulary.numbers(self._words.vocabulary)
        self.tables = word_scores.load(run_folder, len(self._words.vocabulary))
        self._keys = self._anybody = None  # what a unit of each word's weight adds to a key [V, A]
        if self.tables and self.tables.key_bag is not None:
            self._keys = self._words.word_topics @ self.tables.key_bag
            self._anybody = self._words.mean_bag @ self._keys * self.tables.centred  # [A]
        self.read_review = functools.lru_cache(KEPT)(self._read_review)  # nobody's who typed it

    @property
    def length(self):
        """Words of a review that count."""
        return self._words.length

    def tokens(self, texts):
        """Word ids [len(texts), L] int32 of plain texts."""
        return vocabulary.encode([tokenise(text) for text in texts], self._words.vocabulary,
                                 self._words.length, self._ids)[0]

    def known(self, texts):
        """How many words of plain texts are of the vocabulary."""
        return int((self.tokens(texts) > UNKNOWN).sum())

    def word(self, number):
        """A word by its number."""
        return self._words.vocabulary[number]

    def read(self, texts):
        """The Readings of plain texts."""
        size = len(self._words.vocabulary)
        split = [_WORD.split(text, self._words.length) for text in texts]  # gap, word, gap, word, rest
        spelled = [[self._ids.get(word.lower(), UNKNOWN) for word in pieces[1::2]] for pieces in split]
        owner = np.repeat(np.arange(len(texts)), [len(words) for words in spelled])  # text of each word
        pairs, number, counts = np.unique(owner * size + np.array(sum(spelled, []), int),
                                          return_inverse=True, return_counts=True)
        row, words = np.divmod(pairs, size)
        weights = bag.weigh(words, counts.astype(np.float32), row, len(texts),
                            self._words.document_frequency[words], self._words.reviews)
        own, said = (np.searchsorted(rows, np.arange(len(texts) + 1)).tolist() for rows in (row, owner))
        return [Reading(text, np.cumsum([len(piece) for piece in pieces[:-1]], dtype=int).reshape(-1, 2),
                        words[first:last], weights[first:last], counts[first:last], number[begin:end] - first)
                for text, pieces, first, last, begin, end in zip(texts, split, own, own[1:], said, said[1:])]

    def _read_review(self, text):
        """(Reading, Key) of a plain text of the catalogue; no Key where the run has no tables."""
        reading, = self.read([text])
        return reading, self._key(reading) if self.tables else None

    def rare(self, reading, common):
        """Where [m] a Reading's words are of the vocabulary, and in at most a share `common` of the
        reviews."""
        frequency = self._words.document_frequency[reading.words]
        return (frequency <= common * self._words.reviews) & (reading.weights > 0)

    def asker(self, own, user=None):
        """The Asker who wrote texts, given as Readings. `user`: their row, where the model knows
        them."""
        own = [reading for reading in own if len(reading.words)]
        likeness = np.zeros(len(self._words.vocabulary), np.float32)
        if own:
            for reading in own:
                likeness[reading.words] += reading.weights / len(own)
            if not self.tables or self.tables.centred:
                likeness -= self._words.mean_bag
            if self.tables and self.tables.unit:
                likeness /= max(np.linalg.norm(likeness), 1e-6)
        likeness *= self.tables.lexical if self.tables else LEXICAL
        if not self.tables:
            return Asker(likeness, None, None)
        if user is not None:
            query = self.tables.queries[user]
        else:
            answers = [self._key(reading).key for reading in own]
            query = self.tables.query_bias + (np.mean(answers, 0) if answers else 0)
        query = query / max(np.linalg.norm(query), 1e-12)
        query = query.astype(np.float32)
        return Asker(likeness, query, self.tables.key_text @ query)

    def scores(self, asker, reading, key):
        """What each word [n] of a review adds to its personal score.

        A word that stands twice shares its part of the bag evenly; one that is not in the
        vocabulary has a part of the windows alone.
        """
        worth, heard = asker.likeness[reading.words], 0
        if key is not None and len(reading.words):
            scale = self.tables.temperature / max(key.length, 1e-12)
            if self._keys is not None:
                worth = worth + scale * (self._keys[reading.words] @ asker.query)
            heard = scale * _by_word(key, asker.filters, len(reading.number))
        return heard + (reading.weights * worth / reading.counts)[reading.number]

    def _key(self, reading):
        """The Key of a Reading."""
        tables, words = self.tables, reading.words[reading.number]
        width, filters = tables.projection.shape[1:]
        step = np.arange(width)[:, np.newaxis]
        texts, places, parts = np.zeros(filters), step + np.zeros(filters, int), np.zeros((width, filters))
        if len(words):
            wide = np.zeros((len(words) + width - 1, width, filters), np.float32)
            wide[:len(words)] = tables.projection[words]
            total = sum(wide[at:at + len(words), at] for at in range(width))  # [n, F]
            won, every = total.argmax(0), np.arange(filters)
            texts = np.maximum(total[won, every] + tables.conv_bias, 0)
            places = won + step
            parts = wide[places, step, every] * (texts > 0)
        key = texts @ tables.key_text
        if self._keys is not None and len(words):
            key = key + (reading.weights @ self._keys[reading.words] - self._anybody)
        return Key(key, np.linalg.norm(key + tables.key_bias), places, parts)


def _by_word(key, worth, n):
    """The worth [F] of the filters as worth [n] of the words, by the windows that won."""
    return np.bincount(key.places.ravel(), (key.parts * worth).ravel(), n + len(key.places) - 1)[:n]
