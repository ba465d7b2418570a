"""Reasons why measures are absent: where a measure is not defined, the report gives the reason, never a 0."""
import numpy as np

from metrics import faithfulness, helpfulness, labels, significance
from metrics.comparison import LEAST

EMPTY = "the test split is empty"
_TEXT = "no test pair has a review with words, of an item with reviews in training"
MEASURES = {  # measure: why it is defined for no pair
    "retrieval_auc": _TEXT, "retrieval_mrr": _TEXT, "retrieval_auc_centred": f"{_TEXT}, or there is no other user",
    "retrieval_auc_unlike_50": "every such review is a near copy of another review of its user",
    "retrieval_auc_unlike_30": "every such review is similar to another review of its user",
    "attention_entropy": "no item of a test pair has two reviews in training",
    "personality": "no item of a test pair has two reviews in training, or there is no other user",
    "helpful_ndcg": f"no item of a test pair has two reviews with {helpfulness.VOTES} votes",
    **{f"agreement_{kind}_{k}": f"no test pair has a review with words, of an item with {LEAST} "
       "reviews in training" for kind in ("cosine", "rouge1", "rougel", "aspects") for k in (1, 3)},
    **{name: f"no item of a test pair has {faithfulness.LEAST} reviews in training"
       for name in ("comprehensiveness", "sufficiency", "tau_leave_one_out", "tau_gradient", "tau_votes")},
    **dict.fromkeys(("aspect_precision_3", "aspect_recall_3", "aspect_f_3"),
                    "the run has no tables of aspects; ./run aspects makes them"),
    **{name: "this corpus has no planted truth (no truth.json)"
       for name in ("planted_auc", "planted_auc_shown", "planted_precision_at_3")}}
_WHERE_ALL_ARE_EQUAL = {  # measure: (another one that is measured on at least the same pairs, why this one is not)
    "tau_votes": ("comprehensiveness", "every review's vote is 0 stars"),
    "personality": ("retrieval_auc_centred", "all reviews of an item have the same score"),
    **dict.fromkeys(("tau_leave_one_out", "tau_gradient"), (
        "comprehensiveness", "all reviews of an item have the same score, or change the rating by the same"))}
OF_FILES = dict.fromkeys(
    ("comprehensiveness", "sufficiency", "tau_leave_one_out", "tau_gradient", "tau_votes"),
    "a file of scores does not say how a rating changes without some of the reviews")
OF_FILES["attention_entropy"] = "the file lacks scores, or some are negative and so no weights"
NO_RATINGS = "the file lacks ratings of test pairs"
NO_SCORES_OF_ITEMS = "the file lacks ranking scores of items, those that ./run pairs --catalogue asks for"
RANKINGS = "no test user has an item that is not among their training items"
OF_RANKINGS = {  # likewise, of the faithfulness of the order of items
    "review": "the order of items uses no evidence, or no first item has two reviews in training",
    "purchase": "the order of items uses no purchases, or no user has two in training",
    "swapped": "one user alone has new test items"}
NO_PARTS = "a file of scores does not say how the order changes without a review or a purchase"
NO_ORDER = "the run has no order of items; ./run order chooses one"


def reasons_of_intervals(users):
    """{"intervals": why there are none} of test pairs of users [n]; {} where they are enough.

    A difference of a measure that is defined for fewer users than the test pairs have may still lack its interval.
    """
    count = len(np.unique(users))
    return {} if count >= significance.LEAST_USERS else {
        "intervals": f"the test pairs are those of {count} user{'s' if count > 1 else ''}, and an interval needs "
        f"{significance.LEAST_USERS} or more; so no difference is judged"}


def reasons_of_rankings(record, in_file=False):
    """{measure: reason} of the measures of the faithfulness of the order that a record of rankings lacks."""
    found, none = record.get("faithfulness"), NO_PARTS if in_file else NO_ORDER
    return {f"{labels.OF_ORDER}{name}": none if found is None else reason for name, reason in OF_RANKINGS.items()
            if name not in (found or ())}


def reasons(measured, texts, in_file=False):
    """{measure: reason} of the measures that are absent.

    Args:
      measured: names of the measures that are defined.
      texts: `corpus.Texts`.
      in_file: whether the scores come from a file, not from a run.
    """
    absent = {name: reason for name, reason in MEASURES.items() if name not in measured}
    absent.update((name, reason) for name, (other, reason) in _WHERE_ALL_ARE_EQUAL.items()
                  if name in absent and other in measured)
    if in_file:
        absent.update((name, OF_FILES.get(name, f"the file lacks scores, or {reason}"))
                      for name, reason in list(absent.items()) if not name.startswith(("planted", "helpful")))
    if "helpful_ndcg" in absent and texts.votes is None:
        absent["helpful_ndcg"] = "this corpus does not count both helpful votes and all votes"
    return absent
