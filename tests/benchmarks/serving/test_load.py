"""The benchmarks of serving on the shop's planted model: which figures they measure, never how fast it is."""
import json
import os

import numpy as np
import pytest

from benchmarks import __main__ as benches
from benchmarks.serving import load, model_server
from runtime import cli
from serving import signatures as wire
from serving.client import ModelClient
from serving.server.servables.saved_model import SavedModel
from serving.server.start import start
from tests.flask_app.planted_model import plant, write_model
from tests.flask_app.tiny_catalogue import ITEMS, SHOPPERS
from tests.support import calling

REQUEST = {wire.USER: np.int32([0, 3]), wire.ITEM: np.int32([1, 0])}


@pytest.fixture(scope="module")
def base_path(tmp_path_factory):
    folder = tmp_path_factory.mktemp("planted")
    write_model(folder, plant())
    return str(folder)


def explained(folder):
    model = SavedModel(folder, 1)
    try:
        return model.predict(wire.EXPLAIN, REQUEST)
    finally:
        model.close()


@pytest.mark.slow
def test_the_version_of_a_variant_and_a_mixture_of_versions_are_recognised(base_path, tmp_path):
    source = model_server.latest(base_path)
    base = explained(source)
    for version in (1, 7):
        model_server.write_variant(source, str(tmp_path), version)
        answer = explained(str(tmp_path / str(version)))
        assert load.version_of(answer, base) == version
        for name in base:  # any of the outputs may be the one of another version
            mixed = dict(answer, **{name: explained(source)[name]})
            same = np.array_equal(mixed[name], answer[name])
            assert load.version_of(mixed, base) == (version if same else None)
    assert sorted(os.listdir(str(tmp_path))) == ["1", "7"]


@pytest.mark.parametrize("name, flags", [
    pytest.param("load", ["--seconds", "1", "--clients", "2", "--protocol", "grpc"], marks=pytest.mark.slow),
    pytest.param("swap", ["--seconds", "3", "--clients", "2", "--every", ".8"], marks=pytest.mark.slow),
    ("fuzz", ["--bodies", "60", "--only", "bodies"])])
def test_each_benchmark_runs_and_writes_its_figures(base_path, tmp_path, name, flags):
    out = str(tmp_path / "figures.json")
    # In its own process: load forks its clients, and a process that has used gRPC, as this one may, cannot be forked.
    process = calling.ended("-m", "benchmarks", name, "--model_base_path", base_path, "--out", out, *flags)
    assert process.returncode == 0, process.stderr
    with open(out, encoding="utf-8") as text:
        figures = json.load(text)
    assert figures["server_alive"]
    if name == "fuzz":
        assert figures["wrong"] == 0 and figures["bodies"] >= 60 and figures["same_answer_after"]
        assert set(figures["statuses"]) >= {"200", "400"}
    else:
        assert figures["requests"] > figures["failed"] == figures["mixed"] == figures["older"] == 0
        assert 0 < figures["p50_ms"] <= figures["p99_ms"] and (figures["newest"] > 1) == (name == "swap")


def test_small_requests_beside_expensive_ones_are_measured(base_path, tmp_path):
    out = str(tmp_path / "figures.json")
    process = calling.ended("-m", "benchmarks", "limits", "--model_base_path", base_path, "--out", out,
                            "--seconds", ".5", "--users", "3")
    assert process.returncode == 0, process.stderr
    with open(out, encoding="utf-8") as text:
        figures = json.load(text)
    assert figures[wire.EXPLAIN]["alone"]["requests"] and figures[wire.EXPLAIN]["beside"]["requests"]
    assert all(body["status"] == 400 for body in figures["bodies"].values())


def test_the_numbers_of_users_and_items_are_recognised(base_path):
    server = start(wire.MODEL_NAME, base_path)
    try:
        assert model_server.sizes(ModelClient(server.rest_url)) == (len(SHOPPERS), len(ITEMS))
    finally:
        server.stop()


@pytest.mark.parametrize("name", ["load", "swap", "fuzz"])
def test_a_folder_without_a_version_is_reported(tmp_path, name):
    with pytest.raises(cli.UserError, match="no version there"):
        benches.main([name, "--model_base_path", str(tmp_path)])
