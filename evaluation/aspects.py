"""Do the reviews shown first speak of what the shopper went on to speak of: aspects with praise or criticism. How many
of them are critical.

Measures for every method of showing reviews, and for `COVER`: three reviews chosen to cover the shopper's aspects
(`metrics/aspect_coverage.py`), its trade chosen on validation pairs. Legend: `n` pairs, `R` slots of reviews, `K`
aspects, `M` = 2K marks, `N` reviews.
"""
from typing import NamedTuple

import numpy as np

from evaluation import aspect_quality, corpus
from flask_app.recommending import quotes
from flask_app.recommending.recommendation import Explanation, WeighedReview
from flask_app.recommending.viewer import interests_of
from flask_app.storage.aspects import Aspects
from metrics import aspect_coverage, explanation, significance
from metrics.comparison import OURS
from models.run_folder import aspect_profiles, aspect_reading
from preprocessing import artefact as contract
from user_modeling import corpus as corpora

COVER, COVER_SWAPPED = "aspect_cover", "aspect_cover_swapped"  # by the own profile, and by that of another user
MOST = 2  # aspects of a user, where users are compared
DRAWS = 5  # of the order of reviews with equal scores
TRADES = (0., .25, .5, .75, .9, 1.)  # weights of the coverage that are tried on validation pairs
NAMES = {"precision": "aspect_precision_3", "recall": "aspect_recall_3", "f": "aspect_f_3"}

IN_FILE = "a file of scores has no tables of aspects"
NO_TABLES = "the run has no tables of aspects, or they cannot be used; ./run aspects makes them"
NO_ASPECTS = "no aspect was found in the training reviews"
NO_PAIR = f"no test pair has a review with an aspect, of an item with {aspect_coverage.FEWEST} reviews in training"


class Marked(NamedTuple):
    """What is known of the reviews of a corpus."""
    tables: object  # aspect_tables.Tables
    marks: np.ndarray  # [N+1, M] bool
    average: tuple  # aspect_profiles.averages


def marked(tables, data):
    """Returns the Marked reviews of all splits; those of validation and test are read by the tables' words.

    Args:
      tables: aspect_tables.Tables.
      data: systems.system.Data.
    """
    artefact, count = data.artefact, len(tables.aspects)
    marks = np.zeros((len(artefact.review_user), 2 * count), bool)
    row = np.repeat(np.arange(len(tables.sentence_start) - 1), np.diff(tables.sentence_start))
    _mark(marks, row, np.asarray(tables.sentence_aspect), np.asarray(tables.sentence_polarity))
    held = np.sort(np.concatenate([artefact.validation.review, artefact.test.review]))
    found = corpora.texts_of(artefact, data.data_folder, held)
    reading = aspect_reading.read(found, tables.word_aspect, tables.word_polarity)
    _mark(marks, held[found.review], *reading)
    return Marked(tables, marks, aspect_profiles.averages(tables))


def _mark(marks, row, aspect, polarity):
    """Sets the marks of reviews: an aspect is praised where the mean polarity of its sentences is at least one half."""
    count = marks.shape[1] // 2
    spoken = aspect >= 0
    place = row[spoken].astype(np.int64) * count + aspect[spoken]
    places, index = np.unique(place, return_inverse=True)
    mean = np.bincount(index, polarity[spoken]) / np.maximum(np.bincount(index), 1)
    rows, aspects = places // max(count, 1), places % max(count, 1)
    marks[rows, np.where(mean >= .5, aspects, aspects + count)] = True


def top_aspects(tables):
    """Returns [U, K] bool: the two aspects that are most characteristic of each user, where the user speaks of them."""
    average, users = aspect_profiles.averages(tables), len(tables.user_reviews)
    found = np.zeros((users, len(tables.aspects)), bool)
    for user in range(users):
        found[user, aspect_profiles.of_user(tables, user, average).spoken()[:MOST]] = True
    return found


def measured(known, data, orders, weights_of, random):
    """Returns ({method: {measure: [n]}} on the test pairs, {measure: record of COVER against each method}, trade).

    Args:
      known: Marked.
      data: systems.system.Data.
      orders: {method: [n, R] scores by which reviews are shown}, with OURS.
      weights_of: function of a split -> [n, R] scores of OURS.
      random: RandomState.
    """
    artefact = data.artefact
    table, test = data.corpus.served_slots.item, artefact.test
    trade = _chosen_trade(known, table, artefact.validation, weights_of)
    real = table[test.item] > 0
    measures = {}
    for method, scores in orders.items():
        scored = real & (np.isfinite(scores) | ~real).all(axis=1, keepdims=True)
        draws = [_values(known, table, test, aspect_coverage.first(scores, scored, random)) for _ in range(DRAWS)]
        measures[method] = {name: np.where(scored.any(axis=1), np.mean([one[name] for one in draws], axis=0), np.nan)
                            for name in draws[0]}
    train = artefact.train.user, artefact.train.item
    users_of = {COVER: test.user, COVER_SWAPPED: explanation.other_users(1, test.user, test.item, train, random)[0]}
    if len(np.unique(test.user)) == 1:
        del users_of[COVER_SWAPPED]  # there is no other user
    for name, users in users_of.items():
        chosen = _cover(known, table, test._replace(user=users), orders[OURS], trade)
        measures[name] = _values(known, table, test, chosen)
    bootstrap = significance.Bootstrap(test.user, random)
    against = {name: without_none({method: bootstrap.difference(measures[COVER][name], values[name])
                                   for method, values in measures.items() if method != COVER})
               for name in NAMES.values()}
    means = without_none({name: explanation.mean(values) for name, values in measures[COVER].items()})
    return measures, {"trade": trade, "means": means, "difference": against}


