"""Why an item is ranked where it is: the parts of its score, as the model server gives them.

The score is the sum of its parts: the evidence of the item's reviews, purchases of the shopper, and popularity. Each
is measured against a typical item of the catalogue, for which it is about 0: what is the same for all items of the
shopper is left out. Shares are those of the parts above 0.
"""
from typing import NamedTuple

import numpy as np

from serving import signatures as wire

EVIDENCE, PURCHASES, POPULARITY = "reviews", "purchases", "popularity"
NAMED = 2  # purchases that are named
LEAST_SHARE = .005  # smaller shares are not shown in one line


class Reason(NamedTuple):
    """One part of the score of an item."""
    kind: str  # one of the three above
    part: float  # of the score
    share: float  # 0..1 of the sum of the parts above 0; 0 for the others


class Reasons(NamedTuple):
    """The score of an item for one shopper and its parts, which add up to it."""
    score: float
    parts: tuple  # of Reason
    bought: dict  # {row of a purchase: what it adds to the part of the purchases}, the largest first
    review_shares: dict  # {review row: its share of the evidence, 0..1}

    @property
    def telling(self):
        """The parts that speak for the item, by falling share."""
        return sorted((part for part in self.parts if part.share >= LEAST_SHARE), key=lambda part: -part.share)

    @property
    def use_reviews(self):
        """Whether the reviews have a part in the score."""
        return any(part.kind == EVIDENCE and part.part for part in self.parts)

    @property
    def are_even(self):
        """Whether all reviews have the same share of the evidence."""
        shares = list(self.review_shares.values())
        return not shares or max(shares) - min(shares) < 1e-4


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
    return [_reasons(*numbers, list(zip(bought[row].astype(int).tolist(), added[row].tolist())),
                     {int(review): float(share) for review, share in zip(rows[row], shares[row]) if review})
            for row, numbers in enumerate(np.stack(columns, 1).tolist())]


def _reasons(score, base, evidence, purchases, popularity, bought, review_shares):
    parts = (EVIDENCE, evidence), (PURCHASES, purchases), (POPULARITY, popularity)
    positive = sum(max(part, 0.) for _, part in parts) or 1.
    return Reasons(score - base, tuple(Reason(kind, part, max(part, 0.) / positive) for kind, part in parts),
                   dict([pair for pair in bought if pair[0] >= 0][:NAMED]), review_shares)
