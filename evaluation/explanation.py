"""Which review is shown to whom: measures of scores of an item's reviews, pair by pair.

Shapes: `n` pairs of a shopper and an item, `R` reviews of the item; `real` [n, R] bool says which slots
hold a review. Each measure gives [n] values, NaN where it is not defined for a pair; `mean` averages the rest.
"""
import numpy as np


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
    """Share of relevant reviews among the k of the highest scores. Defined for pairs with k reviews or more."""
    order = np.argsort(np.where(real, -scores, np.inf), 1, kind="stable")[:, :k]
    hits = np.take_along_axis(relevant & real, order, 1).mean(1)
    return np.where(real.sum(1) >= k, hits, np.nan)


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


def agreement_at(k, scores, likeness, real):
    """Likeness [n, R] to the own review, averaged over the k reviews of the highest scores (fewer if fewer)."""
    order = np.argsort(np.where(real, -scores, np.inf), 1, kind="stable")[:, :k]
    shown = np.take_along_axis(real, order, 1)
    total = (np.take_along_axis(likeness, order, 1) * shown).sum(1)
    return np.where(real.any(1), total / np.maximum(shown.sum(1), 1), np.nan)


def strangers(users, random):
    """For each pair another shopper: [n] users of a shuffle, never the pair's own where others exist.

    The control: whatever survives this swap is not personal.
    """
    swapped = users[random.permutation(len(users))]
    for row in np.nonzero(swapped == users)[0]:
        others = users[users != users[row]]
        if len(others):
            swapped[row] = others[random.randint(len(others))]
    return swapped


def _above(one, other):
    with np.errstate(invalid="ignore"):  # NaN: neither above nor equal
        return (one > other) + .5 * (one == other)
