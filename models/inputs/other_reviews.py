"""How similar reviews are to the other reviews of their item: what makes a review useful to all users, but its length.

Shapes: `N` reviews and the empty one in row 0, `V` words, `B` rows of slots, `R` slots.
"""
from typing import NamedTuple

import numpy as np
from scipy import sparse

from models.inputs import bags as bags_of_reviews
from models.inputs import expected_words

ROWS = 256  # of slots at a time, to save memory


class ToOthers(NamedTuple):
    """Two TF-IDF similarities of reviews to the other reviews of their item."""
    typicality: np.ndarray  # t_l . mean of t over the others
    expected: np.ndarray  # t_l . (repeat * x + usual), the bag that the others let expect, see `expected_words`


class OtherReviews:
    """The similarities of the reviews of a corpus to the other reviews in their row of slots.

    Args:
      bags: [N+1, V] TF-IDF bags, sparse.
      items: [N+1] items of the reviews.
      rows: [n] training reviews with text, from which the expected words are learned when they are first needed.
    """

    def __init__(self, bags, items, rows):
        self._bags, self._items, self._rows = bags, items, rows
        self._words = None

    @property
    def words(self):
        """The ExpectedWords of the training reviews."""
        if self._words is None:
            self._words = expected_words.learn(self._bags, self._items, self._rows)
            self._itself = [bags_of_reviews.squared_norms(self._bags, weights)
                            for weights in (None, self._words.repeat)]  # [N+1] t_l . t_l and t_l . (repeat * t_l)
            self._usual = self._bags @ self._words.usual  # [N+1]
        return self._words

    def __call__(self, slots):
        """Returns the ToOthers [B, R] of the reviews in slots [B, R]; 0 of an empty slot."""
        parts = [self._some(slots[start:start + ROWS]) for start in range(0, max(len(slots), 1), ROWS)]
        return ToOthers(*map(np.concatenate, zip(*parts)))

    def at(self, slots, chosen):
        """Returns the ToOthers [n] of the reviews in those slots [B, R] where `chosen` [B, R] is True."""
        parts = [[part[chosen[start:start + ROWS]] for part in self._some(slots[start:start + ROWS])]
                 for start in range(0, max(len(slots), 1), ROWS)]
        return ToOthers(*map(np.concatenate, zip(*parts)))

    def _some(self, slots):
        words, mean = self.words, bags_of_reviews.mean(self._bags, slots)  # [B, V]
        count = (slots > 0).sum(1, keepdims=True)  # [B, 1]
        sums = [alike * count - np.where(slots > 0, itself[slots], 0) for alike, itself in zip(
            bags_of_reviews.likenesses(self._bags, slots, (mean, mean @ sparse.diags(words.repeat))), self._itself)]
        others = np.maximum(count - 1, 0)
        return ToOthers((sums[0] / np.maximum(others, 1)).astype(np.float32),
                        (sums[1] / (others + expected_words.DAMPING) + self._usual[slots]).astype(np.float32))
