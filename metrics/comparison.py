"""Explanations side by side: the network, it asked by strangers, and simple rules, by the same measures.

`retrieval_*`: does what a shopper wrote elsewhere find the shopper's own held-out review among the
item's others; `_unlike_50`, `_30`: where that is no near copy of it? `agreement_*_k`: how like that
review are the first k shown? `helpful_ndcg`: are they what others found helpful? `planted_*`: are they
relevant by the planted truth? Each measure is [n], a value a pair, NaN where it is not defined.
"""
from typing import NamedTuple, Optional

import numpy as np

from metrics import explanation, helpfulness, significance

LEAST = 5  # reviews that an item must have for agreement to be measured: else most are shown anyway
OURS, SWAPPED = "deeprecsys", "swapped"  # methods; all others are rules
LESS_IS_BETTER = ("sufficiency",)
NEAR_COPIES = {"50": .5, "30": .3}  # likeness from which a review is a copy
WEIGHTS = np.linspace(0, 1, 21)  # of the second of two rules that are mixed


class Facts(NamedTuple):
    """What is known of `n` held-out pairs and their items' `R` reviews."""
    user: np.ndarray  # [n]
    real: np.ndarray  # [n, R] bool, slots that hold a review
    likeness: dict  # {"cosine", "rouge1", "rougel", "aspects": [n, R] likeness to the own review}
    has_text: np.ndarray  # [n] bool, the own review has words
    relevant: Optional[np.ndarray] = None  # [n, R] bool, planted truth
    votes: Optional[tuple] = None  # (helpful [n, R], all [n, R])
    nearest: Optional[np.ndarray] = None  # [n] greatest likeness of the own review to the shopper's others


def measures(personal, shown, facts):
    """{name: [n]} of one method: `personal` scores find, `shown` ones order the page. A rule is both itself."""
    found = retrieval(personal, facts)
    counted = facts.has_text & (facts.real.sum(1) >= LEAST)
    for kind, likeness in facts.likeness.items():
        for k in (1, 3):
            values = explanation.agreement_at(k, shown.reviews, likeness, facts.real)
            found[f"agreement_{kind}_{k}"] = np.where(counted, values, np.nan)
    if facts.votes is not None:
        found["helpful_ndcg"] = helpfulness.ndcg(shown.reviews, *facts.votes, facts.real)
    if facts.relevant is not None:
        truth = facts.relevant, facts.real
        found["planted_auc"] = explanation.auc(personal.reviews, *truth)
        found["planted_auc_shown"] = explanation.auc(shown.reviews, *truth)
        found["planted_precision_at_3"] = explanation.precision_at(3, personal.reviews, *truth)
    return found


def retrieval(scores, facts):
    """{"retrieval_auc", "retrieval_mrr": [n]}, and the first of what is no near copy."""
    auc = explanation.retrieval_auc(scores.own, scores.reviews, facts.real)
    found = {"retrieval_auc": auc,
             "retrieval_mrr": explanation.reciprocal_rank(scores.own, scores.reviews, facts.real)}
    if facts.nearest is not None:
        found.update({f"retrieval_auc_unlike_{name}": explanation.unlike(auc, facts.nearest, limit)
                      for name, limit in NEAR_COPIES.items()})
    return found


def centred(scores, strangers, facts):
    """`retrieval_auc` [n] of scores less their mean under strangers' queries.

    A held-out review, its words counted anew, looks nearer to everybody than those of training do; that
    flatters every method. What is left after centring is nearer to this shopper.
    """
    reviews = scores.reviews - np.mean([other.reviews for other in strangers], 0)
    own = scores.own - np.mean([other.own for other in strangers], 0)
    return explanation.retrieval_auc(own, reviews, facts.real)


def mixed(one, other, weight):
    """Scores (1 - weight) of one rule and weight of another."""
    return type(one)(*((1 - weight) * mine + weight * theirs for mine, theirs in zip(one, other)))


def best_weight(one, other, name, facts):
    """The weight of WEIGHTS whose mix has the highest mean of a measure, on validation pairs."""
    means = [explanation.mean(measures(scores, scores, facts)[name]) or 0.
             for scores in (mixed(one, other, weight) for weight in WEIGHTS)]
    return float(WEIGHTS[int(np.argmax(means))])


def differences(ours, other, bootstrap):
    """{measure: {"difference", "low", "high", "p"}} of ours less another's, where both are defined."""
    found = {name: bootstrap.difference(ours[name], other[name]) for name in ours if name in other}
    return {name: value for name, value in found.items() if value is not None}


def means(found):
    """{name: mean}; a measure that is defined for no pair is absent."""
    values = {name: explanation.mean(value) for name, value in found.items()}
    return {name: value for name, value in values.items() if value is not None}


def records(found, users, random):
    """({measure: mean of ours, and `_swapped`}, {rule: {measure: mean, "difference": of ours to it}}).

    Args:
      found: {method: {measure: [n]}}.
      users: [n] each pair's user.
      random: RandomState, for the intervals.
    """
    told, bootstrap = means(found[OURS]), significance.Bootstrap(users, random)
    told.update({f"{name}_{SWAPPED}": value for name, value in means(found[SWAPPED]).items()})
    rules = {name: dict(means(values), difference=differences(found[OURS], values, bootstrap))
             for name, values in sorted(found.items()) if name != OURS}
    return told, rules
