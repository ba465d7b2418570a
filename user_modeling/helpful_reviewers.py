"""Who always writes helpful reviews: by the attention that a user's reviews receive from other users, and by rivals.

The attention of a review is the logarithm of its mean share (`attention.py`), less what its length, its position among
the item's reviews by time, its age at the item and the item itself explain, by least squares. A user's score is the
posterior mean of these values: a user with few reviews is drawn towards the mean of all. The users are ordered by the
lower bound of the score, so that the first are those of whom it is sure. No score uses votes.

Legend: `n` training reviews with text, `U` users, `F` facts of a review.
"""
from typing import NamedTuple

import numpy as np

from metrics.helpfulness import Z

ATTENTION, UNCORRECTED, LENGTH, COUNT, STARS, CENTROID = METHODS = (
    "attention", "attention, not corrected", "length", "number of reviews", "mean stars", "centroid")
DEFAULT = LENGTH  # where there are no votes to choose by: the method that votes chose on each real corpus that has them
DAY = 86400.  # seconds


class Scores(NamedTuple):
    """Users by one method, [U] each; NaN for users without a review that the method can measure."""
    score: np.ndarray  # posterior mean
    bound: np.ndarray  # its lower bound at 95 %


class Reviews(NamedTuple):
    """What each method says of the reviews."""
    row: np.ndarray  # [n] rows of the artefact
    values: dict  # {method: [n]}; NaN where a review cannot be measured


def reviews_of(artefact, received, typicality):
    """Returns the Reviews of an Artefact by all methods but COUNT.

    Args:
      received: attention.Received.
      typicality: [n] similarity of each of these reviews to the others of its item.
    """
    rows, item = received.review, received.item
    with np.errstate(divide="ignore", invalid="ignore"):
        attention = np.log(received.share)
    usable = np.isfinite(attention)
    raw = _less_item(attention, item, usable)
    several = np.bincount(item, minlength=item.max(initial=-1) + 1)[item] > 1
    values = {ATTENTION: residual(raw, _less_item(facts_of(artefact, rows, item), item, usable)), UNCORRECTED: raw,
              LENGTH: np.log1p(artefact.review_length[rows].astype(np.float64)),
              STARS: artefact.review_rating[rows].astype(np.float64),
              CENTROID: np.where(several, typicality.astype(np.float64), np.nan)}
    return Reviews(rows, values)


def facts_of(artefact, rows, item):
    """Returns the facts [n, F] of reviews that attention is corrected for: length and its square, position among the
    item's reviews by time and as a share of them, and days since the first one; 0 days where the time is unknown."""
    length = np.log1p(artefact.review_length[rows].astype(np.float64))
    time = artefact.review_time[rows].astype(np.float64)
    order = np.lexsort((rows, time, item))
    first = np.searchsorted(item[order], item[order])
    position = np.empty(len(rows))
    position[order] = np.arange(len(rows)) - first
    count = np.bincount(item, minlength=item.max(initial=-1) + 1)[item]
    start = np.full(item.max(initial=-1) + 1, np.inf)
    np.minimum.at(start, item, np.where(time > 0, time, np.inf))
    days = np.where(time > 0, time - np.where(np.isfinite(start), start, 0)[item], 0) / DAY
    return np.stack([length, length ** 2, np.log1p(position), position / np.maximum(count - 1, 1), np.log1p(days)], 1)


def residual(values, facts):
    """Returns values [n] less their least squares fit by facts [n, F]; NaN where either is NaN."""
    usable = np.isfinite(values) & np.isfinite(facts).all(axis=1)
    left = np.full(len(values), np.nan)
    if usable.any():
        weights = np.linalg.lstsq(facts[usable], values[usable], rcond=None)[0]
        left[usable] = values[usable] - facts[usable] @ weights
    return left


def by_user(values, author, users):
    """Returns the Scores of users by values [n] of their reviews; `author` [n].

    The values of a user vary around a level of the user, and the levels around the mean of all (a one-way random
    effects model; variances by the method of moments, Searle, Casella & McCulloch, "Variance components", 1992).
    """
    usable = np.isfinite(values)
    values, author = values[usable], author[usable]
    count = np.bincount(author, minlength=users)
    if not len(values):
        return Scores(*np.full((2, users), np.nan))
    centre = values.mean()
    total = np.bincount(author, values - centre, users)
    means = total / np.maximum(count, 1)
    degrees = len(values) - (count > 0).sum()
    inside = ((values - centre - means[author]) ** 2).sum() / degrees if degrees else values.var()
    squares = (count * means ** 2).sum() - inside * ((count > 0).sum() - 1)
    between = max(squares / max(len(values) - (count ** 2).sum() / len(values), 1e-9), 0.)
    weight = count * between / np.maximum(count * between + inside, 1e-12)
    spread = np.sqrt(between * (1 - weight))
    known = count > 0
    return Scores(*(np.where(known, centre + level, np.nan) for level in (
        weight * means, weight * means - Z * spread)))


def scores_of(artefact, reviews):
    """Returns {method: Scores} of all METHODS."""
    users, author = len(artefact.user_reviews), artefact.review_user[reviews.row]
    found = {name: by_user(values, author, users) for name, values in reviews.values.items()}
    count = np.bincount(author, minlength=users).astype(np.float64)
    count[count == 0] = np.nan
    return {name: found.get(name, Scores(count, count)) for name in METHODS}


def ranked(scores):
    """Returns the users with a score, the best lower bound first; of equal ones the first."""
    order = np.argsort(-np.nan_to_num(scores.bound, nan=-np.inf), kind="stable")
    return order[np.isfinite(scores.bound[order])]


def _less_item(values, item, usable):
    """Values [n] or [n, F] less their mean over the usable reviews of each item; NaN where a review is not usable."""
    values, size = np.array(values, np.float64), item.max(initial=-1) + 1
    total = np.zeros((size,) + values.shape[1:])
    np.add.at(total, item[usable], values[usable])
    count = np.maximum(np.bincount(item[usable], minlength=size), 1).reshape((-1,) + (1,) * (values.ndim - 1))
    values -= (total / count)[item]
    values[~usable] = np.nan
    return values
