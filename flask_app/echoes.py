"""What a shopper once wrote that is nearest to a review: "you wrote ..."."""
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
      own, shown: plain texts.

    Returns:
      For each shown text an Echo, or None where no own text is near.
    """
    if not own or not shown:
        return [None] * len(shown)
    own_bags, shown_bags = words.rare_bags(own, COMMON), words.rare_bags(shown, COMMON)
    cared = np.maximum(asker.likeness, 0)
    shown_bags = shown_bags.multiply(cared / max(cared.max(), 1e-12)).tocsr()
    likeness = np.asarray((shown_bags @ own_bags.T).todense())  # [shown, own]
    for row, text in enumerate(shown):  # a review is no echo of itself
        likeness[row, [column for column, mine in enumerate(own) if mine == text]] = 0
    return [_echo(words, own, bag, int(row.argmax())) if row.max() >= LEAST else None
            for row, bag in zip(likeness, shown_bags)]


def _echo(words, own, bag, number) -> Optional[Echo]:
    weight = dict(zip(bag.indices, bag.data))
    best, most, shared = "", 0., ()
    for sentence in _SENTENCE.findall(own[number]):
        found = {int(word) for word in words.tokens([sentence])[0] if word > UNKNOWN}
        found = sorted((word for word in found if word in weight), key=lambda w: -weight[w])
        score = sum(weight[word] for word in found)
        if score > most:
            best, most, shared = sentence.strip(), score, tuple(map(words.word, found[:4]))
    if len(best) > LENGTH:
        best = best[:best.rfind(" ", LENGTH // 2, LENGTH)] + " …"
    return Echo(best, number, shared) if best else None
