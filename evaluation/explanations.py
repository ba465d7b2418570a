"""Measures every method of choosing reviews (the system, swapped users, rules) on the test pairs."""
from typing import NamedTuple

import numpy as np

from evaluation import progress, review_scores
from evaluation.review_scores import MethodScores, Scores
from evaluation.systems import pairs
from metrics import comparison, explanation, personality
from metrics.comparison import OURS, SWAPPED
from models.training import shown

MIXED = {"tfidf_lsi": ("tfidf", "lsi"), "centroid_tfidf": ("centroid", "tfidf")}
CRITERIA = {"tfidf_lsi": "retrieval_auc", "centroid_tfidf": "agreement_cosine_1"}  # by which the mix is chosen
FITTED = "fitted_rules"  # what deeprecsys shows, with LSI similarity in the place of its personal score
PERSONAL = (OURS, "tfidf", "lsi", *MIXED, FITTED)  # methods whose order depends on the user
MIXING, DISTANCES = 6, 2  # durations of parts of the work, in those of scoring all pairs once


class Explanations(NamedTuple):
    """What was measured of all methods on the test pairs."""
    measures: dict  # {method: {measure: [n]}}
    orders: dict  # {method: [n, R] scores by which the reviews are shown}; SWAPPED is absent with a single user


def measured(system, texts, relevance, asked, bar=progress.SILENT):
    """The Explanations of a system, of the system with swapped users, and of the rules.

    Where the test pairs are those of a single user, nobody can be in the place of the user: the measures of swapped
    users, personality and the centred AUC are NaN, and there is no order of swapped users.

    Args:
      system: `systems.system.System`.
      texts: `corpus.Texts`.
      relevance: function (users [n], slots [n, R]) -> [n, R] bool, the planted truth; None where there is none.
      asked: `pairs.Asked`.
      bar: progress.Bar.
    """
    data, draws = system.data, len(asked.users)
    bar.expect(MIXING + 1 + 2 * draws + DISTANCES * len(PERSONAL))
    test, keys = data.artefact.test, pairs.Keys(data.artefact)
    words = review_scores.words_of(texts.words, data.corpus.bags)
    facts = review_scores.facts_of(data, test, words, relevance, texts.votes)
    weights, impersonal = mixing_weights(data, words), review_scores.impersonal_scores(data, test)
    bar.advance(MIXING)
    answers, scores = system.answers(asked, bar), []
    for users in asked.users:
        scores.append(dict(rules_of(data, users, test, impersonal, weights), **{OURS: answers.of(keys, asked, users)}))
        bar.advance()
    own, others = scores[0], scores[1:]
    measures = {name: comparison.measures(*found, facts) for name, found in own.items()}
    bar.advance()
    alone = len(np.unique(test.user)) == 1
    for name in PERSONAL:
        found = _personal_measures(own[name], [other[name] for other in others], facts)
        measures[name].update(_undefined(found) if alone else found)
        bar.advance(DISTANCES)
    orders = {name: found.display.reviews for name, found in own.items()}
    measures[SWAPPED] = swapped_measures([other[OURS] for other in others], facts)
    if alone:
        measures[SWAPPED] = _undefined(measures[SWAPPED])
    else:
        orders[SWAPPED] = others[0][OURS].display.reviews
    measures[OURS]["attention_entropy"] = explanation.entropy(orders[OURS], facts.scored_by(orders[OURS]).real)
    return Explanations(measures, orders)


def _personal_measures(own, others, facts):
    """{measure: [n]} of a method's scores for the own users, compared with those for other users.

    The centred AUC is NaN for a method without a score of the own review, as `centroid_tfidf` and FITTED.
    """
    shown, others_shown = own.display.reviews, [other.display.reviews for other in others]
    return {"retrieval_auc_centred": comparison.centred(own.retrieval, [other.retrieval for other in others], facts),
            "personality": personality.between_users(shown, others_shown, facts.scored_by(shown, *others_shown).real)}


def _undefined(measures):
    """{measure: [n] NaN} of the same measures."""
    return {name: np.full(len(values), np.nan) for name, values in measures.items()}


def rules_of(data, users, split, impersonal, weights):
    """{rule: MethodScores} with users [n] in the place of the users of a split's pairs.

    Args:
      data: `systems.system.Data`.
      impersonal: `review_scores.impersonal_scores` of the split.
      weights: `mixing_weights`; a rule without a weight is not mixed.
    """
    rules = dict(impersonal, **review_scores.personal_scores(data, users, split))
    for name, (first, second) in MIXED.items():
        if name in weights:
            rules[name] = comparison.mixed(rules[first], rules[second], weights[name])
    if FITTED in weights:
        parts = review_scores.parts_of_rules(rules)
        rules[FITTED] = Scores(shown.logits(weights[FITTED], parts), np.full(len(parts), np.nan))
    return {name: MethodScores(scores, scores) for name, scores in rules.items()}


def mixing_weights(data, words):
    """{mixed rule: weight of its second part, the best on validation pairs by the rule's criterion; FITTED: Weights}.

    The Weights are the first form of `shown.forms`; unlike deeprecsys, they have no condition on the ratings.
    """
    split = data.artefact.validation
    facts = review_scores.facts_of(data, split, words._replace(sequences=None))
    parts = rules_of(data, split.user, split, review_scores.impersonal_scores(data, split), {})
    weights = {name: comparison.best_weight(parts[first].retrieval, parts[second].retrieval, CRITERIA[name], facts)
               for name, (first, second) in MIXED.items()}
    scores = {name: method.display for name, method in parts.items()}
    weights[FITTED] = shown.forms(shown.parts_of(
        review_scores.parts_of_rules(scores), facts.likeness["cosine"],
        facts.real & facts.has_text[:, None]))[0]
    return weights


def swapped_measures(others, facts):
    """{measure: [n]} of the system with other users, the mean over them.

    Args:
      others: list of MethodScores of the system.
      facts: Facts.
    """
    each = [comparison.measures(*scores, facts) for scores in others]
    averages = {name: np.mean([values[name] for values in each], 0) for name in each[0]}
    first, *rest = [scores.retrieval for scores in others]
    return dict(averages, retrieval_auc_centred=comparison.centred(first, rest, facts))
