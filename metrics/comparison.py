"""Compares explanation methods (the network, the network with swapped users, training-free rules) by the same measures.

`retrieval_*`: does the method find the user's own held-out review among the item's other reviews, from what the
user wrote elsewhere? `_unlike_50` and `_unlike_30` leave out own reviews that are near copies. `agreement_*_k`: how
similar are the first k shown reviews to the own review? `helpful_ndcg`: are they the reviews that other readers found
helpful? `planted_*`: are they relevant by the planted truth? Each measure is [n], one value for each pair, NaN where it
is not defined.
"""
from typing import NamedTuple, Optional

import numpy as np

from metrics import explanation, helpfulness, significance

LEAST = 5  # reviews that an item must have for agreement: with fewer, most of them are shown by any method
OURS, SWAPPED = "deeprecsys", "swapped"  # methods; all others are rules
NO_RULES = (SWAPPED, "aspect_cover", "aspect_cover_swapped")  # of these: controls, and reviews chosen by our own order
WITHOUT_EVIDENCE = "deeprecsys_without_evidence"  # among rankings: the order of purchases and popularity alone
BY_STARS = "deeprecsys_stars"  # among rankings: the network's order of items by predicted stars
ORACLE = "oracle"  # among rankings: the order by the planted odds of a purchase, on a generated corpus
LESS_IS_BETTER = ("sufficiency",)
NEAR_COPIES = {"50": .5, "30": .3}  # cosine similarity from which a review counts as a near copy
WEIGHTS = np.linspace(0, 1, 21)  # of the second of two rules that are mixed


class Facts(NamedTuple):
    """Facts of `n` held-out pairs and of the `R` reviews of each pair's item."""
    user: np.ndarray  # [n]
    real: np.ndarray  # [n, R] bool, slots that hold a review
    likeness: dict  # {"cosine", "rouge1", "rougel", "aspects": [n, R] similarity to the own review}
    has_text: np.ndarray  # [n] bool, the own review has words
    relevant: Optional[np.ndarray] = None  # [n, R] bool, planted truth
    votes: Optional[tuple] = None  # (helpful [n, R], all [n, R])
    nearest: Optional[np.ndarray] = None  # [n] greatest similarity of the own review to the user's other reviews

    def scored_by(self, *scores):
        """The Facts without the reviews of pairs that lack a score (NaN) in any of several scores [n, R].

        A measure of a pair without reviews is not defined, so nothing is guessed in the place of a missing score.
        """
        known = np.isfinite(np.sum(scores, axis=0)) | ~self.real
        return self._replace(real=self.real & known.all(1, keepdims=True))


def measures(personal, shown, facts):
    """{measure: [n]} of one method.

    Args:
      personal: scores by which the method retrieves the own review (`reviews` [n, R], `own` [n]).
      shown: scores by which it orders the reviews for display. Rules use the same scores for both.
      facts: Facts.
    """
    found, told = facts.scored_by(personal.reviews).real, facts.scored_by(shown.reviews).real
    values = retrieval(personal, facts)
    counted = facts.has_text & (told.sum(1) >= LEAST)
    for kind, likeness in facts.likeness.items():
        for k in (1, 3):
            agreement = explanation.agreement_at(k, shown.reviews, likeness, told)
            values[f"agreement_{kind}_{k}"] = np.where(counted, agreement, np.nan)
    if facts.votes is not None:
        values["helpful_ndcg"] = helpfulness.ndcg(shown.reviews, *facts.votes, told)
    if facts.relevant is not None:
        values["planted_auc"] = explanation.auc(personal.reviews, facts.relevant, found)
        values["planted_auc_shown"] = explanation.auc(shown.reviews, facts.relevant, told)
        values["planted_precision_at_3"] = explanation.precision_at(3, personal.reviews, facts.relevant, found)
    return values


def retrieval(scores, facts):
    """{"retrieval_auc", "retrieval_mrr": [n]}, and the AUC of the own reviews that are no near copies."""
    real = facts.scored_by(scores.reviews).real
    auc = explanation.retrieval_auc(scores.own, scores.reviews, real)
    values = {"retrieval_auc": auc, "retrieval_mrr": explanation.reciprocal_rank(scores.own, scores.reviews, real)}
    if facts.nearest is not None:
        values.update({f"retrieval_auc_unlike_{name}": explanation.without_near_copies(auc, facts.nearest, limit)
                       for name, limit in NEAR_COPIES.items()})
    return values


def centred(scores, others, facts):
    """`retrieval_auc` [n] of scores minus their mean under the queries of other users.

    A held-out review is encoded anew, with its own word counts, and scores higher under any query than training
    reviews do, which flatters every method. Centring removes what a review has in common for all users.

    Args:
      scores: of the pairs' own users.
      others: list of scores of the same reviews, each by other users.
      facts: Facts.
    """
    reviews = scores.reviews - np.mean([other.reviews for other in others], 0)
    own = scores.own - np.mean([other.own for other in others], 0)
    return explanation.retrieval_auc(own, reviews, facts.scored_by(reviews).real)


def mixed(first, second, weight):
    """Scores (1 - weight) * first + weight * second of two rules."""
    return type(first)(*((1 - weight) * left + weight * right for left, right in zip(first, second)))


def best_weight(first, second, name, facts):
    """The weight of WEIGHTS whose mix has the highest mean of the measure `name`, on validation pairs."""
    mixes = (mixed(first, second, weight) for weight in WEIGHTS)
    averages = [explanation.mean(measures(scores, scores, facts)[name]) or 0. for scores in mixes]
    return float(WEIGHTS[int(np.argmax(averages))])


def differences(ours, theirs, bootstrap):
    """{measure: {"difference", "low", "high", "p"}} of ours - theirs, where both are defined."""
    gaps = {name: bootstrap.difference(ours[name], theirs[name]) for name in ours if name in theirs}
    return {name: gap for name, gap in gaps.items() if gap is not None}


def means(values):
    """{measure: mean}; a measure that is defined for no pair is left out."""
    averages = {name: explanation.mean(value) for name, value in values.items()}
    return {name: average for name, average in averages.items() if average is not None}


def records(methods, users, random):
    """({measure: our mean, and `<measure>_swapped`}, {rule: {measure: mean, "difference": of ours - the rule's}}).

    Args:
      methods: {method: {measure: [n]}}.
      users: [n] each pair's user.
      random: RandomState, for the intervals.
    """
    ours, bootstrap = means(methods[OURS]), significance.Bootstrap(users, random)
    ours.update({f"{name}_{SWAPPED}": value for name, value in means(methods[SWAPPED]).items()})
    rules = {name: dict(means(values), difference=differences(methods[OURS], values, bootstrap))
             for name, values in sorted(methods.items()) if name != OURS}
    return ours, rules


def best_rule(name, rules):
    """The rule with the best mean of a measure, NO_RULES left out; None where no rule has it.

    Args:
      name: of the measure.
      rules: {rule: {measure: mean, "difference"}} of `records`.
    """
    candidates = [rule for rule in rules if rule not in NO_RULES and name in rules[rule].get("difference", {})]
    if not candidates:
        return None
    return (min if name in LESS_IS_BETTER else max)(candidates, key=lambda rule: rules[rule][name])
