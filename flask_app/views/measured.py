"""What the page "About this model" says of the order of reviews: sentences from the intervals of the run's report.

Each names its measure. Beside the claims of `metrics/claims.py` it tells how the strongest rule of the run does, and by
which other measures a rule is better, so that no sentence claims more than its measure does.
"""
from flask_app.web.render import NO_BREAK
from metrics import claims, significance
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
    rules = claims.rules(report)
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
    rules = {rule: values for rule, values in _rivals(report).items()
             if claims.is_number(values.get(claims.MEASURE)) and claims.gap(values, claims.MEASURE)}
    return best_rule(claims.MEASURE, rules)


def better_rules(report):
    """{measure: the rule with the largest lead} of the other measures by which a rule is significantly better."""
    found = {}
    for measure in MEASURES:
        sign = -1 if measure in LESS_IS_BETTER else 1
        gaps = {rule: claims.gap(values, measure) for rule, values in _rivals(report).items()}
        leads = {rule: sign * gap["difference"] for rule, gap in gaps.items()
                 if gap and significance.sign(gap) == -sign}
        if leads and measure != claims.MEASURE:
            found[measure] = min(sorted(leads), key=leads.get)
    return found


def _rivals(report):
    return {rule: values for rule, values in claims.rules(report).items() if rule not in _NO_RIVALS}


def _sentence(values, other, unmeasured):
    gap = values and claims.gap(values, claims.MEASURE)
    if not gap:
        return unmeasured
    return (f"The review shown first is {_MORE[claims.verdict(gap)].format(other)}: "
            f"by {_signed(gap['difference'])} TF-IDF cosine "
            f"(95{NO_BREAK}% interval {_signed(gap['low'])} to {_signed(gap['high'])}).")


def _signed(value):
    return f"{value:+.4f}".replace("-", "\u2212")
