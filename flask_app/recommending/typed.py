"""What a visitor's typed text says: the aspects that it speaks of, and the words that the model knows.

A sentence whose words for the aspect stand after a negation ("I do not want batteries", "not loud") is read as a wish
to avoid the aspect. The model does not read such a sentence: to it, "I want batteries" and "I do not want batteries"
are nearly the same.
"""
import functools
from typing import NamedTuple

import numpy as np

from models.run_folder import aspect_reading
from preprocessing import vocabulary
from preprocessing.artefact import UNKNOWN


class Typed(NamedTuple):
    """What some texts say."""
    wanted: tuple  # numbers of aspects, in the order of the texts
    avoided: tuple
    liked: tuple  # of each text, the sentences that the model reads


def read(texts, aspects, words):
    """The Typed of some plain texts.

    Args:
      aspects: `storage.aspects.Aspects`; None: no aspect is read.
      words: `word_contributions.WordScorer`.
    """
    if aspects is None:
        return Typed((), (), tuple(texts))
    wishes, liked = {}, []
    for text in texts:
        found = aspect_reading.split([text], words.word_tables.tokeniser, _numbers(words))
        kept = []
        for sentence, (start, end) in enumerate(found.span.tolist()):
            part = slice(int(found.word_start[sentence]), int(found.word_start[sentence + 1]))
            aspect, is_negated = _said(found.words[part], found.negated[part], aspects.tables.word_aspect)
            if aspect is not None:
                wishes.setdefault(aspect, is_negated)
            if aspect is None or not is_negated:
                kept.append(text[start:end])
        liked.append(" ".join(kept))
    return Typed(tuple(aspect for aspect, avoided in wishes.items() if not avoided),
                 tuple(aspect for aspect, avoided in wishes.items() if avoided), tuple(liked))


def _said(numbers, negated, word_aspect):
    """(the aspect of a sentence or None, whether most of what speaks for it stands after a negation)."""
    known = numbers > UNKNOWN
    numbers, negated = numbers[known], negated[known]
    if not len(numbers) or not word_aspect.shape[1]:
        return None, False
    _, first = np.unique(numbers, return_index=True)
    scores = np.asarray(word_aspect[numbers[first]], float)  # [different words, K]
    best = int(scores.sum(0).argmax())
    if scores[:, best].sum() < 1:  # the rule of `aspect_reading.read`
        return None, False
    speaks = np.maximum(scores[:, best], 0)
    return best, bool(speaks[negated[first]].sum() > speaks.sum() / 2)


@functools.lru_cache(maxsize=4)
def _numbers(words):
    return vocabulary.numbers(words.word_tables.vocabulary)


def pieces(text, words):
    """A text as [(piece, is a word that the model does not know)]; joined, the pieces are the text.

    Args:
      words: `word_contributions.WordScorer`.
    """
    numbers, found, end = _numbers(words), [], 0
    for word, start, last in words.word_tables.tokeniser.placed(text, words.length):
        if numbers.get(word, UNKNOWN) == UNKNOWN:
            found += [(text[end:start], False), (text[start:last], True)]
            end = last
    return [piece for piece in found + [(text[end:], False)] if piece[0]]
