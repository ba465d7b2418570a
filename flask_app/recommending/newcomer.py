"""A shopper without an id: the model server ranks and explains from the texts and stars that the shopper enters."""
from typing import NamedTuple

import numpy as np

from flask_app.recommending.recommendation import by_evidence, explanations_of, ranked_of
from serving import signatures as wire


class OwnReview(NamedTuple):
    """One entry of a newcomer: a text, stars for an item, or both."""
    text: str  # plain, '' for none
    item: int  # row, -1 for none
    stars: float  # 0 for none


class Newcomer:
    """Ranks and explains for a shopper without an id, as `recommendation.Shopper` does. Nothing is kept.

    Args:
      model: a `serving.client.ModelClient`.
      words: `word_contributions.WordScorer`, which encodes the texts.
      reviews: [OwnReview], one or more.
    """

    def __init__(self, model, words, reviews):
        self._model = model
        self._inputs = {wire.TEXTS: words.tokens([review.text for review in reviews])[np.newaxis],
                        wire.RATED_ITEMS: np.array([[review.item for review in reviews]], np.int32),
                        wire.STARS: np.array([[review.stars for review in reviews]], np.float32)}

    def rank(self, count, with_owned=False, evidence_alone=False):
        """At most `count` `RankedItem`, best first; rated items are never among them."""
        inputs = dict(self._inputs, **{wire.TOP_K: np.array(count, np.int32)})
        if evidence_alone:
            return ranked_of(by_evidence(self._model, wire.FOLD_IN_EVIDENCE, inputs), count)
        return ranked_of(self._model.predict(wire.FOLD_IN, inputs), count)

    def explain(self, items, reviews):
        """A list of the `Explanation`s of some items."""
        if not items:
            return []
        answer = self._model.predict(wire.FOLD_IN_EXPLAIN, dict(
            self._inputs, **{wire.ITEM: np.array(items, np.int32)}))
        return explanations_of(answer, [None] * len(items), items, reviews)
