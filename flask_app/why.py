"""Why a review stands where it stands, in words: which of its words count, and what they echo."""
from typing import NamedTuple

from flask_app.echoes import echoes
from flask_app.render import plain

STRONG, WEAK = .55, .28  # of the best word of the item's shown reviews
OWN = 60  # own reviews read for quotations


class Why(NamedTuple):
    marks: tuple  # ((start, end, level)) in the plain text of a review; level 1 or 2
    echo: object  # `echoes.Echo` or None
    source: object  # the own review that is quoted, as given; None


class Reader:
    """Somebody's way of reading reviews.

    Args:
      words: `flask_app.words.Words`; None where the shop has no artefact.
      own: what they wrote; anything with "text".
      user: their row, None for somebody the model does not know.
    """

    def __init__(self, words, own, user=None):
        self._words, self._own, self._user = words, list(own), user
        self._texts = [plain(review["text"]) for review in self._own]
        self._asker = words.asker(self._texts, user) if words and any(self._texts) else None

    @property
    def by_network(self):
        """Whether marks hold the network's part; else the likeness of words alone."""
        return self._asker is not None and self._asker.query is not None

    @property
    def speaks(self):
        return self._asker is not None

    def whys(self, explanations):
        """{review row: Why} of the top reviews of some items."""
        if not self.speaks:
            return {}
        groups = [explanation.top for explanation in explanations]
        rows = [weighed.review for group in groups for weighed in group]
        texts = [plain(review["text"]) for review in rows]
        scored = iter(self._words.contributions(self._asker, texts))
        found = iter(echoes(self._words, self._asker, self._texts[:OWN], texts))
        whys = {}
        for group in groups:
            spans = [next(scored) for _ in group]
            best = max((score for review in spans for _, _, score in review), default=0)
            for weighed, review in zip(group, spans):
                echo = next(found)
                whys[weighed.review["review"]] = Why(
                    _marks(review, best), None if weighed.is_own else echo,
                    echo and self._own[echo.number])
        return whys


def _marks(spans, best):
    """The words worth marking; neighbours of one level become one mark."""
    marks = []
    for start, end, score in spans:
        level = (score >= WEAK * best) + (score >= STRONG * best) if best > 0 else 0
        if level and marks and marks[-1][2] == level and start - marks[-1][1] == 1:
            marks[-1] = (marks[-1][0], end, level)
        elif level:
            marks.append((start, end, level))
    return tuple(marks)
