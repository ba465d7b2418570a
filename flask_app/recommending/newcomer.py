"""Somebody whom the model does not know: asks by what they write and rate, and is forgotten."""
from typing import NamedTuple

import numpy as np

from flask_app.recommending.recommendation import explanations_of, ranked_of
from serving import signatures as wire


class Wrote(NamedTuple):
    """One thing a newcomer gave: words, stars for an item, or both."""
    text: str  # plain, '' for none
    item: int  # row, -1 for none
    stars: float  # 0 for none


class Newcomer:
    """Who asks, as `recommendation.Shopper`.

    Args:
      model: the model server.
      words: `flask_app.words.Words`, which reads what was written.
      wrote: [Wrote], one or more.
    """

    def __init__(self, model, words, wrote):
        self._model = model
        self._inputs = {wire.TEXTS: words.tokens([one.text for one in wrote])[np.newaxis],
                        wire.RATED_ITEMS: np.array([[one.item for one in wrote]], np.int32),
                        wire.STARS: np.array([[one.stars for one in wrote]], np.float32)}

    def rank(self, count, with_owned=False):
        """At most `count` `RankedItem`, best first; what was rated is never among them."""
        answer = self._model.predict(wire.FOLD_IN, dict(self._inputs,
                                                        **{wire.TOP_K: np.array(count, np.int32)}))
        return ranked_of(answer, count)

    def explain(self, items, reviews):
        """A list of `Explanation` of some items."""
        if not items:
            return []
        answer = self._model.predict(wire.FOLD_IN_EXPLAIN, dict(
            self._inputs, **{wire.ITEM: np.array(items, np.int32)}))
        return explanations_of(answer, [None] * len(items), items, reviews)
