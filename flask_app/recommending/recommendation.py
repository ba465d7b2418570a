"""The model server's answers as the shop shows them: ranked items, and reviews with weight, vote and reason.

Weights, parts and votes come from the server's answer unchanged. They are only sorted, summed and compared here.
"""
from typing import NamedTuple, Optional

import numpy as np

from flask_app.recommending.reasons import Reasons, item_reasons
from serving import signatures as wire
from serving.errors import INVALID, ModelServerError

TOP = 3  # reviews shown open
LOWEST, HIGHEST = 1., 5.  # stars
FLAT = 1.25  # weights are called flat where the top share is below this many times the even share
REASONS = None, "personal", "useful", "both"
LEAST = 1e-3  # smaller parts and votes count as absent: the model has no such term


class MismatchError(Exception):
    """The model server's answer does not match the catalogue."""


class OrderMissingError(Exception):
    """The served model does not order items by their reviews alone: it was exported to order them by stars."""


class RankedItem(NamedTuple):
    item: int
    rating: float


class WeighedReview(NamedTuple):
    """A review of an item with its weight for one shopper."""
    review: object  # the catalogue's row
    position: int  # from 1, by falling weight
    weight: float  # 0..1, the weights of an item's reviews sum to 1
    vote: float  # stars added to the predicted rating
    reason: Optional[str]  # of REASONS; None where the model does not say
    is_own: bool  # written by this shopper


class Sum(NamedTuple):
    """A predicted rating and its parts, rounded to 0.01 stars so that the parts add up to the rating."""
    base: float  # without the reviews
    shown: tuple  # the vote of each shown review
    others: float  # of all others together
    limit: float  # what is added to keep the rating within the scale
    rating: float  # within the scale


class Explanation(NamedTuple):
    """An item's predicted rating for one shopper and the reviews behind it, by falling weight."""
    rating: float
    reviews: tuple
    has_votes: bool
    reasons: Optional[Reasons] = None  # of its place; None where the export is ordered by stars

    @property
    def top(self):
        return self.reviews[:TOP]

    @property
    def others(self):
        return self.reviews[TOP:]

    @property
    def top_share(self):
        """The share of the weight on the top reviews, 0..1."""
        return sum(review.weight for review in self.top)

    @property
    def even_share(self):
        """The share the top reviews would have if all reviews weighed the same."""
        return len(self.top) / max(len(self.reviews), 1)

    @property
    def is_flat(self):
        """Whether the weights are so even that no review stands out."""
        return bool(self.others) and self.top_share < FLAT * self.even_share

    @property
    def base(self):
        """Stars predicted without the reviews' votes, unrounded."""
        return self.rating - sum(review.vote for review in self.reviews)

    def sum_of(self, shown):
        """The Sum for some of the reviews, the WeighedReviews `shown`; the base takes up what rounding removed."""
        votes = tuple(round(review.vote, 2) for review in shown)
        others = round(sum(review.vote for review in self.reviews) - sum(review.vote for review in shown), 2)
        whole = round(self.rating, 2)
        rating = min(max(whole, LOWEST), HIGHEST)
        return Sum(round(whole - sum(votes) - others, 2), votes, others, round(rating - whole, 2), rating)


class Shopper(NamedTuple):
    """A shopper with an id that the model was trained on."""
    model: object  # a `serving.client.ModelClient`
    user: int  # row

    def rank(self, count, with_owned, evidence_alone=False):
        """At most `count` `RankedItem`, best first; `count` is at most the catalogue's."""
        inputs = {wire.USER: np.array([self.user], np.int32), wire.TOP_K: np.array(count, np.int32)}
        if evidence_alone:
            inputs.update({wire.EXCLUDED: np.zeros((1, 0), np.int32), wire.UNBOUGHT: np.array(not with_owned)})
            return ranked_of(by_evidence(self.model, wire.RANK_EVIDENCE, inputs), count)
        return ranked_of(self.model.predict(wire.RANK if with_owned else wire.RANK_UNBOUGHT, inputs), count)

    def explain(self, items, reviews):
        """The `Explanation`s of some items; see the function `explain`."""
        return explain(self.model, [(self.user, item) for item in items], reviews)


def explain(model, pairs, reviews):
    """Explains items to shoppers.

    Args:
      model: a `serving.client.ModelClient`.
      pairs: `B` pairs (row of a shopper, row of an item).
      reviews: {review row: review} of all training reviews of these items.

    Returns:
      A list of `B` `Explanation`.

    Raises:
      MismatchError: the answer holds reviews that are not training reviews of these items.
    """
    if not pairs:
        return []
    users, items = zip(*pairs)
    answer = model.predict(wire.EXPLAIN, {wire.USER: np.array(users, np.int32),
                                          wire.ITEM: np.array(items, np.int32)})
    return explanations_of(answer, users, items, reviews)


