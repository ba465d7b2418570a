"""Which review is shown to whom: measures of scores of an item's reviews, pair by pair.

Shapes: `n` pairs of a shopper and an item, `R` reviews of the item; `real` [n, R] bool says which slots
hold a review. Each measure gives [n] values, NaN where it is not defined for a pair; `mean` averages the rest.
"""
import numpy as np

DRAWS = 20


def mean(values):
    """Mean of the values that are defined; None where none is."""
    values = np.asarray(values, np.float64)
    return float(np.nanmean(values)) if np.isfinite(values).any() else None


def auc(scores, relevant, real):
    """Area under the ROC curve of scores [n, R] for relevance [n, R], ties counting half.

    The share of (relevant, irrelevant) pairs of reviews that the scores order rightly (Mann & Whitney, 1947).
    Defined for pairs with reviews of both kinds.
    """
    out = np.full(len(scores), np.nan)
    for row, (score, good, there) in enumerate(zip(scores, relevant & real, real)):
        positive, negative = score[good], score[there & ~good]
        if len(positive) and len(negative):
            out[row] = _above(positive[:, None], negative[None]).mean()
    return out


def precision_at(k, scores, relevant, real):
    """Share of relevant reviews among the first k. Defined for pairs with k reviews or more."""
    return np.where(real.sum(1) >= k, agreement_at(k, scores, relevant, real), np.nan)


def agreement_at(k, scores, likeness, real):
    """Mean of `likeness` [n, R] over the k reviews of the highest scores (over all, where there are fewer).

    Of reviews that tie for the last places each counts in part: the expectation over their orders.
    """
    ranked = np.where(real, scores, -np.inf)
    if ranked.shape[1] == 0:
        return np.full(len(ranked), np.nan)
    last = -np.sort(-ranked, 1)[:, min(k, ranked.shape[1]) - 1][:, None]  # the k-th highest
    above, tied = real & (ranked > last), real & (ranked == last)
    left = (k - above.sum(1, keepdims=True)) / np.maximum(tied.sum(1, keepdims=True), 1)
    share = above + tied * np.minimum(left, 1)  # [n, R] of each place among the first k
    total = share.sum(1)
    return np.where(total > 0, (likeness * share).sum(1) / np.maximum(total, 1e-12), np.nan)


def retrieval_auc(own, scores, real):
    """Share of the item's reviews that score below the shopper's own one; ties count half.

    Args:
      own: [n] score of the own review, NaN where there is none with a text.
      scores: [n, R] of the item's other reviews, by the same shopper's query.
    """
    count = real.sum(1)
    below = (_above(own[:, None], scores) * real).sum(1) / np.maximum(count, 1)
    return np.where(np.isfinite(own) & (count > 0), below, np.nan)


def reciprocal_rank(own, scores, real):
    """1 / rank of the own review among itself and the item's others; ties count half. See `retrieval_auc`."""
    rank = 1 + ((1 - _above(own[:, None], scores)) * real).sum(1)
    return np.where(np.isfinite(own) & real.any(1), 1 / rank, np.nan)


def unlike(values, nearest, limit):
    """Values [n] of the pairs whose own review is no near copy of what its shopper wrote before; NaN elsewhere.

    Args:
      nearest: [n] greatest likeness of the own review to the shopper's other ones.
      limit: likeness from which it is a near copy.
    """
    return np.where(nearest < limit, values, np.nan)


def strangers(count, users, items, known, random):
    """Other shoppers to ask about the same items: [count, n], drawn among the pairs' users.

    None is the pair's own shopper, nor one who reviewed the item in training, as far as 20 draws find others.
    The control: whatever survives this swap is not personal.

    Args:
      users, items: [n] pairs.
      known: (users, items) of the training pairs.
      random: RandomState.
    """
    width = 1 + max(items.max(initial=0), known[1].max(initial=0))
    taken = np.unique(known[0].astype(np.int64) * width + known[1])
    drawn = np.array([users[random.permutation(len(users))] for _ in range(count)])
    for _ in range(DRAWS):
        wrong = (drawn == users) | np.isin(drawn.astype(np.int64) * width + items, taken)
        drawn[wrong] = random.choice(users, wrong.sum())
    return drawn


def _above(one, other):
    with np.errstate(invalid="ignore"):  # NaN: neither above nor equal
        return (one > other) + .5 * (one == other)
