"""The command `evaluate`: what the report holds, and what is absent from it."""
import contextlib
import math
import re
import sqlite3

import numpy as np
import pytest

from evaluation import progress, run_report
from evaluation.report import page as report_page
from evaluation.systems.system import RunSystem
from models.inference import trained
from preprocessing import artefact as contract
from tests.commands.evaluated_copy import page, report

UNSURE = {  # on so little data, calibration may set all votes to 0, and the order may do without purchases
    "tau_votes": "every review's vote is 0 stars",
    "ranking_purchase": "the order of items uses no purchases, or no user has two in training"}


def numbers(record):
    """All numbers of nested records."""
    for value in record.values():
        if isinstance(value, dict):
            yield from numbers(value)
        elif not isinstance(value, (str, list)):
            yield value


def test_the_report_of_a_sample_corpus(copy, capsys):
    record, printed = report(copy), capsys.readouterr().out
    assert (record["data"], record["run"], record["test_pairs"]) == ("tiny", "tiny", 30)
    for model in ("deeprecsys", "mean", "bias", "mf"):
        assert 0 < record["ratings"][model]["mae"] <= record["ratings"][model]["rmse"] < 4
        assert 0 <= record["rankings"]["models"][model]["ndcg_10"] <= 1
        assert f"{record['ratings'][model]['rmse']:.4f}" in printed
    lists = record["rankings"]["models"]
    assert {"deeprecsys_stars", "popular", "item_knn", "rp3beta", "ease", "text_ease", "content"} <= set(lists)
    assert {"recall_20", "overlap_10", "novelty_10"} <= set(lists["text_ease"])
    assert record["rankings"]["settings"]["ease"]["l2"] > 0 and "ItemKNN" in printed
    ours = record["explanation"]
    assert {"planted_auc", "planted_auc_swapped", "retrieval_auc"} <= set(ours)
    assert 0 <= ours["planted_auc"] <= 1
    assert all(isinstance(value, (int, float)) and math.isfinite(value) for value in numbers(record))
    assert set(record["absent"].items()) <= set(UNSURE.items())


def test_the_mean_is_that_of_training(copy, tiny_run):
    a = contract.load(tiny_run.data_folder)
    error = ((a.test.rating.astype(float) - a.train.rating.mean()) ** 2).mean() ** .5
    assert report(copy)["ratings"]["mean"]["rmse"] == pytest.approx(error, abs=1e-6)


@pytest.mark.slow
def test_steps_are_logged_and_the_page_is_named(copy, caplog):
    with caplog.at_level("INFO", "recsys"):
        report(copy)
    lines = [entry.getMessage() for entry in caplog.records]
    steps = [line for line in lines if re.match(r"\[\d/6\] ", line)]
    assert [line[1] for line in steps] == list("123456") and "30 test pairs" in steps[1]
    assert "report.html" in lines[-2] and "./run explain --run tiny" in lines[-1]


@pytest.mark.slow
def test_the_same_run_and_seed_give_the_same_report(copy):
    assert report(copy) == report(copy)


def test_without_truth_the_planted_measures_are_absent(copy):
    path = copy / "data" / "tiny" / "truth.json"
    path.rename(copy / "truth.json")
    try:
        whole = report(copy)
        measures = whole["explanation"]
        assert measures and not any(name.startswith("planted") for name in measures)
        assert set(whole["absent"]) - set(UNSURE) == {"planted_auc", "planted_auc_shown", "planted_precision_at_3"}
        assert "planted AUC: this corpus has no planted truth" in page(copy)
        assert "planted_auc" in report(copy, "--truth", str(copy / "truth.json"))["explanation"]
    finally:
        (copy / "truth.json").rename(path)


def test_rules_and_swapped_users_are_reported_beside_the_network(copy, capsys):
    record, printed = report(copy), capsys.readouterr().out
    ours, rules = record["explanation"], record["explanation_rules"]
    assert set(rules) == {"random", "longest", "latest", "helpful", "highest_rated", "tfidf", "lsi", "tfidf_lsi",
                          "centroid", "expected", "centroid_tfidf", "fitted_rules", "swapped"} | {
        "aspect_cover", "aspect_cover_swapped"}
    for_all = {f"agreement_{kind}_{k}" for kind in ("cosine", "rouge1", "rougel", "aspects") for k in (1, 3)} | {
        "retrieval_auc", "retrieval_mrr", "retrieval_auc_centred", "retrieval_auc_unlike_50", "helpful_ndcg",
        "retrieval_auc_unlike_30", "planted_auc", "planted_auc_shown", "planted_precision_at_3",
        "comprehensiveness", "sufficiency", "tau_leave_one_out", "tau_gradient",
        "aspect_precision_3", "aspect_recall_3", "aspect_f_3"}
    unsure = {name for name in ours if name.split("_swapped")[0] in UNSURE}
    assert set(ours) - unsure == for_all | {f"{name}_swapped" for name in for_all} | {
        "personality", "attention_entropy"}
    assert rules["random"]["planted_auc"] == rules["random"]["retrieval_auc"] == .5
    assert "retrieval_auc" not in rules["centroid"] and "agreement_cosine_1" in rules["centroid"]
    for values in rules.values():
        for name, gap in values["difference"].items():
            assert gap["low"] <= gap["difference"] <= gap["high"] and name in values
    for name in for_all:
        assert f"{ours[name]:.4f}" in printed and ours[f"{name}_swapped"] == rules["swapped"][name]


