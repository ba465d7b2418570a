"""The first screen of the page: four numbers that matter, each with its rivals, and what 0 and chance mean."""
from typing import NamedTuple, Optional

from runtime.report import markup
from metrics import comparison, labels, significance
from metrics.comparison import OURS, SWAPPED

SHOWN = 6  # bars of a card at most
MARK = " The vertical line marks chance."
FIRST, RETRIEVAL = "agreement_cosine_1", "retrieval_auc_centred"
LAST = ("planted_auc_shown", "comprehensiveness")  # the fourth card: the first of these that was measured
TITLES = {
    RETRIEVAL: "Finds the user's own review (retrieval AUC, centred)",
    FIRST: "First shown review: similarity to the user's own review (cosine)",
    "planted_auc_shown": "Shows relevant reviews first (planted AUC)",
    "comprehensiveness": "Shown reviews determine the rating (comprehensiveness)"}
MEANINGS = {
    RETRIEVAL: "The probability that the review which the user went on to write scores above another review of the "
               "item, after subtracting mean scores over other users. 0.5 is chance, 1 is perfect, 0 is always last.",
    FIRST: "The similarity, in TF-IDF words, of the review shown first to the review that the user went on to write. "
           "0 means no word in common, 1 the same words{chance}.",
    "planted_auc_shown": "The probability that a review about an aspect the user cares about, by the planted truth, is "
                         "shown above one that is not. 0.5 is chance, 1 is perfect, 0 is always below.",
    "comprehensiveness": "The change of the predicted rating, in stars, without the reviews shown first. 0 means that "
                         "they do not matter{chance}."}


class Card(NamedTuple):
    """One number with its rivals."""
    title: str
    value: float
    unit: str
    rival: str  # sentence on the strongest rival
    meaning: str  # sentence on what the number is, and what 0 and chance mean
    bars: list  # [(label, value)] in the order of display
    top: float  # right end of the bars
    chance: Optional[float]  # marked on the bars


def of(record):
    """The Cards of a report's record; a measure that is absent has none."""
    fourth = next((name for name in LAST if name in record["explanation"]), None)
    cards = [_ratings(record["ratings"], labels.system(record))] if record["ratings"] else []
    return cards + [_explanation(name, record) for name in (RETRIEVAL, FIRST, fourth) if name in record["explanation"]]


def _ratings(errors, ours):
    rmse = {name: scores["rmse"] for name, scores in errors.items()}
    best = min((name for name in rmse if name != OURS), key=rmse.get)
    gap = errors[best].get("difference")
    return Card("Rating error (test RMSE)", rmse[OURS], "stars",
                f"Best baseline: {labels.model(best)}, {rmse[best]:.4f}{_verdict(gap, True, ours)}",
                "The root mean squared difference, in stars, between predicted and given ratings: less is better. 0 is "
                f"perfect; to predict the training mean for every pair gives {rmse['mean']:.3f}.",
                [(labels.model(name, ours), rmse[name]) for name in sorted(rmse, key=rmse.get)],
                max(rmse.values()), None)


def _explanation(name, record):
    rules, ours = record["explanation_rules"], labels.system(record)
    values = dict({rule: scores[name] for rule, scores in rules.items() if name in scores},
                  **{OURS: record["explanation"][name]})
    best = comparison.best_rule(name, rules)
    rival = "" if best is None else (f"Best rule: {labels.method(best)}, {values[best]:.4f}"
                                     f"{_verdict(rules[best]['difference'][name], False, ours)}")
    auc = "auc" in name
    chance = .5 if auc else values.get("random")
    meaning = MEANINGS[name].format(
        chance="" if chance is None else f"; reviews in random order give {chance:.3f}")
    unit = "stars" if name == "comprehensiveness" else ""
    top = 1. if auc else max(values.values())
    return Card(TITLES[name], values[OURS], unit, rival, meaning, _bars(values, ours), top, chance)


def _bars(values, ours):
    """[(label, value)] by falling value: the system, controls, and the best rules."""
    falling = sorted(values, key=values.get, reverse=True)
    controls = [name for name in (OURS, SWAPPED, "random") if name in values]
    rules = [name for name in falling if name not in controls][:SHOWN - len(controls)]
    return [(labels.method(name, ours), values[name]) for name in falling if name in controls + rules]


def _verdict(gap, less_is_better, ours):
    """Whether the system differs from the best of the others, in words; '' without an interval."""
    if gap is None:
        return ""
    sign = significance.sign(gap)
    if not sign:
        return " (the 95 % interval of the difference holds 0)"
    better = (sign < 0) == less_is_better
    return f" ({ours} is {'better' if better else 'worse'}: the 95 % interval of the difference does not hold 0)"


def section(record):
    """The HTML of the cards."""
    parts = ['<div class="cards">']
    for card in of(record):
        parts += ['<section class="card">', markup.element("h2", card.title),
                  markup.element("span", f"{card.value:.3f}", "value"), markup.element("span", card.unit),
                  markup.element("p", card.rival),
                  markup.bars(card.bars, labels.system(record), card.top, card.chance),
                  markup.element("p", card.meaning + ("" if card.chance is None else MARK), "note"), "</section>"]
    return parts + ["</div>"]
