"""What each word of a review adds to the review's personal score for a shopper.

Legend: `V` words of the vocabulary, `F` filters, `W` window, `A` attention dim, `n` words of a text, `m` distinct
words of the vocabulary in it.

The personal score of a review is the similarity of two TF-IDF bags plus the cosine of the review's key and the
shopper's query. The similarity is a sum over words, so a word's part of it is exact. The key is a sum too: its bag
part is a sum over words, and each filter of the convolution is the sum over the W words of its winning window. The
cosine divides all of them by the key's length, which every word of the review shares. Bias terms belong to no word.
"""
import functools
from typing import NamedTuple, Optional

import numpy as np

from models.run_folder import word_score_tables
from preprocessing import bag, vocabulary, word_tables
from preprocessing.artefact import UNKNOWN
from preprocessing.tokenise import Published

LEXICAL = 80.  # weight of the TF-IDF similarity where the run has no tables; then only proportions are shown
KEPT = 1024  # reviews of the catalogue that stay parsed, about 7 KB each; parsing one again takes .2 ms


class ShopperQuery(NamedTuple):
    """What a word of a review is worth for one shopper."""
    likeness: np.ndarray  # [V] score added by one unit of a word's TF-IDF weight, without the attention query
    distinctive: np.ndarray  # [V] the same in proportion: how much more the shopper writes a word than others do
    query: Optional[np.ndarray]  # [A] attention query, of length 1; None where the run has no tables
    filters: Optional[np.ndarray]  # [F] what one unit of a filter adds to key . query; None likewise


class ParsedText(NamedTuple):
    """The words of a text, and its bag of `m` distinct words."""
    text: str
    spans: np.ndarray  # [n, 2] start and end of each word in the text
    words: np.ndarray  # [m] word ids, rising
    weights: np.ndarray  # [m] float32 TF-IDF
    counts: np.ndarray  # [m] occurrences in the text
    index: np.ndarray  # [n] of each word among the distinct ones


class Key(NamedTuple):
    """The attention key that the network computes from a text."""
    key: np.ndarray  # [A] W_O o, without its bias
    length: float  # of the key with its bias
    positions: np.ndarray  # [W, F] of the words of each filter's winning window
    parts: np.ndarray  # [W, F] what each of these words gives to the filter; 0 where the filter is inactive


class ParsedReview(NamedTuple):
    """A review of the catalogue."""
    text: ParsedText
    key: Optional[Key]  # None where the run has no tables


