"""Why an item is ranked where it is: the parts of its score, as the model server gives them.

The score is the sum of its parts: the evidence of the item's reviews, purchases of the shopper, and popularity. Each
is measured against a typical item of the catalogue, for which it is about 0: what is the same for all items of the
shopper is left out. Shares are those of the parts above 0.

Lists and the page of an item tell the same parts, and in the same order, in sentences (`told`) and as numbers
(`Reasons.steps`): the largest first.
"""
from typing import NamedTuple, Optional

import numpy as np

from serving import signatures as wire

EVIDENCE, PURCHASES, POPULARITY = "reviews", "purchases", "popularity"
NAMED = 2  # purchases that are named
LEAST_SHARE = .005  # of the parts above 0; a smaller part is told by no sentence
LEAST_SECOND = .05  # likewise, of a part that is not the largest


class Reason(NamedTuple):
    """One part of the score of an item."""
    kind: str  # one of the three above, or of `wishes.py`
    part: float  # of the score
    share: float  # 0..1 of the sum of the parts above 0; 0 for the others


class Step(NamedTuple):
    """One step of the waterfall from a typical item, at 0, to the score of an item."""
    kind: str
    purchase: Optional[int]  # row of the purchase that this step names; None
    start: float  # sum of the steps before, rounded to 0.01
    value: float  # what the step adds, rounded so that start + value is the start of the next step

    @property
    def end(self):
        return round(self.start + self.value, 2)


class Reasons(NamedTuple):
    """The score of an item for one shopper and its parts, which add up to it."""
    score: float
    parts: tuple  # of Reason
    bought: dict  # {row of a purchase: what it adds to the part of the purchases}, the largest first
    review_shares: dict  # {review row: its share of the evidence, 0..1}
    wished: tuple = ()  # of (number of an aspect, what the visitor's wish for or against it adds to the score)

    @property
    def telling(self):
        """The parts that speak for the item, by falling share."""
        return sorted((part for part in self.parts if part.share >= LEAST_SHARE), key=lambda part: -part.share)

    @property
    def use_reviews(self):
        """Whether the reviews have a part in the score."""
        return any(part.kind == EVIDENCE and part.part for part in self.parts)

    def part(self, kind):
        """The part of a kind."""
        return sum(part.part for part in self.parts if part.kind == kind)

    @property
    def steps(self):
        """The waterfall: Steps whose values add up to the score as it is shown; the largest part comes first.

        Named purchases come before others.
        """
        named = [(PURCHASES, row, part) for row, part in self.bought.items()]
        rest = self.part(PURCHASES) - sum(self.bought.values())
        ordered = sorted(self.parts, key=lambda part: -part.part)
        parts = [entry for part in ordered for entry in (
            named + [(PURCHASES, None, rest)] if part.kind == PURCHASES else [(part.kind, None, part.part)])]
        steps, total, shown = [], 0., 0.
        for kind, purchase, part in parts:
            total += part
            value = round(round(total, 2) - shown, 2)
            if value or abs(part) >= .005:  # parts that round to nothing are left out
                steps.append(Step(kind, purchase, shown, value))
                shown = round(total, 2)
        return tuple(steps)

    @property
    def shown_parts(self):
        """{kind: points} as the waterfall shows them: their sum is the score as it is shown."""
        shown = {part.kind: 0. for part in self.parts}
        for step in self.steps:
            shown[step.kind] = round(shown[step.kind] + step.value, 2)
        return shown

    @property
    def ends(self):
        """(lowest, highest) value that the waterfall reaches, 0 among them."""
        reached = [0.] + [step.end for step in self.steps]
        return min(reached), max(reached)


def item_reasons(answer, arrays, pairs):
    """Returns the Reasons of the pairs of an answer of `explain`; None for each, where the export is ordered by stars.

    Args:
      answer: {name: array} of the model server.
      arrays: function (names, shape) -> the outputs of these names, checked.
      pairs: `B`, number of pairs.
    """
    if wire.SCORE not in answer:
        return [None] * pairs
    columns = arrays((wire.SCORE, wire.SCORE_BASE, wire.SCORE_EVIDENCE, wire.SCORE_PURCHASES, wire.SCORE_POPULARITY),
                     (pairs,))
    bought, added = arrays((wire.BOUGHT_ITEMS, wire.BOUGHT_PARTS), (pairs, None))
    rows, shares = arrays((wire.ITEM_REVIEWS, wire.ITEM_SHARES), (pairs, None))
    found = []
    for row, (score, base, *numbers) in enumerate(np.stack(columns, 1).tolist()):
        named = [pair for pair in zip(bought[row].astype(int).tolist(), added[row].tolist()) if pair[0] >= 0][:NAMED]
        found.append(Reasons(
            score - base, parts_of(list(zip((EVIDENCE, PURCHASES, POPULARITY), numbers))), dict(named),
            {int(review): float(share) for review, share in zip(rows[row], shares[row]) if review}))
    return found


def parts_of(parts):
    """The tuple of Reason of the parts of a score, pairs (kind, part)."""
    positive = sum(max(part, 0.) for _, part in parts) or 1.
    return tuple(Reason(kind, part, max(part, 0.) / positive) for kind, part in parts)


def ahead(reasons, following):
    """By which parts an item stands before the one that follows it: {kind: points}, as shown, the largest first.

    The sum of the points is the difference of the two scores as the waterfalls show them. Parts without a difference
    are left out; None where one of the two has no Reasons.
    """
    if not reasons or not following:
        return None
    others = following.shown_parts
    points = {kind: round(value - others.get(kind, 0.), 2) for kind, value in reasons.shown_parts.items()}
    return {kind: points[kind] for kind in sorted(points, key=points.get, reverse=True) if points[kind]}


def told(reasons, left_out=()):
    """The parts that the sentences of an item tell, the largest first; () where nothing speaks for it.

    Args:
      reasons: the item's Reasons, or None.
      left_out: kinds of parts that have no say in the order of the items.
    """
    found = [part for part in reasons.telling if part.kind not in left_out] if reasons else []
    return tuple(found[:1] + [part for part in found[1:] if part.share >= LEAST_SECOND])
