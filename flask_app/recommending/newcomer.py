"""A shopper without an id: the model server ranks and explains from the texts and stars that the shopper enters."""
from typing import NamedTuple

import numpy as np

from flask_app.recommending import wishes as wishing
from flask_app.recommending.recommendation import MismatchError, by_evidence, explanations_of, ranked_of
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
      words: `word_contributions.WordScorer`, which encodes the texts; None where the shop has no vocabulary, and then
        no text is read.
      reviews: [OwnReview], of which the model reads the first MOST_TEXTS (`serving.signatures`); none: the model
        answers for a shopper of whom it knows nothing.
      wishes: `wishes.Wishes`; None: none. They change the order and are parts of the score.
    """

    def __init__(self, model, words, reviews, wishes=None):
        self._model = model
        reviews = list(reviews)[:wire.MOST_TEXTS] or [OwnReview("", -1, 0.)]
        tokens = words.tokens([review.text for review in reviews]) if words else np.zeros((len(reviews), 1), np.int32)
        self._inputs = {wire.TEXTS: tokens[np.newaxis],
                        wire.RATED_ITEMS: np.array([[review.item for review in reviews]], np.int32),
                        wire.STARS: np.array([[review.stars for review in reviews]], np.float32)}
        self._wishes = wishes if wishes and (wishes.wanted or wishes.avoided) else None
        self._parts = None  # {kind: {aspect: [I]}} of the wishes, once the scores of the catalogue are known

    def rank(self, count, with_owned=False, evidence_alone=False):
        """At most `count` `RankedItem`, best first; rated items are never among them."""
        if not self._wishes:
            return ranked_of(self._answer(count, evidence_alone), count)
        whole = len(self._wishes.aspects.tables.item_reviews)
        answer = self._answer(whole, evidence_alone)
        ranked, scores = ranked_of(answer, whole), _scores(answer)
        parts = self._wishes.parts(scores.std())
        if not evidence_alone:
            self._parts = parts
        total = scores + sum(part[[one.item for one in ranked]] for of_aspects in parts.values()
                             for part in of_aspects.values())
        return [ranked[position] for position in np.argsort(-total, kind="stable")[:count]]

    def explain(self, items, reviews):
        """A list of the `Explanation`s of some items."""
        if not items:
            return []
        answer = self._model.predict(wire.FOLD_IN_EXPLAIN, dict(
            self._inputs, **{wire.ITEM: np.array(items, np.int32)}))
        explanations = explanations_of(answer, [None] * len(items), items, reviews)
        if not self._wishes or any(explanation.reasons is None for explanation in explanations):
            return explanations
        if self._parts is None:
            self.rank(1)
        return [explanation._replace(reasons=wishing.added(explanation.reasons, {
            kind: {aspect: float(part[item]) for aspect, part in of_aspects.items()}
            for kind, of_aspects in self._parts.items()}))
                for item, explanation in zip(items, explanations)]

    def _answer(self, count, evidence_alone):
        inputs = dict(self._inputs, **{wire.TOP_K: np.array(count, np.int32)})
        if evidence_alone:
            return by_evidence(self._model, wire.FOLD_IN_EVIDENCE, inputs)
        return self._model.predict(wire.FOLD_IN, inputs)


def _scores(answer):
    """The scores [n] of the ranked items of an answer; the ratings, where the export is ordered by stars."""
    items, scores = (np.asarray(answer[name])[0] for name in (
        wire.ITEM, wire.SCORE if wire.SCORE in answer else wire.RATING))
    if scores.shape != items.shape or not np.isfinite(scores).all():
        raise MismatchError("the scores of the ranked items are not numbers")
    return scores[items >= 0].astype(float)
