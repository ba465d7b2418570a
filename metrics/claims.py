"""What the report of a run allows to be said of its explanations: sentences from intervals, for this run only.

Each compares how similar the review shown first is to the review that the user went on to write (TF-IDF cosine)
with that of another method. Nothing is claimed unless the 95 % interval of the difference over
users is above 0.
"""
from typing import NamedTuple, Optional

from metrics import significance

LARGEST = 1e300  # no number of a report is as large
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
    found = rules(report)
    return [_claim(method, gap(found.get(method, {}), MEASURE), who) for method in _THAT]


def rules(report):
    """{method: its record} of the rules of a report; without those that are damaged."""
    found = report.get("explanation_rules")
    return {rule: values for rule, values in (found if isinstance(found, dict) else {}).items()
            if isinstance(values, dict)}


def gap(values, measure):
    """{"difference", "low", "high"} of ours - a method's by a measure; None where its record does not have it."""
    found = values.get("difference")
    found = found.get(measure) if isinstance(found, dict) else None
    return found if isinstance(found, dict) and all(
        is_number(found.get(key)) for key in ("difference", "low", "high")) else None


def is_number(value):
    """Whether a value of a report is a finite number that can be computed with: JSON has others."""
    return isinstance(value, (int, float)) and abs(value) < LARGEST


def verdict(difference):
    """The verdict of a `gap`: YES, UNSURE or NO; UNKNOWN of None."""
    return UNKNOWN if difference is None else {1: YES, 0: UNSURE, -1: NO}[significance.sign(difference)]


def _claim(method, found: Optional[dict], who):
    that, other = (text.format(who=who) for text in _THAT[method])
    answer = verdict(found)
    text = _VERDICTS[answer].format(that=that if answer == YES else that[0].lower() + that[1:])
    if found is None:
        return Claim(method, answer, f"{text}.")
    more = {YES: "more", NO: "less", UNSURE: "not significantly more or less"}[answer]
    return Claim(method, answer, f"{text}. The review shown first is {more} similar to what the {who} went on to "
                 f"write than {other}: {found['difference']:+.4f}, 95 % interval {found['low']:+.4f} to "
                 f"{found['high']:+.4f}.")
