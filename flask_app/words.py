"""Which words made a review's score: what the artefact knows of words and, of the run, the tables
of `runs/<name>/words/` (their contract is in models/word_scores.py).

Legend: `V` words of the vocabulary, `F` filters, `W` window, `A` attention, `n` words of a text.

The personal score of a review is a likeness of TF-IDF bags and a cosine of the review's key and the
shopper's query. What is said of a word is exact for the likeness, a sum over words. Of the cosine,
it is exact but for the key's length, by which every word is divided alike: the bag part of the key
is a sum over words; each filter of the convolution is the sum of the W words of the window that
won, and a word gets its own part of it. Bias terms belong to no word.
"""
import collections
import hashlib
import json
import os
import re
from typing import NamedTuple

import numpy as np

from preprocessing import bag, vocabulary, word_tables
from preprocessing.artefact import UNKNOWN
from preprocessing.tokenise import tokenise

TABLES = ("projection", "conv_bias", "key_text", "key_bias", "query_bias", "queries")
LEXICAL = 80.  # of the likeness where the run's tables do not say; alone, only its proportions show
_LETTERS = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)?")  # as tokenise, places kept


class Tables(NamedTuple):
    """The run's tables, see models/word_scores.py. Without a bag `key_bag` is None."""
    temperature: float
    lexical: float
    centred: bool
    unit: bool
    projection: np.ndarray  # [V, W, F]
    conv_bias: np.ndarray  # [F]
    key_text: np.ndarray  # [F, A]
    key_bias: np.ndarray  # [A]
    query_bias: np.ndarray  # [A]
    queries: np.ndarray  # [U, A]
    key_bag: np.ndarray = None  # [D, A]


