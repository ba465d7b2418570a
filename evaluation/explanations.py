"""Measures every method of choosing reviews (the network, swapped users, rules) on the test pairs."""
from typing import NamedTuple

import numpy as np

from evaluation import progress, review_scores
from evaluation.review_scores import Scores
from metrics import comparison, explanation, personality
from metrics.comparison import OURS, SWAPPED

OTHER_USERS = 8  # drawn for each pair, as a control
MIXED = {"tfidf_lsi": ("tfidf", "lsi"), "centroid_tfidf": ("centroid", "tfidf")}
CRITERIA = {"tfidf_lsi": "retrieval_auc", "centroid_tfidf": "agreement_cosine_1"}  # by which the mix is chosen
PERSONAL = (OURS, "tfidf", "lsi", "tfidf_lsi")  # methods whose order depends on the user
MIXING, DISTANCES = 6, 2  # durations of parts of the work, in those of scoring all pairs once


class MethodScores(NamedTuple):
    """The scores of one method. Rules use the same scores for retrieval and for display."""
    retrieval: Scores  # by which it retrieves the own review
    display: Scores  # by which it orders the reviews that are shown


class Explanations(NamedTuple):
    """What was measured of all methods on the test pairs."""
    measures: dict  # {method: {measure: [n]}}
    orders: dict  # {method: [n, R] scores by which the reviews are shown}


def measured(run, texts, relevance, random, bar=progress.SILENT):
    """The Explanations of the network, of the network with swapped users, and of the rules.

    Args:
      run: Trained.
      texts: `corpus.Texts`.
      relevance: function (users [n], slots [n, R]) -> [n, R] bool, the planted truth; None where there is none.
      random: RandomState, for the draw of other users.
      bar: progress.Bar.
    """
    bar.expect(MIXING + 2 + OTHER_USERS + DISTANCES * len(PERSONAL))
    test, train = run.artefact.test, run.artefact.train
    words = review_scores.words_of(texts.words, run.corpus.bags)
    facts = review_scores.facts_of(run, test, words, relevance, texts.votes)
    weights, impersonal = mixing_weights(run, words), review_scores.impersonal_scores(run, test)
    bar.advance(MIXING)
    own = scores_of(run, test.user, test, impersonal, weights)
    bar.advance()
    others = []
    for users in explanation.other_users(OTHER_USERS, test.user, test.item, (train.user, train.item), random):
        others.append(scores_of(run, users, test, impersonal, weights))
        bar.advance()
    measures = {name: comparison.measures(*scores, facts) for name, scores in own.items()}
    bar.advance()
    for name in PERSONAL:
        measures[name].update(_personal_measures(own[name], [other[name] for other in others], facts))
        bar.advance(DISTANCES)
    measures[SWAPPED] = swapped_measures([other[OURS] for other in others], facts)
    orders = {name: scores.display.reviews for name, scores in own.items()}
    orders[SWAPPED] = others[0][OURS].display.reviews
    measures[OURS]["attention_entropy"] = explanation.entropy(orders[OURS], facts.real)
    return Explanations(measures, orders)


def _personal_measures(own, others, facts):
    """{measure: [n]} of a method's scores for the own users, compared with those for other users."""
    return {"retrieval_auc_centred": comparison.centred(own.retrieval, [other.retrieval for other in others], facts),
            "personality": personality.between_users(
                own.display.reviews, [other.display.reviews for other in others], facts.real)}


def scores_of(run, users, split, impersonal, weights):
    """{method: MethodScores} with users [n] in the place of the users of a split's pairs.

    Args:
      impersonal: `review_scores.impersonal_scores` of the split.
      weights: `mixing_weights`; a rule without a weight is not mixed.
    """
    personal = review_scores.personal_scores(run, users, split)
    network = MethodScores(personal.pop("personal"), personal.pop("shown"))
    rules = dict(impersonal, **personal)
    for name, weight in weights.items():
        first, second = MIXED[name]
        rules[name] = comparison.mixed(rules[first], rules[second], weight)
    return dict({name: MethodScores(scores, scores) for name, scores in rules.items()}, **{OURS: network})


def mixing_weights(run, words):
    """{mixed rule: weight of its second part}, the best on validation pairs by the rule's criterion."""
    split = run.artefact.validation
    facts = review_scores.facts_of(run, split, words._replace(sequences=None))
    parts = scores_of(run, split.user, split, review_scores.impersonal_scores(run, split), {})
    return {name: comparison.best_weight(parts[first].retrieval, parts[second].retrieval, CRITERIA[name], facts)
            for name, (first, second) in MIXED.items()}


def swapped_measures(others, facts):
    """{measure: [n]} of the network with other users, the mean over them.

    Args:
      others: list of MethodScores of the network.
      facts: Facts.
    """
    each = [comparison.measures(*scores, facts) for scores in others]
    averages = {name: np.mean([values[name] for values in each], 0) for name in each[0]}
    first, *rest = [scores.retrieval for scores in others]
    return dict(averages, retrieval_auc_centred=comparison.centred(first, rest, facts))
