"""Finds the sentence of a shopper's own reviews that is most similar to a shown review: "You wrote ..."."""
import functools
from typing import NamedTuple, Optional

import numpy as np

from flask_app.web.render import excerpt
from preprocessing import sentences
from preprocessing.artefact import UNKNOWN

LEAST = .005  # similarity below which no sentence is shown
COMMON = .2  # a word that occurs in a larger share of the reviews does not count
LENGTH = 220  # characters of a shown sentence, or so


class OwnSentence(NamedTuple):
    """A sentence of one of the shopper's own texts."""
    sentence: str
    text_index: int  # of the own text that it is from
    shared: tuple  # words that it shares with the shown review, the rarest first


class _Bag(NamedTuple):
    """TF-IDF weights of the uncommon words of one text."""
    words: np.ndarray  # word ids, rising
    weights: np.ndarray


class _Table(NamedTuple):
    """TF-IDF weights of some texts."""
    words: np.ndarray  # [k] ids of the words that occur in any text, rising
    weights: np.ndarray  # [texts, k]


def own_sentences(scorer, query, own, shown):
    """The most similar own sentence for each shown text.

    The similarity of two texts is that of their TF-IDF bags over uncommon words, each word weighted by how much more
    the shopper writes it than others do.

    Args:
      scorer: `word_contributions.WordScorer`.
      query: the `word_contributions.ShopperQuery` of the author of the own texts.
      own, shown: lists of `word_contributions.ParsedText`.

    Returns:
      For each shown text an OwnSentence, or None where no own text is similar.
    """
    if not own or not shown:
        return [None] * len(shown)
    table = _table([_uncommon(scorer, parsed) for parsed in own])
    if not len(table.words):
        return [None] * len(shown)
    highest = max(query.distinctive.max(), 1e-12)

    @functools.lru_cache(None)
    def parts(index):
        """[(sentence, ids of its vocabulary words)] of an own text."""
        return [(sentence, {int(word) for word in scorer.tokens([sentence])[0] if word > UNKNOWN})
                for sentence in sentences.of(own[index].text)]

    def most_similar(parsed) -> Optional[OwnSentence]:
        words, weights = _uncommon(scorer, parsed)
        weights = weights * (np.maximum(query.distinctive[words], 0) / highest)
        column = np.minimum(np.searchsorted(table.words, words), len(table.words) - 1)
        shared = table.words[column] == words
        similarity = (table.weights[:, column[shared]] * weights[shared]).sum(1)  # [own]
        similarity[[text.text == parsed.text for text in own]] = 0  # a review is not compared with itself
        if similarity.max() < LEAST:
            return None
        index = int(similarity.argmax())
        return _best_sentence(scorer, parts(index), index, dict(zip(words.tolist(), weights.tolist())))

    return [most_similar(parsed) for parsed in shown]


def _uncommon(scorer, parsed):
    """The _Bag of a ParsedText."""
    kept = scorer.uncommon(parsed, COMMON)
    return _Bag(parsed.words[kept], parsed.weights[kept])


def _table(bags):
    """The _Table of some _Bags."""
    columns = np.unique(np.concatenate([bag.words for bag in bags]))
    weights = np.zeros((len(bags), len(columns)), np.float32)
    for row, bag in zip(weights, bags):
        row[np.searchsorted(columns, bag.words)] = bag.weights
    return _Table(columns, weights)


def _best_sentence(scorer, parts, index, weight):
    """The OwnSentence with the largest sum of word weights; None where no sentence has a weighted word."""
    best, highest, shared = "", 0., ()
    for sentence, words in parts:
        weighted = sorted((word for word in words if word in weight), key=lambda word: -weight[word])
        total = sum(weight[word] for word in weighted)
        if total > highest:
            best, highest, shared = sentence, total, tuple(map(scorer.word, weighted[:4]))
    return OwnSentence(excerpt(best, LENGTH), index, shared) if best else None
