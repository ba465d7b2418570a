"""The aspects of the reviews shown, measured on a tiny run, and the reasons for their absence."""
import json
import os
import shutil

import numpy as np
import pytest

from evaluation import aspects, corpus
from evaluation.report import aspects as report
from evaluation.systems.system import RunSystem
from metrics.comparison import OURS
from models.run_folder import aspect_tables
from preprocessing import artefact as contract


def test_an_aspect_of_a_review_is_praised_by_the_mean_of_its_sentences():
    marks = np.zeros((4, 6), bool)
    aspects._mark(marks, np.array([1, 1, 1, 3, 3]), np.array([0, 0, 2, -1, 1]), np.array([.9, .3, .1, .9, .5]))
    expected = np.zeros((4, 6), bool)
    expected[1, [0, 5]] = expected[3, 1] = True
    assert (marks == expected).all()
    aspects._mark(marks[:, :0], np.zeros(0, int), np.zeros(0, int), np.zeros(0))


class NoRun:
    run = None


class ARun:
    run = "a run"


@pytest.mark.parametrize("system, why", [(NoRun, aspects.IN_FILE), (ARun, aspects.NO_TABLES)])
def test_without_tables_the_measures_are_absent_with_a_reason(system, why):
    measures, record, absent = aspects.evaluated(None, system, {}, None, None, None)
    assert measures == {} and record is None and set(absent.values()) == {why}
    assert set(absent) == set(aspects.NAMES.values()) | {"aspects"}
    assert report.rows({"aspects": None}) == report.plain({}) == report.section({"aspects": None}) == []


def test_critical_reviews_are_those_shown_first_in_proportion_and_of_all_candidates(tiny_run):
    """Without tables three are shown; critical are those among the three of most weight, or as many as of all."""
    from models.inference import trained

    system = RunSystem(trained.load(os.path.join(tiny_run.folder, "runs", "tiny")), "tiny")
    artefact = system.data.artefact
    slots = system.data.corpus.served_slots.item[artefact.test.item]
    weights, shown, critical, counts = np.random.RandomState(0).rand(*slots.shape), [], [], []
    for rows, scores in zip(slots, weights):
        few_stars = artefact.review_rating[rows[rows > 0]] < 4
        first = few_stars[np.argsort(-scores[rows > 0])][:3]
        counts.append(len(few_stars))
        critical.append(few_stars.sum())
        shown.append((max(first.sum(), int(len(first) * few_stars.mean() + .5)) if len(first) else 0, len(first)))
    expected = {"shown": np.divide(*np.sum(shown, 0)), "all": sum(critical) / sum(counts),
                "pairs": np.count_nonzero(counts)}
    assert aspects.critical_shown(system, weights, None) == {"critical": pytest.approx(expected)}
    assert 0 < expected["shown"] < 1 and expected["pairs"] > 20
    system.run = None  # the scores of a file are of no shop
    assert aspects.critical_shown(system, weights, None) == {}


def test_a_run_with_tables_is_measured(tiny_run, tmp_path):
    from commands import aspects as command
    from models.inference import trained

    for part in ("data", "runs"):
        shutil.copytree(os.path.join(tiny_run.folder, part), str(tmp_path / part))
    folder = str(tmp_path / "runs" / "tiny")
    command.main(["--run", folder, "--number", "6"])
    system = RunSystem(trained.load(folder), "tiny")
    test = system.data.artefact.test
    slots = system.data.corpus.served_slots.item[test.item]
    orders = {OURS: np.random.RandomState(0).rand(*slots.shape), "random": np.zeros(slots.shape)}
    with open(os.path.join(system.data.data_folder, contract.TRUTH)) as truth:
        truth = json.load(truth)
    measures, record, absent = aspects.evaluated(aspect_tables.load(folder), system, orders, corpus.read(system.data),
                                                 truth, np.random.RandomState(0))
    assert absent == {} and set(measures) == {OURS, "random", aspects.COVER, aspects.COVER_SWAPPED}
    enough = ((slots > 0).sum(axis=1) >= 5)
    for values in measures.values():
        assert set(values) == set(aspects.NAMES.values())
        for each in values.values():
            assert each.shape == test.user.shape and not np.isfinite(each[~enough]).any()
            assert ((each[np.isfinite(each)] >= 0) & (each[np.isfinite(each)] <= 1)).all()
    assert record["cover"]["trade"] in aspects.TRADES and 0 <= record["polarity_auc"] <= 1
    assert 0 <= record["planted"]["f1"] <= 1 and record["planted"]["planted"] == 8
    full = {"aspects": json.loads(json.dumps(record)), "explanation": {"aspect_f_3": .25}, "explanation_rules": {}}
    assert any(name.startswith("  deeprecsys") and value == "0.2500" for name, value, _ in report.rows(full))
    assert report.section(full)
