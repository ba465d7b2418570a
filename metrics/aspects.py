"""Measures of aspects: do they hold together, and are they the planted ones.

Legend: `n` reviews, `K` aspects, `A` planted aspects, `U` users, `D` documents, `V` words.
"""
import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.stats import spearmanr
from sklearn.metrics import adjusted_rand_score

from metrics.significance import DRAWS, interval_of

FEWEST = 3  # mentions of an aspect in an item's reviews from which its share of praise is compared with the quality


def npmi(bags, words):
    """Returns the mean NPMI of the pairs of words in the rows of `bags` [D, V]: 1 always together, -1 never together;
    NaN for fewer than two words.

    Bouma, "Normalized (pointwise) mutual information in collocation extraction", 2009; Lau, Newman & Baldwin, "Machine
    reading tea leaves", 2014.
    """
    part = bags[:, words]
    together = (part.T @ part).toarray().astype(np.float64) / max(1, bags.shape[0])
    single = together.diagonal()
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.log(together / np.outer(single, single)) / -np.log(together)
    value[together == 0] = -1
    value[together >= 1] = 0
    pairs = value[np.triu_indices(len(words), 1)]
    return float(np.mean(pairs)) if len(pairs) else float("nan")


def compared(ours, theirs, random):
    """Returns {"difference", "low", "high", "p"} of the means of two sets of values, of different aspects, each drawn
    with replacement; None where one is empty. `random` is a RandomState."""
    ours, theirs = (np.asarray(values, np.float64)[np.isfinite(values)] for values in (ours, theirs))
    if not len(ours) or not len(theirs):
        return None
    draws = [values[random.randint(0, len(values), (DRAWS, len(values)))].mean(axis=1) for values in (ours, theirs)]
    return interval_of(draws[0] - draws[1], ours.mean() - theirs.mean())


def matched(found, planted):
    """Returns [K] the planted aspect of each found one, -1 where it has none: one to one, by the highest sum of F1.

    Args:
      found: [n, K] bool, the review speaks of the found aspect.
      planted: [n, A] bool, the planted aspect is a main aspect of the review.
    """
    both = planted.T.astype(np.float64) @ found
    score = 2 * both / np.maximum(planted.sum(axis=0)[:, None] + found.sum(axis=0), 1)
    partner = np.full(found.shape[1], -1)
    rows, columns = linear_sum_assignment(-score)
    partner[columns] = rows
    return partner


def assignment(found, counts, planted, partner):
    """Returns {"precision", "recall", "f1"} of the aspects of reviews against their planted main aspects, and
    "adjusted_rand" of the most frequent aspect of reviews with one main aspect against that one.

    Args:
      found: [n, K] bool.
      counts: [n, K] sentences of each aspect.
      planted: [n, A] bool.
      partner: [K] see `matched`.
    """
    right = sum(float((found[:, one] & planted[:, partner[one]]).sum()) for one in np.flatnonzero(partner >= 0))
    precision, recall = right / max(1, found.sum()), right / max(1, planted.sum())
    single = planted.sum(axis=1) == 1
    label = np.where(counts.sum(axis=1) > 0, counts.argmax(axis=1), -1) if counts.shape[1] else np.full(len(counts), -1)
    return {"precision": precision, "recall": recall, "f1": 2 * precision * recall / max(precision + recall, 1e-12),
            "adjusted_rand": float(adjusted_rand_score(planted[single].argmax(axis=1), label[single]))}


def cared_first(orders, cares, partner):
    """Returns the share of users whose profile begins with the aspects that they care about, in any order; those who
    care about none are left out, None where all do.

    Args:
      orders: [U, K] aspects of each profile, the most characteristic first.
      cares: [U, A] bool.
      partner: [K] see `matched`.
    """
    hits = [set(partner[order[:many]]) == set(np.flatnonzero(cared))
            for order, cared, many in zip(orders, cares, cares.sum(axis=1)) if many]
    return float(np.mean(hits)) if hits else None


def praise_of_quality(mentions, praise, quality, partner):
    """Returns Spearman's correlation of the share of praise with the planted quality, over items and aspects with
    FEWEST mentions or more; None where there are fewer than three.

    Args:
      mentions, praise: [I, K] reviews of the item that speak of the aspect, and expected number that praise it.
      quality: [I, A] planted.
      partner: [K] see `matched`.
    """
    item, aspect = np.nonzero((mentions >= FEWEST) & (partner >= 0))
    if len(item) < 3:
        return None
    share = praise[item, aspect] / mentions[item, aspect]
    return float(spearmanr(share, quality[item, partner[aspect]])[0])
