"""What the report of a run allows to be said of its explanations: sentences from intervals, for this run only.

Each compares how similar the review shown first is to the review that the user went on to write (TF-IDF cosine)
with that of another method. Nothing is claimed unless the 95 % interval of the difference over
users is above 0.
"""
import math
from typing import NamedTuple, Optional

MEASURE = "agreement_cosine_1"
YES, UNSURE, NO, UNKNOWN = "yes", "unsure", "no", "not measured"
_THAT = {  # method: (what a difference above 0 means, what else is shown first)
    "swapped": ("The order of the reviews is personal", "the one that is shown first to another {who}"),
    "centroid": ("The order of the reviews is better than that by how typical a review is",
                 "the most typical review of the item"),
    "tfidf": ("The order of the reviews is better than that by word similarity (TF-IDF)",
              "the one with the words of the {who}")}
_VERDICTS = {YES: "{that}", UNSURE: "It could not be decided whether {that}", NO: "It is not the case that {that}",
             UNKNOWN: "It was not measured whether {that}"}


class Claim(NamedTuple):
    """One sentence about a run."""
    method: str  # that it is compared with, a key of `_THAT`
    verdict: str  # YES, UNSURE, NO or UNKNOWN
    text: str


def of(report, who="user"):
    """The three Claims of a report: personal, beyond the centroid, beyond TF-IDF.

    Args:
      report: the record of report.json; parts that are missing or damaged are not measured.
      who: what a user is called.
    """
    return [_claim(method, _gap(report, method), who) for method in _THAT]


def _gap(report, method):
    """{"difference", "low", "high"} of ours - the method's; None where the report does not have it."""
    gap = report
    for key in ("explanation_rules", method, "difference", MEASURE):
        gap = gap.get(key) if isinstance(gap, dict) else None
    numbers = [gap.get(key) for key in ("difference", "low", "high")] if isinstance(gap, dict) else [None]
    return gap if all(isinstance(value, (int, float)) and math.isfinite(value) for value in numbers) else None


def _verdict(gap):
    if gap is None:
        return UNKNOWN
    return YES if gap["low"] > 0 else NO if gap["high"] < 0 else UNSURE


def _claim(method, gap: Optional[dict], who):
    that, other = (text.format(who=who) for text in _THAT[method])
    verdict = _verdict(gap)
    text = _VERDICTS[verdict].format(that=that if verdict == YES else that[0].lower() + that[1:])
    if gap is None:
        return Claim(method, verdict, f"{text}.")
    more = {YES: "more", NO: "less", UNSURE: "not significantly more or less"}[verdict]
    return Claim(method, verdict, f"{text}. The review shown first is {more} similar to what the {who} went on to "
                 f"write than {other}: {gap['difference']:+.4f}, 95 % interval {gap['low']:+.4f} to "
                 f"{gap['high']:+.4f}.")