class WordScorer:
    """Parses texts as the model does, and scores their words.

    Args:
      data_folder: the artefact's folder.
      run_folder: the run's folder; its tables may be absent.

    Raises:
      UserError: there is no artefact, or it is damaged.
    """

    def __init__(self, data_folder, run_folder):
        self.word_tables = word_tables.load(data_folder)
        self.ids = vocabulary.numbers(self.word_tables.vocabulary)  # {word: word id}
        self.tables = word_score_tables.load(run_folder, len(self.word_tables.vocabulary))
        self._word_keys = self._mean_key = None  # [V, A] what a unit of each word's weight adds to a key; [A]
        if self.tables and self.tables.key_bag is not None:
            self._word_keys = self.word_tables.word_topics @ self.tables.key_bag
            self._mean_key = self.word_tables.mean_bag @ self._word_keys * self.tables.centred
        # Caches reviews of the catalogue only: a text that a visitor typed goes through `parse` and is not kept.
        self.parse_review = functools.lru_cache(KEPT)(self._parse_review)

    @property
    def length(self):
        """The number of first words of a review that the model reads."""
        return self.word_tables.length

    @property
    def reads_latin_alone(self):
        """Whether words are those of the letters a to z."""
        return self.word_tables.tokeniser is Published

    def tokens(self, texts):
        """Word ids [len(texts), L] int32 of plain texts."""
        words = [self.word_tables.tokeniser.words(text) for text in texts]
        return vocabulary.encode(words, self.word_tables.vocabulary, self.word_tables.length, self.ids)[0]

    def count_known(self, texts):
        """The number of words of plain texts that are in the vocabulary."""
        return int((self.tokens(texts) > UNKNOWN).sum())

    def word(self, number):
        """The word with an id."""
        return self.word_tables.vocabulary[number]

    def parse(self, texts):
        """The ParsedTexts of plain texts."""
        size = len(self.word_tables.vocabulary)
        placed = [self.word_tables.tokeniser.placed(text, self.word_tables.length) for text in texts]
        ids = [[self.ids.get(word, UNKNOWN) for word, _, _ in places] for places in placed]
        owner = np.repeat(np.arange(len(texts)), [len(words) for words in ids])  # text of each word
        pairs, index, counts = np.unique(owner * size + np.array(sum(ids, []), int),
                                         return_inverse=True, return_counts=True)
        row, words = np.divmod(pairs, size)
        weights = bag.weigh(words, counts.astype(np.float32), row, len(texts),
                            self.word_tables.document_frequency[words], self.word_tables.reviews)
        distinct, each = (np.searchsorted(rows, np.arange(len(texts) + 1)).tolist() for rows in (row, owner))
        return [ParsedText(text, np.array([place[1:] for place in places], int).reshape(-1, 2),
                           words[first:last], weights[first:last], counts[first:last], index[begin:end] - first)
                for text, places, first, last, begin, end
                in zip(texts, placed, distinct, distinct[1:], each, each[1:])]

    def _parse_review(self, text):
        """The ParsedReview of a plain text of the catalogue."""
        parsed, = self.parse([text])
        return ParsedReview(parsed, self._key(parsed) if self.tables else None)

    def uncommon(self, parsed, common):
        """Which words of a ParsedText [m] bool are in the vocabulary and in at most a share `common` of the reviews."""
        frequency = self.word_tables.document_frequency[parsed.words]
        return (frequency <= common * self.word_tables.reviews) & (parsed.weights > 0)

    def query_of(self, own, user=None):
        """The ShopperQuery of the author of some ParsedTexts. `user`: the author's row, None without an id."""
        own = [parsed for parsed in own if len(parsed.words)]
        distinctive = self._distinctive(own)
        likeness = distinctive * (self.tables.lexical if self.tables else LEXICAL)
        if not self.tables:
            return ShopperQuery(likeness, distinctive, None, None)
        if user is not None:
            query = self.tables.queries[user]
        else:
            keys = [self._key(parsed).key for parsed in own]
            query = self.tables.query_bias + (np.mean(keys, 0) if keys else 0)
        query = query / max(np.linalg.norm(query), 1e-12)
        query = query.astype(np.float32)
        return ShopperQuery(likeness, distinctive, query, self.tables.key_text @ query)

    def _distinctive(self, own):
        """How much more each word [V] is written in the own texts than in all, from their mean bag."""
        likeness = np.zeros(len(self.word_tables.vocabulary), np.float32)
        if own:
            for parsed in own:
                likeness[parsed.words] += parsed.weights / len(own)
            if not self.tables or self.tables.centred:
                likeness -= self.word_tables.mean_bag
            if self.tables and self.tables.unit:
                likeness /= max(np.linalg.norm(likeness), 1e-6)
        return likeness

    def scores(self, query, review):
        """What each word [n] of a ParsedReview adds to its personal score.

        Occurrences of one word share its part of the bag evenly. A word outside the vocabulary has only the part of
        the windows that it is in.
        """
        parsed, key = review
        worth, by_filters = query.likeness[parsed.words], 0
        if key is not None and len(parsed.words):
            scale = self.tables.temperature / max(key.length, 1e-12)
            if self._word_keys is not None:
                worth = worth + scale * (self._word_keys[parsed.words] @ query.query)
            by_filters = scale * _by_word(key, query.filters, len(parsed.index))
        return by_filters + (parsed.weights * worth / parsed.counts)[parsed.index]

    def _key(self, parsed):
        """The Key of a ParsedText."""
        tables, words = self.tables, parsed.words[parsed.index]
        width, filters = tables.projection.shape[1:]
        step = np.arange(width)[:, np.newaxis]
        outputs, positions = np.zeros(filters), step + np.zeros(filters, int)
        parts = np.zeros((width, filters))
        if len(words):
            padded = np.zeros((len(words) + width - 1, width, filters), np.float32)
            padded[:len(words)] = tables.projection[words]
            sums = sum(padded[at:at + len(words), at] for at in range(width))  # [n, F]
            winner, every = sums.argmax(0), np.arange(filters)
            outputs = np.maximum(sums[winner, every] + tables.conv_bias, 0)
            positions = winner + step
            parts = padded[positions, step, every] * (outputs > 0)
        key = outputs @ tables.key_text
        if self._word_keys is not None and len(words):
            key = key + (parsed.weights @ self._word_keys[parsed.words] - self._mean_key)
        return Key(key, np.linalg.norm(key + tables.key_bias), positions, parts)


def _by_word(key, worth, n):
    """Distributes the worth [F] of the filters over the words [n] of their winning windows."""
    return np.bincount(key.positions.ravel(), (key.parts * worth).ravel(), n + len(key.positions) - 1)[:n]
