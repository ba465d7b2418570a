"""Why a measure that does not apply is absent: a reason stands in its place, never a 0."""
from metrics import faithfulness, helpfulness
from metrics.comparison import LEAST

EMPTY = "the test split is empty"
_TEXT = "no test pair has a review with words, of an item with reviews in training"
MEASURES = {  # measure: why it is told for no pair
    "retrieval_auc": _TEXT, "retrieval_mrr": _TEXT, "retrieval_auc_centred": _TEXT,
    "retrieval_auc_unlike_50": "every such review is a near copy of one that its shopper wrote before",
    "retrieval_auc_unlike_30": "every such review is near to one that its shopper wrote before",
    "attention_entropy": "no item of a test pair has two reviews in training",
    "personality": "no item of a test pair has two reviews in training, or nobody else can be asked",
    "helpful_ndcg": f"no item of a test pair has two reviews of {helpfulness.VOTES} votes",
    **{f"agreement_{kind}_{k}": f"no test pair has a review with words, of an item with {LEAST} "
       "reviews in training" for kind in ("cosine", "rouge1", "rougel", "aspects") for k in (1, 3)},
    **{name: f"no item of a test pair has {faithfulness.LEAST} reviews in training"
       for name in ("comprehensiveness", "sufficiency", "tau_leave_one_out", "tau_gradient", "tau_votes")},
    **{name: "nothing is planted in this corpus: it has no truth.json"
       for name in ("planted_auc", "planted_auc_shown", "planted_precision_at_3")}}
RANKINGS = "no test user has an item that is not among their training items"


def reasons(told, texts):
    """{measure: reason} of the measures that are not told.

    Args:
      told: names of those that are.
      texts: `corpus.Texts`.
    """
    found = {name: reason for name, reason in MEASURES.items() if name not in told}
    if "tau_votes" in found and "comprehensiveness" in told:
        found["tau_votes"] = "every review's vote is 0 stars"
    if "helpful_ndcg" in found and texts.votes is None:
        found["helpful_ndcg"] = "this corpus does not count helpful votes and all votes"
    return found
