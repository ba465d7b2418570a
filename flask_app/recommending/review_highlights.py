"""Why a review stands where it stands, in words: which of its words count, and what they echo."""
from typing import NamedTuple

from flask_app.recommending.own_sentences import echoes
from flask_app.web.render import plain

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
        self._words, self.own = words, list(own)
        self._read = words.read([plain(review["text"]) for review in self.own]) if words else []
        self._asker = (words.asker(self._read, user)
                       if any(reading.text for reading in self._read) else None)

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
        read = [[self._words.read_review(plain(weighed.review["text"])) for weighed in group]
                for group in groups]
        found = iter(echoes(self._words, self._asker, self._read[:OWN],
                            [reading for group in read for reading, _ in group]))
        whys = {}
        for group, readings in zip(groups, read):
            scored = [self._words.scores(self._asker, *reading) for reading in readings]
            best = max((scores.max() for scores in scored if len(scores)), default=0)
            for weighed, scores, (reading, _) in zip(group, scored, readings):
                echo = next(found)
                whys[weighed.review["review"]] = Why(
                    _marks(reading.places, scores, best), None if weighed.is_own else echo,
                    echo and self.own[echo.number])
        return whys


def _marks(places, scores, best):
    """The words worth marking; neighbours of one level become one mark."""
    if best <= 0:
        return ()
    marks, worth = [], scores >= WEAK * best
    strong = scores[worth] >= STRONG * best
    for (start, end), level in zip(places[worth].tolist(), (1 + strong).tolist()):
        if marks and marks[-1][2] == level and start - marks[-1][1] == 1:
            marks[-1] = (marks[-1][0], end, level)
        else:
            marks.append((start, end, level))
    return tuple(marks)