def unread(reviews, explanation):
    """The reviews with text that an explanation lacks, as the model reads no word of them, in the order of `reviews`.

    Args:
      reviews: {review row: review} of all training reviews of the item.
      explanation: an `Explanation` of it.
    """
    weighed = {weighed.review["review"] for weighed in explanation.reviews}
    return [review for row, review in reviews.items() if row not in weighed and review["text"]]


def by_evidence(model, signature, inputs):
    """The answer of a signature that orders by evidence alone. Raises OrderMissingError where there is none."""
    try:
        return model.predict(signature, inputs)
    except ModelServerError as error:
        if error.reason == INVALID:
            raise OrderMissingError(str(error)) from error
        raise


def ranked_of(answer, count):
    """The `RankedItem`s of an answer about one shopper."""
    items, ratings = _arrays(answer, (wire.ITEM, wire.RATING), (1, count))
    ranked = zip(items[0].astype(int).tolist(), ratings[0].tolist())
    return [RankedItem(item, rating) for item, rating in ranked if item >= 0]


def explanations_of(answer, users, items, reviews):
    """The `Explanation`s of an answer about pairs; `users` are rows, None for a shopper without an id."""
    ratings, = _arrays(answer, (wire.RATING,), (len(items),))
    columns = _arrays(answer, (wire.ITEM_REVIEWS, wire.ITEM_WEIGHTS, wire.ITEM_VOTES,
                               wire.ITEM_PERSONAL, wire.ITEM_USEFUL), (len(items), None))
    order = np.argsort(np.where(columns[0] != 0, -columns[1], np.inf), kind="stable")  # [B, R], empty slots last
    rows, weights, votes, personal, useful = (np.take_along_axis(column, order, 1) for column in columns)
    real = rows != 0
    explained = zip(users, items, ratings.tolist(), real.sum(1).tolist(),
                    np.any(real & (np.abs(votes) > LEAST), 1).tolist(), rows.astype(int).tolist(),
                    weights.tolist(), votes.tolist(), reasons_of(personal, useful, real))
    whys = item_reasons(answer, lambda names, shape: _arrays(answer, names, shape), len(items))
    return [Explanation(rating, tuple(_weighed(user, item, reviews, n, *sorted_columns)), has_votes, why)
            for why, (user, item, rating, n, has_votes, *sorted_columns) in zip(whys, explained)]


def _weighed(user, item, reviews, n, *columns):
    """The first `n` WeighedReviews of an item, by columns (rows, weights, votes, reasons) in their order."""
    for position, row, weight, vote, reason in zip(range(1, n + 1), *columns):
        review = reviews.get(row)
        if review is None or review["item"] != item:
            raise MismatchError(f"review {row} is not a training review of item {item}")
        yield WeighedReview(review, position, weight, vote, reason, review["user"] == user)


def reasons_of(personal, useful, real):
    """Which part of the score puts each review above the mean of the item's reviews.

    A softmax depends on differences only, so each part is compared with its mean over the item's reviews.

    Args:
      personal: float `[B, R]`, the part "similar to what this shopper cares about".
      useful: float `[B, R]`, the part "useful to all shoppers".
      real: bool `[B, R]`, the slots that hold a review.

    Returns:
      `B` lists of `R` of REASONS; None for a review that is not above the mean, and for an empty slot.
    """
    count = np.maximum(real.sum(1, keepdims=True), 1)
    p, u = (np.where(real, part - (part * real).sum(1, keepdims=True) / count, 0) for part in (personal, useful))
    reasons = np.where(np.minimum(p, u) > np.maximum(p, u) / 2, 3, np.where(p > u, 1, 2))
    return [[REASONS[number] for number in numbers] for numbers in np.where(p + u < LEAST, 0, reasons).tolist()]


def _arrays(answer, names, shape):
    """The outputs `names` of an answer, all of one shape. None in `shape` allows any size. Raises MismatchError."""
    arrays = [np.asarray(answer[name]) for name in names if name in answer]
    shapes = {array.shape for array in arrays}
    fits = (len(arrays) == len(names) and len(shapes) == 1
            and all(array.dtype.kind in "if" and np.isfinite(array).all() for array in arrays)
            and all(len(sizes) == len(shape) and all(
                expected in (None, size) for expected, size in zip(shape, sizes)) for sizes in shapes))
    if not fits:
        raise MismatchError(f"expected finite {', '.join(names)} of shape {shape}, got "
                            + ", ".join(f"{name} {np.shape(answer[name])}" for name in answer))
    return arrays
