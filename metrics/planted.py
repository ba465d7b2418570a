"""Planted truth of a sample corpus: which reviews are relevant to which user, and which items suit whom."""
import numpy as np

from metrics.comparison import ORACLE


def relevance(truth, reviews, users, review_rows):
    """A review is relevant to a user if and only if one of its main aspects is one that the user cares about.

    Args:
      truth: the record of truth.json.
      reviews: {review row: (user id, item id)} of all reviews, raw ids.
      users: [n] raw ids.
      review_rows: [n, R], 0 for an empty slot.

    Returns:
      [n, R] bool.

    Raises:
      KeyError: the truth lacks a user or a review.
    """
    bits = {name: 1 << position for position, name in enumerate(truth["aspects"])}

    def code(names):
        return sum(bits[name] for name in names)

    aspects = np.zeros(max(reviews) + 1, np.int64)
    for row, (user, item) in reviews.items():
        aspects[row] = code(truth["reviews"][f"{user} {item}"])
    cares = np.array([code(truth["users"][user]) for user in users])
    return (cares[:, None] & aspects[review_rows]) > 0


def oracle_scores(truth, user_ids, item_ids):
    """Scores every item for every user by the odds with which the purchases were drawn: no ranking is expected better.

    score_ui = log popularity of i + taste * sum over aspects of (weight of u * quality of i) / length of u's weights

    A weight is 1 for an aspect that the user cares about and 0 for others, unless the truth has `weights`.

    Args:
      truth: the record of truth.json; it must have `log_popularity`, which older ones lack.
      user_ids: [m] raw ids.
      item_ids: [I] raw ids.

    Returns:
      [m, I] float64.

    Raises:
      KeyError: the truth lacks a user, an item, its log popularity, or the taste.
    """
    names = truth["aspects"]
    weights = truth.get("weights", truth["users"])
    cares = np.array([[_weight(weights[user], name) for name in names] for user in user_ids], np.float64)
    quality = np.array([[truth["items"][item][name] for name in names] for item in item_ids], np.float64)
    cares, quality = cares.reshape(-1, len(names)), quality.reshape(-1, len(names))
    popularity = np.array([truth["log_popularity"][item] for item in item_ids], np.float64)
    length = np.sqrt(np.maximum((cares ** 2).sum(axis=1, keepdims=True), 1e-12))
    return popularity + truth["arguments"]["taste"] * (cares @ quality.T) / length


def chances(log_odds, in_training):
    """The probability of each item to be the next purchase of each user, by the planted odds.

    Args:
      log_odds: [m, I], `oracle_scores`.
      in_training: [m, I] bool, the items that the user has; they cannot be bought again.

    Returns:
      [m, I] float64; a row has the sum 1, or 0 for a user who has all items.
    """
    possible = np.where(in_training, -np.inf, log_odds)
    highest = possible.max(axis=1, keepdims=True)
    odds = np.exp(possible - np.where(np.isfinite(highest), highest, 0.))
    return odds / np.maximum(odds.sum(axis=1, keepdims=True), 1e-300)


def expected_ndcg(tops, probability):
    """nDCG@k [m] of the next purchase, in expectation over the planted odds instead of for the test items alone.

    A single purchase at rank r has the nDCG 1 / log2(1 + r), so the expectation is the sum over the list of
    probability / log2(1 + rank). It has no noise from the draw of the test items.

    Args:
      tops: [m, k] items of the lists, the first first; below 0: none.
      probability: [m, I], `chances`.
    """
    discount = 1 / np.log2(2 + np.arange(tops.shape[1]))
    return np.where(tops >= 0, np.take_along_axis(probability, tops, 1) * discount, 0).sum(axis=1)


def share_of_possible_gain(models, ours, measure):
    """(ours - most popular) / (oracle - most popular) of a measure of rankings.

    Args:
      models: {model: {measure: mean}}, of a report.
      ours: name of the model.
      measure: name of the measure.

    Returns:
      The share; None where a model or its measure is absent, or the oracle has no gain over most popular.
    """
    least, found, best = (models.get(name, {}).get(measure) for name in ("popular", ours, ORACLE))
    if None in (least, found, best) or best <= least:
        return None
    return (found - least) / (best - least)


def _weight(cared, name):
    """How much a user cares about an aspect: 0 or 1 where the truth lists aspects, else the weight in it."""
    return cared.get(name, 0.) if isinstance(cared, dict) else float(name in cared)
