"""What a visitor's typed text says: the aspects that it speaks of, and the words that the model knows.

A word that surely belongs to an aspect is a wish for it. After a negation it is a wish to avoid it ("I do not want
batteries"), unless it is a word of criticism: "not loud" is a wish for the aspect, too. What is not wanted may be a
thing of which reviews speak badly, so there only a word of clear criticism counts as one. The model does not read words
after a negation: to it, "I want batteries" and "I do not want batteries" are nearly the same.
"""
from typing import NamedTuple

import numpy as np

from preprocessing import sentences
from preprocessing.artefact import UNKNOWN

SURE = .93  # part of the aspect's largest `aspect_tables.Tables.word_aspect`: a word with a lower score also stands in
# sentences about other aspects, and a typed text is too short to outvote it
CRITICISM, CLEAR = -.1, -.2  # log odds of praise below which a word is one of criticism, and of clear criticism
WISHING = frozenset(("want", "need", "like", "wish", "buy"))  # after a negation: what follows is not wanted


class Typed(NamedTuple):
    """What some texts say."""
    wanted: tuple  # numbers of aspects, the most surely named first
    avoided: tuple
    liked: tuple  # of each text, what the model reads


def read(texts, aspects, words):
    """The Typed of some plain texts. Of an aspect that is both wanted and avoided, what more words say counts.

    Args:
      texts: strings.
      aspects: `storage.aspects.Aspects`; None: no aspect is read.
      words: `word_contributions.WordScorer`.
    """
    said, liked = [], []
    for text in texts:
        kept = ""
        for start, end in sentences.spans(text):
            placed = words.word_tables.tokeniser.placed(text[start:end])
            marks = sentences.negated(text[start:end], placed)
            is_unwanted = any(mark and place[0] in WISHING for place, mark in zip(placed, marks))
            said += [(words.ids.get(place[0], UNKNOWN), mark, CLEAR if is_unwanted else CRITICISM)
                     for place, mark in zip(placed, marks)]
            kept += " " + _without(text[start:end], [place[1:] for place, mark in zip(placed, marks) if mark])
        liked.append(kept.strip() if any(_known(kept, words)) else "")
    return Typed(*_wishes(said, aspects), tuple(liked))


def _wishes(said, aspects):
    """(wanted, avoided), each the numbers of aspects, the most surely named first.

    Args:
      said: [(number of a word, whether a negation is before it, log odds below which it is one of criticism)].
      aspects: as in `read`.
    """
    said = sorted({each for each in said if each[0] > UNKNOWN})
    if aspects is None or not said or not aspects.all:
        return (), ()
    word, negated, least = (np.array(column) for column in zip(*said))
    scores = aspects.tables.word_aspect[word] / np.maximum(aspects.largest, 1e-6)  # [w, K]
    scores = np.where(scores >= SURE, scores, 0)
    against = negated & (np.asarray(aspects.tables.word_polarity)[0, word] >= least)
    for_it, against_it = scores[~against].sum(0), scores[against].sum(0)
    named = [int(k) for k in np.argsort(-np.maximum(for_it, against_it), kind="stable") if scores[:, k].any()]
    return (tuple(k for k in named if for_it[k] > against_it[k]),
            tuple(k for k in named if for_it[k] <= against_it[k]))


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
