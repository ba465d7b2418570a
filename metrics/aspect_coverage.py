"""Choosing the reviews that are shown so that they speak of what a shopper will speak of, and measuring it.

A mark is an aspect with a polarity: marks 0 to K-1 are praise of the aspects, K to 2K-1 criticism of them. Legend: `K`
aspects, `M` = 2K marks, `R` reviews of an item, `n` pairs of a shopper and an item.
"""
import numpy as np

COUNT = 3  # reviews that are shown
TRADE = .9  # weight of the coverage against the order of the reviews, where no other was chosen
PRIOR = 2.  # reviews of the average that are added to those of a shopper and of an item
FEWEST = 5  # reviews that an item must have to be measured: with fewer, most are shown by any method


def chances(user_mentions, user_reviews, item_mentions, item_praise, item_reviews, average, user_praise=None):
    """Returns [M]: the probability that a shopper's review of an item bears each mark.

    An aspect is spoken of in proportion to the shopper's share, to the item's share, and inversely to that of all
    reviews; both are drawn towards the latter where there are few reviews. The odds of praise are those of the item's
    reviews that speak of the aspect, times how much more, or less, the shopper praises than others do.

    Args:
      user_mentions, item_mentions: [K] reviews of the shopper, and of the item, that speak of each aspect.
      user_reviews, item_reviews: number of their reviews.
      item_praise: [K] expected number of `item_mentions` that praise it.
      average: ([K] share of all reviews that speak of each aspect, [K] share of praise in these).
      user_praise: [K] expected number of `user_mentions` that praise it; None: the shopper praises as others do.
    """
    usual, positive = (np.asarray(part, np.float64) for part in average)
    usual = np.clip(usual, 1e-6, 1)
    shares = [(np.asarray(mentions, np.float64) + PRIOR * usual) / (reviews + PRIOR)
              for mentions, reviews in ((user_mentions, user_reviews), (item_mentions, item_reviews))]
    spoken = np.clip(shares[0] * shares[1] / usual, 0, 1)
    praise = (np.asarray(item_praise, np.float64) + PRIOR * positive) / (np.asarray(item_mentions) + PRIOR)
    if user_praise is not None:
        odds = praise / np.maximum(1 - praise, 1e-9) * _generosity(user_mentions, user_praise, usual, positive)
        praise = odds / (1 + odds)
    return np.concatenate([spoken * praise, spoken * (1 - praise)])


def _generosity(mentions, praise, usual, positive):
    """The odds of praise in a shopper's mentions [K], divided by those that others have of the same aspects; both with
    PRIOR mentions like those of all."""
    everybody = PRIOR * (usual * positive).sum() / max(usual.sum(), 1e-12)
    own, others = np.clip([(np.sum(part) + everybody) / (np.sum(mentions) + PRIOR)
                           for part in (praise, mentions * positive)], 1e-6, 1 - 1e-6)
    return own / (1 - own) / (others / (1 - others))


def choose(weights, marks, chance, trade=TRADE, count=COUNT):
    """Returns the positions of up to `count` reviews, best first: each adds most to the weight and to the coverage.

    The coverage of chosen reviews is the expected F of their marks against those of the shopper's own review,
    2 sum of the chances of their marks / (number of their marks + sum of all chances). So a review that repeats what is
    covered adds nothing (Carbonell & Goldstein, "The use of MMR", 1998), and one that speaks of all things costs
    precision.

    Args:
      weights: [R] of the reviews, at least 0, as the page orders them.
      marks: [R, M] bool, what each review speaks of.
      chance: [M], see `chances`.
      trade: 0 = by the weights alone, 1 = by the coverage alone.
    """
    weights, marks = np.asarray(weights, np.float64), np.asarray(marks, bool)
    chance = np.asarray(chance, np.float64)
    value = (1 - trade) * weights / max(weights.max(initial=0), 1e-12)
    left, chosen = np.ones(len(weights), bool), []
    covered, total = np.zeros(marks.shape[1], bool), max(chance.sum(), 1e-12)
    while len(chosen) < count and left.any():
        union = marks | covered
        expected = 2 * (union @ chance) / (union.sum(axis=1) + total)
        score = np.where(left, value + trade * expected, -np.inf)
        best = int(np.argmax(score))
        chosen.append(best)
        left[best], covered = False, union[best]
    return chosen


def first(scores, real, random, count=COUNT):
    """Returns the positions [n, count] of the first reviews by scores [n, R], -1 where there are fewer; reviews of
    equal scores are in random order.

    Args:
      real: [n, R] bool, slots that hold a review.
      random: RandomState.
    """
    keyed = np.where(real, scores, -np.inf)
    order = np.lexsort((random.rand(*keyed.shape), -keyed), axis=1)[:, :count]
    return np.where(np.take_along_axis(real, order, axis=1), order, -1)


def compared(shown, own):
    """Returns {"precision", "recall", "f": [n]} of the marks of the reviews shown [n, M] against those of the shopper's
    own review [n, M]; all NaN where the own review has none, precision is 0 where those shown have none."""
    both = (shown & own).sum(axis=1).astype(np.float64)
    told, wrote = shown.sum(axis=1), own.sum(axis=1)
    values = {"precision": both / np.maximum(told, 1), "recall": both / np.maximum(wrote, 1),
              "f": 2 * both / np.maximum(told + wrote, 1)}
    return {name: np.where(wrote > 0, value, np.nan) for name, value in values.items()}
