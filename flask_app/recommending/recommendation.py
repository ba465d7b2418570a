"""What the model server answers, as the shop shows it: ranked items and explained reviews.

Everything shown comes from the server's answer: weights, parts and votes are neither smoothed nor
invented here, only sorted, summed and compared.
"""
from typing import NamedTuple, Optional

import numpy as np

from serving import signatures as wire

TOP = 3  # reviews shown open
FLAT = 1.25  # a top share below this many times the even share is called flat
REASONS = None, "personal", "useful", "both"
LEAST = 1e-3  # parts and votes below this are nothing: the model has no such term


class MisfitError(Exception):
    """The model server's answer does not fit the catalogue."""


class RankedItem(NamedTuple):
    item: int
    rating: float


class WeighedReview(NamedTuple):
    """One review as one shopper sees it."""
    review: object  # the catalogue's row
    place: int  # from 1, by falling weight
    weight: float  # 0..1, the weights of an item's reviews sum to 1
    vote: float  # stars added to the predicted rating
    reason: Optional[str]  # of REASONS; None where the model does not say
    is_own: bool  # written by this shopper


class Sum(NamedTuple):
    """A predicted rating and its parts: stars to the cent, that add up."""
    base: float  # without the reviews
    top: tuple  # the vote of each top review
    others: float  # of all others together
    rating: float


class Explanation(NamedTuple):
    """An item's predicted rating for one shopper and the reviews behind it, by falling weight."""
    rating: float
    reviews: tuple
    has_votes: bool

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
        """Whether the weights say too little to speak of reviews that matter."""
        return bool(self.others) and self.top_share < FLAT * self.even_share

    @property
    def bar_scale(self):
        """The weight at a bar's full length: never less than twice the even weight, so that flat
        weights look flat."""
        even = 1 / max(len(self.reviews), 1)
        return max([2 * even] + [review.weight for review in self.reviews[:1]])

    @property
    def base(self):
        """Stars predicted without the reviews' votes, unrounded."""
        return self.rating - sum(review.vote for review in self.reviews)

    @property
    def sum(self):
        """The rating as the page adds it up; what is rounded away is in its base."""
        shown = tuple(round(review.vote, 2) for review in self.top)
        others = round(sum(review.vote for review in self.others), 2)
        rating = round(self.rating, 2)
        return Sum(round(rating - sum(shown) - others, 2), shown, others, rating)


class Shopper(NamedTuple):
    """A shopper whom the model knows, as who asks."""
    model: object  # a `serving.client.ModelClient`
    user: int  # row

    def rank(self, count, with_owned):
        """At most `count` `RankedItem`, best first; `count` is at most the catalogue's."""
        signature = wire.RANK if with_owned else wire.RANK_UNBOUGHT
        answer = self.model.predict(signature, {wire.USER: np.array([self.user], np.int32),
                                                wire.TOP_K: np.array(count, np.int32)})
        return ranked_of(answer, count)

    def explain(self, items, reviews):
        """As the function `explain`, of some items."""
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
      MisfitError: the server speaks of reviews that are not these items'.
    """
    if not pairs:
        return []
    users, items = zip(*pairs)
    answer = model.predict(wire.EXPLAIN, {wire.USER: np.array(users, np.int32),
                                          wire.ITEM: np.array(items, np.int32)})
    return explanations_of(answer, users, items, reviews)


def ranked_of(answer, count):
    """The `RankedItem`s of an answer about one shopper."""
    items, ratings = _arrays(answer, (wire.ITEM, wire.RATING), (1, count))
    ranked = zip(items[0].astype(int).tolist(), ratings[0].tolist())
    return [RankedItem(item, rating) for item, rating in ranked if item >= 0]


def explanations_of(answer, users, items, reviews):
    """The `Explanation`s of an answer about pairs; `users` are rows, None for nobody known."""
    ratings, = _arrays(answer, (wire.RATING,), (len(items),))
    columns = _arrays(answer, (wire.ITEM_REVIEWS, wire.ITEM_WEIGHTS, wire.ITEM_VOTES,
                               wire.ITEM_PERSONAL, wire.ITEM_USEFUL), (len(items), None))
    order = np.argsort(np.where(columns[0] != 0, -columns[1], np.inf), kind="stable")  # [B, R], empty slots last
    rows, weights, votes, personal, useful = (np.take_along_axis(column, order, 1) for column in columns)
    real = rows != 0
    explained = zip(users, items, ratings.tolist(), real.sum(1).tolist(),
                    np.any(real & (np.abs(votes) > LEAST), 1).tolist(), rows.astype(int).tolist(),
                    weights.tolist(), votes.tolist(), reasons_of(personal, useful, real))
    return [Explanation(rating, tuple(_weighed(user, item, reviews, n, *sorted_columns)), has_votes)
            for user, item, rating, n, has_votes, *sorted_columns in explained]


def _weighed(user, item, reviews, n, *columns):
    """The first `n` WeighedReviews of an item, by columns (rows, weights, votes, reasons) in their order."""
    for place, row, weight, vote, reason in zip(range(1, n + 1), *columns):
        review = reviews.get(row)
        if review is None or review["item"] != item:
            raise MisfitError(f"review {row} is not a training review of item {item}")
        yield WeighedReview(review, place, weight, vote, reason, review["user"] == user)


def reasons_of(personal, useful, real):
    """Why reviews stand where they stand.

    A softmax sees only differences, so each part is taken against its mean over the item's reviews.

    Args:
      personal: float `[B, R]`, the part "like what this shopper cares about".
      useful: float `[B, R]`, the part "useful to anybody".
      real: bool `[B, R]`, the slots that hold a review.

    Returns:
      `B` lists of `R` of REASONS: which part lifts a review above the mean; None of an empty slot.
    """
    count = np.maximum(real.sum(1, keepdims=True), 1)
    p, u = (np.where(real, part - (part * real).sum(1, keepdims=True) / count, 0) for part in (personal, useful))
    lifts = np.where(np.minimum(p, u) > np.maximum(p, u) / 2, 3, np.where(p > u, 1, 2))
    return [[REASONS[number] for number in numbers] for numbers in np.where(p + u < LEAST, 0, lifts).tolist()]


def _arrays(answer, names, shape):
    """Takes outputs out of an answer; None in `shape` stands for any size, one for all names."""
    arrays = [np.asarray(answer[name]) for name in names if name in answer]
    given = {array.shape for array in arrays}
    fits = (len(arrays) == len(names) and len(given) == 1
            and all(array.dtype.kind in "if" and np.isfinite(array).all() for array in arrays)
            and all(len(sizes) == len(shape) and all(want in (None, size) for want, size
                                                     in zip(shape, sizes)) for sizes in given))
    if not fits:
        raise MisfitError(f"expected finite {', '.join(names)} of shape {shape}, got "
                          + ", ".join(f"{name} {np.shape(answer[name])}" for name in answer))
    return arrays