class Asker(NamedTuple):
    """Who reads: what a word of a review is worth to them."""
    likeness: np.ndarray  # [V] score that one unit of a word's TF-IDF weight adds
    query: np.ndarray  # [A] of length 1, or None where the run has no tables


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
        self.tables = _tables(run_folder, len(self._words.vocabulary))
        self._keys = self._anybody = None  # what a unit of each word's weight adds to a key [V, A]
        if self.tables and self.tables.key_bag is not None:
            self._keys = self._words.word_topics @ self.tables.key_bag
            self._anybody = self._words.mean_bag @ self._keys * self.tables.centred  # [A]

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

    def bags(self, tokens):
        """TF-IDF bags, scipy CSR [n, V], of word ids."""
        return bag.tfidf(tokens, self._words.document_frequency, self._words.reviews)

    def rare_bags(self, texts, common):
        """Bags of plain texts, of the words that at most a share `common` of the reviews hold."""
        bags = self.bags(self.tokens(texts))
        bags.data[self._words.document_frequency[bags.indices]
                  > common * self._words.reviews] = 0
        bags.eliminate_zeros()
        return bags

    def word(self, number):
        """A word by its number."""
        return self._words.vocabulary[number]

    def asker(self, texts, user=None):
        """The Asker who wrote these texts. `user`: their row, where the model knows them."""
        tokens = self.tokens(texts)
        tokens = tokens[tokens.any(1)]
        anybody = self._words.mean_bag if not self.tables or self.tables.centred else 0
        wrote = np.asarray(self.bags(tokens).mean(0)).ravel() - anybody if len(tokens) else (
            np.zeros(len(self._words.vocabulary)))
        if self.tables and self.tables.unit:
            wrote = wrote / max(np.linalg.norm(wrote), 1e-6)
        likeness = wrote * (self.tables.lexical if self.tables else LEXICAL)
        if not self.tables:
            return Asker(likeness, None)
        if user is not None:
            query = self.tables.queries[user]
        else:
            answers = [self._key(row, weights)[0]
                       for row, weights in zip(tokens, self.bags(tokens))]
            query = self.tables.query_bias + (np.mean(answers, 0) if answers else 0)
        query = query / max(np.linalg.norm(query), 1e-12)
        return Asker(likeness.astype(np.float32), query.astype(np.float32))

    def contributions(self, asker, texts):
        """What each place of each text adds to the text's personal score.

        Returns:
          A list for each text: [(start, end, score)] of its words, in order, places in the text.
          A word that stands twice shares its part of the bag evenly; one that is not in the
          vocabulary has a part of the windows alone.
        """
        places = [[match.span() for match in _LETTERS.finditer(text)][:self._words.length]
                  for text in texts]
        spelled = [[text[start:end].lower() for start, end in spans]
                   for text, spans in zip(texts, places)]
        tokens = vocabulary.encode(spelled, None, self._words.length, self._ids)[0]
        found = []
        for spans, row, weights in zip(places, tokens, self.bags(tokens)):
            row = row[:len(spans)]
            adds = self._adds(asker, row, weights)
            found.append([(start, end, float(score)) for (start, end), score in zip(spans, adds)])
        return found

    def _adds(self, asker, row, weights):
        """Scores [n] of the words [n] of a review with the bag [1, V]."""
        worth, adds = asker.likeness[weights.indices], np.zeros(len(row), np.float32)
        if asker.query is not None and len(row):
            key, shares = self._key(row, weights)
            key = key + self.tables.key_bias
            scale = self.tables.temperature / max(np.linalg.norm(key), 1e-12)
            adds = scale * shares(self.tables.key_text @ asker.query)
            if self._keys is not None:
                worth = worth + scale * (self._keys[weights.indices] @ asker.query)
        words, count = row.tolist(), collections.Counter(row.tolist())
        by_word = dict(zip(weights.indices.tolist(), (weights.data * worth).tolist()))
        return adds + [by_word.get(word, 0) / count[word] for word in words]

    def _key(self, row, weights):
        """A review's word ids [n] and bag [1, V] -> (W_O o [A], see `_convolution`)."""
        tables = self.tables
        texts, shares = self._convolution(row[:np.count_nonzero(row)])
        key = texts @ tables.key_text
        if self._keys is not None and weights.nnz:
            key = key + (weights.data @ self._keys[weights.indices] - self._anybody)
        return key, shares

    def _convolution(self, row):
        """O [F] of word ids [n] without padding, and a function: the worth [F] of each filter ->
        the worth [n] of the words, by the windows that won."""
        tables = self.tables
        width, filters = tables.projection.shape[1:]
        if not len(row):
            return np.zeros(filters), lambda worth: np.zeros(0)
        parts = np.zeros((len(row) + width - 1, width, filters), np.float32)
        parts[:len(row)] = tables.projection[row]
        total = sum(parts[step:step + len(row), step] for step in range(width))  # [n, F]
        won, every = total.argmax(0), np.arange(filters)
        texts = np.maximum(total[won, every] + tables.conv_bias, 0)

        def shares(worth):
            spoken = worth * (texts > 0)
            return sum(np.bincount(won + step, parts[won + step, step, every] * spoken,
                                   len(row) + width - 1) for step in range(width))[:len(row)]

        return texts, shares


def _tables(run_folder, words):
    """The Tables of a run; None where it has none, or of other weights or words."""
    try:
        folder = os.path.join(run_folder, "words")
        with open(os.path.join(folder, "words.json"), encoding="utf-8") as text:
            facts = json.load(text)
        with open(os.path.join(run_folder, "checkpoint.json"), "rb") as pointer:
            if hashlib.sha256(pointer.read()).hexdigest() != facts.pop("checkpoint"):
                return None
        names = TABLES + (("key_bag",) if os.path.isfile(os.path.join(folder, "key_bag.npy"))
                          else ())
        tables = Tables(**facts, **{
            name: np.asarray(np.load(os.path.join(folder, name + ".npy"), mmap_mode="r",
                                     allow_pickle=False)) for name in names})
        return tables if len(tables.projection) == words else None
    except (OSError, ValueError, TypeError, KeyError):
        return None
