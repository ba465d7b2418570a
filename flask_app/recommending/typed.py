"""What a visitor's typed text says: the aspects that it speaks of, and the words that the model knows.

Words after a negation ("I do not want batteries", "not loud") are read as a wish to avoid their aspect, all others as a
wish for it. The model does not read words after a negation: to it, "I want batteries" and "I do not want batteries" are
nearly the same.
"""
from typing import NamedTuple

import numpy as np

from preprocessing import sentences
from preprocessing.artefact import UNKNOWN

LEAST = .35  # sum of the scores of words (`aspect_tables.Tables.word_aspect`) from which a wish names an aspect. It is
# below the 1 of a review's sentence: a visitor writes few words, and means all of them.


class Typed(NamedTuple):
    """What some texts say."""
    wanted: tuple  # numbers of aspects, in the order of the texts
    avoided: tuple
    liked: tuple  # of each text, what the model reads


def read(texts, aspects, words):
    """The Typed of some plain texts. An aspect counts as what is said of it first.

    Args:
      aspects: `storage.aspects.Aspects`; None: no aspect is read.
      words: `word_contributions.WordScorer`.
    """
    wishes, liked = {}, []
    for text in texts:
        kept = ""
        for start, end in sentences.spans(text):
            placed = words.word_tables.tokeniser.placed(text[start:end])
            marks = sentences.negated(text[start:end], placed)
            for is_negated in (False, True):
                said = [word for (word, _, _), mark in zip(placed, marks) if mark == is_negated]
                for aspect in _aspects(said, aspects, words):
                    wishes.setdefault(aspect, is_negated)
            kept += " " + _without(text[start:end], [place[1:] for place, mark in zip(placed, marks) if mark])
        liked.append(kept.strip() if any(_known(kept, words)) else "")
    return Typed(tuple(aspect for aspect, avoided in wishes.items() if not avoided),
                 tuple(aspect for aspect, avoided in wishes.items() if avoided), tuple(liked))


def _aspects(names, aspects, words):
    """The aspects that some words name, the most surely named first."""
    numbers = np.array(sorted({words.ids.get(name, UNKNOWN) for name in names} - set(range(UNKNOWN + 1))), int)
    if aspects is None or not len(numbers) or not aspects.all:
        return []
    scores = np.asarray(aspects.tables.word_aspect[numbers], float).sum(0)  # [K]
    return [int(best) for best in np.argsort(-scores, kind="stable") if scores[best] >= LEAST]


def _without(text, spans):
    """A text without the pieces at some spans, in their order."""
    pieces, end = [], 0
    for first, last in spans:
        pieces.append(text[end:first])
        end = last
    return " ".join("".join(pieces + [text[end:]]).split())


def _known(text, words):
    """Whether each word of a text is one that the model knows."""
    return [words.ids.get(word, UNKNOWN) > UNKNOWN for word, _, _ in words.word_tables.tokeniser.placed(text)]


def pieces(text, words):
    """A text as [(piece, is a word that the model does not know)]; joined, the pieces are the text.

    Args:
      words: `word_contributions.WordScorer`.
    """
    found, end = [], 0
    for word, start, last in words.word_tables.tokeniser.placed(text, words.length):
        if words.ids.get(word, UNKNOWN) == UNKNOWN:
            found += [(text[end:start], False), (text[start:last], True)]
            end = last
    return [piece for piece in found + [(text[end:], False)] if piece[0]]