def without_none(record):
    """Returns a record without the values that are None, those that are not defined."""
    return {name: value for name, value in record.items() if value is not None}


def _values(known, table, split, positions):
    """{measure: [n]} of the reviews at positions [n, count] of the slots of each pair's item, -1 = none."""
    slots = table[split.item]
    shown = np.where(positions >= 0, np.take_along_axis(slots, np.maximum(positions, 0), axis=1), 0)
    found = aspect_coverage.compared(known.marks[shown].any(axis=1), known.marks[split.review])
    enough = (slots > 0).sum(axis=1) >= aspect_coverage.FEWEST
    return {NAMES[name]: np.where(enough, values, np.nan) for name, values in found.items()}


def _cover(known, table, split, scores, trade):
    """Positions [n, COUNT] of the reviews that `aspect_coverage.choose` chooses for the pairs of a split."""
    chosen = np.full((len(split.user), aspect_coverage.COUNT), -1)
    tables, slots = known.tables, table[split.item]
    for pair, (user, item) in enumerate(zip(split.user, split.item)):
        rows = slots[pair][slots[pair] > 0]
        if len(rows) < aspect_coverage.FEWEST or not np.isfinite(scores[pair][slots[pair] > 0]).all():
            continue
        chance = aspect_coverage.chances(
            tables.user_mentions[user], tables.user_reviews[user], tables.item_mentions[item],
            tables.item_praise[item], tables.item_reviews[item], known.average, tables.user_praise[user])
        best = aspect_coverage.choose(scores[pair][slots[pair] > 0], known.marks[rows], chance, trade)
        chosen[pair, :len(best)] = np.flatnonzero(slots[pair] > 0)[best]
    return chosen


def _chosen_trade(known, table, split, weights_of):
    """The trade of TRADES whose reviews have the highest mean F on validation pairs; the default where none has one."""
    if not len(split.user):
        return aspect_coverage.TRADE
    scores = weights_of(split)
    found = [explanation.mean(_values(known, table, split, _cover(known, table, split, scores, trade))["aspect_f_3"])
             for trade in TRADES]
    return TRADES[int(np.argmax([-1. if one is None else one for one in found]))] if any(
        one is not None for one in found) else aspect_coverage.TRADE


def critical_shown(system, weights, tables):
    """How many of the reviews that the shop shows first are critical (`quotes.is_critical`), over the test pairs.

    Args:
      system: systems.system.System.
      weights: [n, R] scores by which reviews are shown.
      tables: aspect_tables.Tables of its run; None where it has none.

    Returns:
      {"critical": {"shown": share of the reviews shown first, "all": share of all reviews of the same items,
      "pairs": number of pairs}}; {} where the system is no run, or no item of a test pair has a review.
    """
    artefact, table = system.data.artefact, system.data.corpus.served_slots.item
    known, test = tables and Aspects(tables), artefact.test
    shown, everything, pairs = [], [], 0
    for user, item, scores in zip(test.user.tolist(), test.item.tolist(), weights if system.run else ()):
        slots = np.flatnonzero(table[item])
        slots = slots[np.argsort(-scores[slots], kind="stable")]
        reviews = [{"review": row, "rating": artefact.review_rating[row]} for row in table[item, slots].tolist()]
        explanation_of_page = Explanation(0., tuple(
            WeighedReview(review, place, float(scores[slot]), 0., None, False)
            for place, (review, slot) in enumerate(zip(reviews, slots), 1)), False)
        shown += [quotes.is_critical(weighed.review) for weighed in quotes.shown_reviews(
            explanation_of_page, {"item": item}, known, interests_of(user, known))]
        everything += map(quotes.is_critical, reviews)
        pairs += bool(reviews)
    return {"critical": {"shown": float(np.mean(shown)), "all": float(np.mean(everything)),
                         "pairs": pairs}} if shown else {}


def evaluated(tables, system, orders, texts, truth, random):
    """Returns ({method: {measure: [n]}}, the record of aspects, {measure: why it is absent}) of a system.

    Args:
      tables: aspect_tables.Tables of its run; None where it has none.
      system: systems.system.System.
      orders: {method: [n, R] scores by which reviews are shown} on the test pairs.
      texts: corpus.Texts.
      truth: the record of truth.json, or None.
      random: RandomState.
    """
    if system.run is None or tables is None or not tables.aspects:
        why = IN_FILE if system.run is None else NO_TABLES if tables is None else NO_ASPECTS
        return {}, None, dict.fromkeys(list(NAMES.values()) + ["aspects"], why)
    data, artefact = system.data, system.data.artefact

    def weights_of(split):
        return system.run.predictor(split.user, split.item, split.review).outputs.item_weights

    measures, cover = measured(marked(tables, data), data, orders, weights_of, random)
    record = {"count": len(tables.aspects), "names": [aspect.name for aspect in tables.aspects], "cover": cover,
              "polarity_auc": aspect_quality.polarity_auc(tables, artefact, data.data_folder),
              "coherence": aspect_quality.coherence(tables, artefact, data.data_folder, random.randint(2 ** 31))}
    if truth is not None:
        with corpus.entries_of(contract.TRUTH):
            record["planted"] = without_none(aspect_quality.planted(tables, artefact, texts, truth))
    defined = np.isfinite(measures[OURS][NAMES["f"]]).any()
    return measures, without_none(record), {} if defined else dict.fromkeys(NAMES.values(), NO_PAIR)
