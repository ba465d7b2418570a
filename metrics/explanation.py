"""Measures of the scores that a method gives to an item's reviews for a user, one value for each pair.

Shapes: `n` pairs of a user and an item, `R` reviews of the item; `real` [n, R] bool says which slots
hold a review. Each measure returns [n] values, NaN where it is not defined for a pair; `mean` averages the others.
"""
import numpy as np

DRAWS = 20  # attempts to draw a user who has not reviewed the item


def mean(values):
    """Mean of the values that are defined; None where no value is defined."""
    values = np.asarray(values, np.float64)
    return float(np.nanmean(values)) if np.isfinite(values).any() else None


def at_rows(values, rows, count):
    """Values [k] of some of `count` pairs or users, at their rows [k] of an array [count]; NaN in all other rows."""
    out = np.full(count, np.nan)
    out[rows] = values
    return out


def auc(scores, relevant, real):
    """Area under the ROC curve of scores [n, R] for relevance [n, R], ties counting half.

    The share of (relevant, irrelevant) pairs of reviews that the scores order correctly (Mann & Whitney, 1947).
    Defined for pairs whose item has reviews of both kinds.
    """
    out = np.full(len(scores), np.nan)
    for row, (score, positives, reviews) in enumerate(zip(scores, relevant & real, real)):
        positive, negative = score[positives], score[reviews & ~positives]
        if len(positive) and len(negative):
            out[row] = _above(positive[:, None], negative[None]).mean()
    return out


def precision_at(k, scores, relevant, real):
    """Share of relevant reviews among the first k. Defined for items with k reviews or more."""
    return np.where(real.sum(1) >= k, agreement_at(k, scores, relevant, real), np.nan)


def agreement_at(k, scores, likeness, real):
    """Mean of `likeness` [n, R] over the k reviews of the highest scores (over all, where there are fewer).

    Reviews that tie for the last positions count in part: the result is the expectation over all orders of the tie.
    """
    ranked = np.where(real, scores, -np.inf)
    if ranked.shape[1] == 0:
        return np.full(len(ranked), np.nan)
    last = -np.sort(-ranked, 1)[:, min(k, ranked.shape[1]) - 1][:, None]  # the k-th highest
    above, tied = real & (ranked > last), real & (ranked == last)
    left = (k - above.sum(1, keepdims=True)) / np.maximum(tied.sum(1, keepdims=True), 1)
    share = above + tied * np.minimum(left, 1)  # [n, R] how much of each review is among the first k
    total = share.sum(1)
    return np.where(total > 0, (likeness * share).sum(1) / np.maximum(total, 1e-12), np.nan)


def retrieval_auc(own, scores, real):
    """Share of the item's reviews that score below the user's own review; ties count half.

    Args:
      own: [n] score of the own review, NaN where it has no text.
      scores: [n, R] scores of the item's other reviews, by the query of the same user.
    """
    count = real.sum(1)
    below = (_above(own[:, None], scores) * real).sum(1) / np.maximum(count, 1)
    return np.where(np.isfinite(own) & (count > 0), below, np.nan)


def reciprocal_rank(own, scores, real):
    """1 / rank of the own review in the list of it and the item's other reviews.

    Among reviews of equal scores it is the expectation over their orders: with `h` reviews above the own review and `t`
    equal to it, the mean of 1 / (h + 1) .. 1 / (h + t + 1). Arguments as of `retrieval_auc`.

    Returns:
      [n] in 0..1; NaN where the own review has no score, or the item no other review.
    """
    compared = np.where(real, _above(scores, own[:, None]), 0)
    above, tied = (compared == 1).sum(1), (compared == .5).sum(1)
    sums = np.concatenate([[0], np.cumsum(1 / np.arange(1., real.shape[1] + 2))])  # of 1 / rank over the first ranks
    return np.where(np.isfinite(own) & real.any(1), (sums[above + tied + 1] - sums[above]) / (tied + 1), np.nan)


def without_near_copies(values, nearest, limit):
    """Values [n] of the pairs whose own review is no near copy of the user's other reviews; NaN elsewhere.

    Args:
      nearest: [n] greatest similarity of the own review to the user's other reviews.
      limit: similarity from which it counts as a near copy.
    """
    return np.where(nearest < limit, values, np.nan)


def other_users(count, users, items, train_pairs, random):
    """Other users for the same items, [count, n], drawn from the users of the pairs.

    No drawn user is the pair's own user, unless the pairs have no other, or has reviewed the item in training, as far
    as DRAWS attempts can find such a user. This is a control: a result that is the same for swapped users is not
    personal.

    Args:
      count: how many other users each pair gets.
      users, items: [n] pairs.
      train_pairs: (users, items) of the training pairs.
      random: RandomState.
    """
    width = 1 + max(items.max(initial=0), train_pairs[1].max(initial=0))
    taken = np.unique(train_pairs[0].astype(np.int64) * width + train_pairs[1])
    drawn = np.array([users[random.permutation(len(users))] for _ in range(count)])
    for _ in range(DRAWS):
        wrong = (drawn == users) | np.isin(drawn.astype(np.int64) * width + items, taken)
        drawn[wrong] = random.choice(users, wrong.sum())
    own, distinct = drawn == users, np.unique(users)
    if own.any() and len(distinct) > 1:  # all others have reviewed the item
        place = np.searchsorted(distinct, drawn[own])
        drawn[own] = distinct[(place + random.randint(1, len(distinct), len(place))) % len(distinct)]
    return drawn


def entropy(weights, real):
    """Entropy of attention weights [n, R] over the real reviews, divided by ln of their number.

    1 where the attention is uniform, 0 where one review has all the weight (Shannon, 1948).

    Returns:
      [n] in 0..1; NaN for items with fewer than two reviews, and where scores are no weights: one is negative, or all
      are 0.
    """
    weights = np.where(real, weights, 0)
    several = (real.sum(1) > 1) & ~(weights < 0).any(1) & (weights.sum(1) > 0)
    weights, real = weights[several], real[several]
    share = weights / weights.sum(1, keepdims=True)
    values = np.full(len(several), np.nan)
    values[several] = -(share * np.log(np.where(share > 0, share, 1))).sum(1) / np.log(real.sum(1))
    return values


def _above(left, right):
    """1 where left > right, 1/2 where they are equal, 0 elsewhere."""
    with np.errstate(invalid="ignore"):  # NaN is neither above nor equal
        return (left > right) + .5 * (left == right)
