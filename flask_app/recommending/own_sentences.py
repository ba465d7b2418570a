"""What a shopper once wrote that is nearest to a review: "you wrote ..."."""
import functools
import re
from typing import NamedTuple, Optional

import numpy as np

from preprocessing.artefact import UNKNOWN

LEAST = .005  # likeness below which nothing is quoted
COMMON = .2  # words in a larger share of the reviews are no reason to quote
LENGTH = 220  # characters of a quotation
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")


class Echo(NamedTuple):
    """A quotation from a text of the shopper."""
    quote: str
    number: int  # of the text it is from
    shared: tuple  # words both texts have, the rarest first


def echoes(words, asker, own, shown):
    """The nearest own text of each shown one: by TF-IDF likeness over words that not all use, each
    as much as the shopper writes it more than others do.

    Args:
      words: `flask_app.words.Words`.
      asker: the `flask_app.words.Asker` who wrote the own texts.
      own, shown: `flask_app.words.Reading`s.

    Returns:
      For each shown text an Echo, or None where no own text is near.
    """
    if not own or not shown:
        return [None] * len(shown)
    mine, table = _table([_rare(words, reading) for reading in own])
    if not len(mine):
        return [None] * len(shown)
    most = max(asker.likeness.max(), 1e-12)

    @functools.lru_cache(None)
    def sentences(number):
        """[(sentence, the known words in it)] of an own text."""
        return [(sentence, {int(word) for word in words.tokens([sentence])[0] if word > UNKNOWN})
                for sentence in _SENTENCE.findall(own[number].text)]

    def echo(reading) -> Optional[Echo]:
        said, weights = _rare(words, reading)
        weights = weights * (np.maximum(asker.likeness[said], 0) / most)
        place = np.minimum(np.searchsorted(mine, said), len(mine) - 1)
        both = mine[place] == said
        likeness = (table[:, place[both]] * weights[both]).sum(1)  # [own]
        likeness[[text.text == reading.text for text in own]] = 0  # a review is no echo of itself
        if likeness.max() < LEAST:
            return None
        number = int(likeness.argmax())
        return _echo(words, sentences(number), number, dict(zip(said.tolist(), weights.tolist())))

    return [echo(reading) for reading in shown]


def _rare(words, reading):
    kept = words.rare(reading, COMMON)
    return reading.words[kept], reading.weights[kept]


def _table(bags):
    """(words that stand in any bag, rising [k]; their weights in each bag [len(bags), k])."""
    known = np.unique(np.concatenate([words for words, _ in bags]))
    table = np.zeros((len(bags), len(known)), np.float32)
    for row, (words, weights) in zip(table, bags):
        row[np.searchsorted(known, words)] = weights
    return known, table


def _echo(words, sentences, number, weight):
    """The Echo of the sentence that says most by its words' weights; None where none says any."""
    best, most, shared = "", 0., ()
    for sentence, known in sentences:
        found = sorted((word for word in known if word in weight), key=lambda w: -weight[w])
        score = sum(weight[word] for word in found)
        if score > most:
            best, most, shared = sentence.strip(), score, tuple(map(words.word, found[:4]))
    if len(best) > LENGTH:
        best = best[:best.rfind(" ", LENGTH // 2, LENGTH)] + " …"
    return Echo(best, number, shared) if best else None
