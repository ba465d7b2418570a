"""Every measure has a reason for its absence, a name, and a definition in the documentation."""
import os

from evaluation import absence
from evaluation.corpus import Texts
from metrics import labels
from runtime.project import ROOT

VOTES = Texts((), (), {}, [], [[0, 0]])


def test_every_measure_has_a_name_and_a_reason():
    assert set(absence.MEASURES) == set(labels.MEASURES)


def test_every_measure_is_defined_in_the_documentation():
    with open(os.path.join(ROOT, "docs", "evaluation.md"), encoding="utf-8") as text:
        page = text.read()
    for name in absence.MEASURES:
        if name.startswith("agreement_"):
            assert "`agreement_<kind>_<k>`" in page and f"`{name.split('_')[1]}`" in page
        else:
            assert name in page or name.replace("unlike_30", "unlike_50") in page, name


def test_reasons_are_given_for_absent_measures_only():
    assert absence.reasons(absence.MEASURES, VOTES) == {}
    equal = absence.reasons({"comprehensiveness", "retrieval_auc_centred"}, VOTES)
    for name in ("tau_leave_one_out", "tau_gradient", "personality"):
        assert equal[name].startswith("all reviews of an item have the same score")
        assert absence.reasons(set(), VOTES)[name] == absence.MEASURES[name]  # nothing is known of the items
    in_file = absence.reasons({"retrieval_auc_centred"}, VOTES, in_file=True)
    assert in_file["personality"] == "the file lacks scores, or all reviews of an item have the same score"
    assert in_file["tau_votes"] == absence.OF_FILES["tau_votes"]
    absent = absence.reasons(set(absence.MEASURES) - {"tau_votes", "planted_auc"}, VOTES)
    assert absent == {"tau_votes": "every review's vote is 0 stars", "planted_auc": absence.MEASURES["planted_auc"]}
    without_votes = absence.reasons(set(absence.MEASURES) - {"helpful_ndcg"}, VOTES._replace(votes=None))
    assert "does not count" in without_votes["helpful_ndcg"]