def test_the_arrays_pair_by_pair_agree_with_the_report(copy, tiny_run):
    record = report(copy)
    with np.load(str(copy / "runs" / "tiny" / "evaluation" / "pairs.npz"), allow_pickle=False) as pairs:
        test = contract.load(tiny_run.data_folder).test
        np.testing.assert_array_equal(pairs["user"], test.user)
        np.testing.assert_array_equal(pairs["item"], test.item)
        for name in ("retrieval_auc", "planted_auc"):
            assert np.nanmean(pairs[f"deeprecsys/{name}"]) == pytest.approx(record["explanation"][name])
            assert np.nanmean(pairs[f"tfidf/{name}"]) == pytest.approx(record["explanation_rules"]["tfidf"][name])
        np.testing.assert_array_equal(pairs["rating"], test.rating)
        for model, measures in record["rankings"]["models"].items():
            assert np.nanmean(pairs[f"ranked/{model}/ndcg_10"]) == pytest.approx(measures["ndcg_10"], abs=1e-6)
        assert len(pairs["ranked_user"]) == record["rankings"]["users"]
        assert pairs["predicted/mf"].shape == test.rating.shape and pairs["shown"].shape[0] == 30


def test_the_page_loads_nothing_and_escapes_the_texts_of_reviews(copy):
    """No script, nothing loaded from elsewhere, ten examples."""
    path = str(copy / "data" / "tiny" / "catalogue.sqlite")
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE reviews SET text = '<script>alert(1)</script> & ' || text")
    report(copy)
    html = page(copy)
    assert "Evaluation of deeprecsys on the data" in html and html.count('<section class="card">') == 4
    assert "<script" not in html and "&lt;script&gt;alert(1)&lt;/script&gt; &amp; " in html
    assert not re.search(r"(src|href)=.(?!data:)", html) and "url(" not in html and "@import" not in html
    assert html.count("<article>") == 10 and html.count("data:image/png;base64,") >= 6
    for why, count in (("Worst", 3), ("Best", 3), ("Random", 4)):
        assert html.count(f"<h3>{why}: ") == count


def test_an_empty_test_split_and_a_corpus_without_votes(copy):
    run = trained.load(str(copy / "runs" / "tiny"))
    empty = type(run.artefact.test)(*(part[:0] for part in run.artefact.test))
    emptied = run._replace(artefact=run.artefact._replace(test=empty))
    record = run_report.evaluate(RunSystem(emptied, "tiny"), None, 0, progress.Steps(run_report.STEPS)).record
    assert record["ratings"] == {} and set(record["absent"].values()) == {"the test split is empty"}
    html = report_page.of(record, {}, {}, empty.rating, [])
    assert "planted AUC: the test split is empty" in html
    assert "preset “" not in html  # the name of the model says it
    assert "preset “narre”" in report_page.of(dict(record, preset="narre"), {}, {}, empty.rating, [])
    with contextlib.closing(sqlite3.connect(str(copy / "data" / "tiny" / "catalogue.sqlite"))) as connection:
        with connection:
            connection.execute("UPDATE reviews SET helpful_total = NULL")
    record = report(copy)
    assert "helpful_ndcg" not in record["explanation"]
    assert record["absent"]["helpful_ndcg"] == "this corpus does not count both helpful votes and all votes"


def test_a_sample_of_users_is_measured_and_said(copy, capsys):
    whole = report(copy)
    capsys.readouterr()
    record = report(copy, "--users", "7")
    printed = capsys.readouterr().out
    assert record["sampled_users"] == 7 and 7 <= record["test_pairs"] < whole["test_pairs"] == 30
    assert f"{record['test_pairs']} test pairs of a sample of 7 users" in printed
    assert f"{record['test_pairs']} test pairs of a sample of 7 users" in page(copy)
    assert report(copy, "--users", "999") == whole


def test_of_a_single_user_nothing_is_judged_and_nothing_is_said_of_other_users(copy, capsys):
    record, printed = report(copy, "--users", "1"), capsys.readouterr().out
    assert record["sampled_users"] == 1 <= record["test_pairs"]
    assert all(not values["difference"] for values in record["explanation_rules"].values())
    assert all("difference" not in errors for errors in record["ratings"].values())
    assert all(not model["difference"] for model in record["rankings"]["models"].values())
    assert not {"personality", "retrieval_auc_centred", "agreement_cosine_1_swapped"} & set(record["explanation"])
    assert "those of 1 user" in record["absent"]["intervals"] and "or there is no other user" in record["absent"][
        "personality"]
    for text in (printed, page(copy)):
        assert "It was not measured whether the order of the reviews is personal" in text
        assert "an interval needs 5 or more" in text
    assert all(isinstance(value, (int, float)) and math.isfinite(value) for value in numbers(record))
