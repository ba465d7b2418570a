"""What the page "About this model" says of the order of reviews: sentences from the intervals of the run's report.

Each names its measure. Beside the claims of `metrics/claims.py` it tells how the strongest rule of the run does, and by
which other measures a rule is better, so that no sentence claims more than its measure does.
"""
import math

from flask_app.web.render import NO_BREAK
from metrics import claims
from metrics.comparison import LESS_IS_BETTER, NO_RULES, OURS, best_rule
from metrics.labels import MEASURES, METHODS

_NO_RIVALS = NO_RULES + (OURS, "random")  # methods of a report that no claim is held against
_OTHERS = {"swapped": "the one that another shopper sees first", "centroid": "the most typical review of the item",
           "tfidf": "the one that shares most words with the shopper (TF-IDF)"}
_MORE = {claims.YES: "more similar to what the shopper wrote later than {}",
         claims.NO: "less similar to what the shopper wrote later than {}",
         claims.UNSURE: "about as similar to what the shopper wrote later as {}"}


def sentences(report):
    """The sentences of a report, each for one item of a list; parts that are missing or damaged are not measured."""
    rules = _rules(report)
    told = [_sentence(rules.get(claim.method), _OTHERS[claim.method], claim.text)
            for claim in claims.of(report, "shopper")]
    strongest = strongest_rule(report)
    if strongest and strongest not in _OTHERS:
        name = METHODS.get(strongest, strongest)
        told.append(_sentence(rules[strongest], f"that of {name}, the strongest rule of this run", ""))
    better = better_rules(report)
    if better:
        listed = "; ".join(f"{MEASURES[measure]} ({METHODS.get(rule, rule)})" for measure, rule in better.items())
        told.append(f"By these other measures a rule is significantly better: {listed}.")
    return [sentence for sentence in told if sentence]


def strongest_rule(report):
    """The rule with the largest value of the measure of the claims; None where none was measured."""
    rules = {rule: values for rule, values in _rules(report).items()
             if rule not in _NO_RIVALS and _is_number(values.get(claims.MEASURE)) and _gap(values, claims.MEASURE)}
    return best_rule(claims.MEASURE, rules)


def better_rules(report):
    """{measure: the rule with the largest lead} of the other measures by which a rule is significantly better."""
    found = {}
    for measure in MEASURES:
        sign = -1 if measure in LESS_IS_BETTER else 1
        gaps = {rule: _gap(values, measure) for rule, values in _rules(report).items() if rule not in _NO_RIVALS}
        leads = {rule: sign * gap["difference"] for rule, gap in gaps.items()
                 if gap and max(sign * gap["low"], sign * gap["high"]) < 0}
        if leads and measure != claims.MEASURE:
            found[measure] = min(sorted(leads), key=leads.get)
    return found


def _rules(report):
    rules = report.get("explanation_rules")
    rules = rules if isinstance(rules, dict) else {}
    return {rule: values for rule, values in rules.items() if isinstance(values, dict)}


def _gap(values, measure):
    """{"difference", "low", "high"} of ours - a rule's; None where the report does not have it."""
    gap = values.get("difference")
    gap = gap.get(measure) if isinstance(gap, dict) else None
    return gap if isinstance(gap, dict) and all(map(_is_number, map(gap.get, ("difference", "low", "high")))) else None


def _is_number(value):
    return isinstance(value, (int, float)) and math.isfinite(value)


def _sentence(values, other, unmeasured):
    gap = values and _gap(values, claims.MEASURE)
    if not gap:
        return unmeasured
    verdict = claims.YES if gap["low"] > 0 else claims.NO if gap["high"] < 0 else claims.UNSURE
    return (f"The review shown first is {_MORE[verdict].format(other)}: by {_signed(gap['difference'])} TF-IDF cosine "
            f"(95{NO_BREAK}% interval {_signed(gap['low'])} to {_signed(gap['high'])}).")


def _signed(value):
    return f"{value:+.4f}".replace("-", "\u2212")
