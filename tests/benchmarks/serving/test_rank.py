"""The benchmark of a served model runs whole on a small shape, and its model answers."""
import json

import numpy as np
import pytest

from benchmarks.serving import rank, served_model, tf2
from runtime.cli import UserError
from serving import signatures as wire

SMALL = ["--shape", "instruments", "--factor", "0.05", "--requests", "3", "--set", "filters=7", "--set",
         "attention_dim=8", "--set", "latent_dim=5"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where the benchmark has run."""
    folder = tmp_path_factory.mktemp("bench")
    rank.main(SMALL + ["--folder", str(folder), "--out", str(folder / "found.json")])
    return folder


@pytest.mark.slow
def test_figures_are_found(folder):
    found = json.loads((folder / "found.json").read_text())
    for name in (wire.RANK, wire.EXPLAIN, wire.FOLD_IN, wire.SERVING_DEFAULT):
        assert 0 < found[name]["p50"] <= found[name]["p99"]
    assert 0 < found["load_seconds"] < found["first_answer_seconds"]
    server = found["server"]
    for name in (wire.RANK, wire.EXPLAIN):
        for protocol in rank.PROTOCOLS:
            assert 0 < server[f"{name} by {protocol}"]["p50"] <= server[f"{name} by {protocol}"]["p99"]
    assert 0 < server["first_answer_seconds"] and 0 < server["resident_mib"]
    assert 0 < found["tensorflow_mib"] <= found["peak_mib"] and found["mib"] > 1


@pytest.mark.slow
def test_every_signature_answers_every_request(folder):
    model = str(folder / "model_serve" / "1")
    session = served_model.Session(model)
    for name, several in served_model.requests(model, 2).items():
        for request in several:
            assert all(np.isfinite(values).all() for values in session(name, request).values())


def test_differences_are_found():
    here = {"rank 0 iid": np.arange(3), "explain 0 rating": np.array([1., 2.])}
    there = {"rank 0 iid": np.arange(3), "explain 0 rating": np.array([1., 2.5])}
    assert tf2.differences(here, there) == {"rank": 0, "explain": .5}
    assert tf2.differences(here, {"rank 0 iid": np.arange(4)}) == {"rank": np.inf, "explain": np.inf}


def test_another_python_that_is_none(tmp_path):
    with pytest.raises(UserError, match="cannot be run"):
        tf2.ask_there(str(tmp_path / "python"), str(tmp_path), {})


@pytest.mark.parametrize("wrong", [["--requests", "0"], ["--factor", "-1"], ["--set", "x"]])
def test_flags_that_cannot_be(wrong):
    with pytest.raises(SystemExit):
        rank.parse_args(wrong)
