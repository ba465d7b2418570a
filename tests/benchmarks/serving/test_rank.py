"""The benchmark of a served model on a small corpus: its figures are complete, and its model answers."""
import json

import numpy as np
import pytest

from benchmarks import random_order, random_run
from benchmarks.serving import rank, served_model, tf2
from runtime.cli import UserError
from serving import signatures as wire

SMALL = ["--shape", "instruments", "--factor", "0.05", "--requests", "3", "--set", "filters=7", "--set",
         "attention_dim=8", "--set", "latent_dim=5"]


@pytest.fixture(scope="module")
def folder(in_this_process, tmp_path_factory):
    """The folder in which the benchmark has run."""
    folder = tmp_path_factory.mktemp("bench")
    rank.main(SMALL + ["--folder", str(folder), "--out", str(folder / "figures.json")])
    return folder


@pytest.mark.slow
def test_the_figures_are_complete(folder):
    figures = json.loads((folder / "figures.json").read_text())
    for name in (wire.RANK, wire.EXPLAIN, wire.FOLD_IN, wire.SERVING_DEFAULT):
        assert 0 < figures[name]["p50"] <= figures[name]["p99"]
    assert 0 < figures["load_seconds"] < figures["first_answer_seconds"]
    server = figures["server"]
    for name in (wire.RANK, wire.EXPLAIN):
        for protocol in rank.PROTOCOLS:
            assert 0 < server[f"{name} by {protocol}"]["p50"] <= server[f"{name} by {protocol}"]["p99"]
    assert 0 < server["first_answer_seconds"] and 0 < server["resident_mib"]
    assert 0 < figures["tensorflow_mib"] <= figures["peak_mib"] and figures["mib"] > 1
    by_stars = figures[rank.BY_STARS]
    assert figures["mib"] > by_stars["mib"] and by_stars["server"]["rank by rest"]["p50"] > 0
    for built in (figures["matrix"], figures["matrices"]):
        assert built["seconds"] > 0 and 0 < built["before_mib"] <= built["peak_mib"]
    assert figures["matrix"]["entries"] > 0  # of random purchases, the order of all parts may need no matrix


@pytest.mark.slow
def test_the_order_of_items_is_served(folder):
    session, by_stars = (served_model.Session(str(folder / name / "1")) for name in (
        "model_serve", "model_serve" + served_model.BY_STARS))
    request = served_model.requests(str(folder / "model_serve" / "1"), 1)[wire.RANK][0]
    assert (session(wire.RANK, request)["score"] != session(wire.RANK, request)["rating"]).all()
    np.testing.assert_array_equal(*(by_stars(wire.RANK, request)[name] for name in ("score", "rating")))


def test_a_run_without_an_order_is_not_replaced(tmp_path):
    kept = tmp_path / "run" / "notes.txt"
    kept.parent.mkdir()
    kept.write_text("mine")
    with pytest.raises(UserError, match="no run with an order of items; delete it, or give another folder"):
        random_run.build(str(tmp_path), "instruments", .02)
    assert kept.read_text() == "mine"


def test_the_random_matrix_has_as_many_entries_in_each_column_and_most_in_popular_rows():
    popular = np.arange(1., 41.) ** 2
    matrix = random_order.matrix(popular, 7, np.random.RandomState(0))
    assert (np.diff(matrix.tocsc().indptr) == 7).all() and not matrix.diagonal().any()
    of_rows = np.diff(matrix.indptr)
    assert of_rows[30:].sum() > 3 * of_rows[:20].sum()
    assert random_order.matrix(popular, 200, np.random.RandomState(0)).nnz == 40 * 39


@pytest.mark.slow
def test_every_signature_answers_every_request(folder):
    model = str(folder / "model_serve" / "1")
    session = served_model.Session(model)
    for name, requests in served_model.requests(model, 2).items():
        for request in requests:
            assert all(np.isfinite(values).all() for values in session(name, request).values())


def test_differences_are_measured():
    here = {"rank 0 iid": np.arange(3), "explain 0 rating": np.array([1., 2.])}
    there = {"rank 0 iid": np.arange(3), "explain 0 rating": np.array([1., 2.5])}
    assert tf2.differences(here, there) == {"rank": 0, "explain": .5}
    assert tf2.differences(here, {"rank 0 iid": np.arange(4)}) == {"rank": np.inf, "explain": np.inf}


def test_a_python_that_does_not_exist_is_reported(tmp_path):
    with pytest.raises(UserError, match="cannot be run"):
        tf2.run_in_other_environment(str(tmp_path / "python"), str(tmp_path), {})


@pytest.mark.parametrize("wrong", [["--requests", "0"], ["--factor", "-1"], ["--set", "x"]])
def test_wrong_flags_are_refused(wrong):
    with pytest.raises(SystemExit):
        rank.parse_args(wrong)
