"""The benchmarks of serving, on the shop's planted model: what they find and tell, never how fast."""
import json
import os

import numpy as np
import pytest

from benchmarks import __main__ as benches
from benchmarks.serving import load, model_server
from runtime import cli
from serving import signatures as wire
from serving.server.servables.saved_model import SavedModel
from tests.flask_app.conftest import ITEMS, SHOPPERS, plant, write_model
from tests.support import calling

ASKED = {wire.USER: np.int32([0, 3]), wire.ITEM: np.int32([1, 0])}


@pytest.fixture(scope="module")
def base_path(tmp_path_factory):
    folder = tmp_path_factory.mktemp("planted")
    write_model(folder, plant())
    return str(folder)


def explained(folder):
    model = SavedModel(folder, 1)
    try:
        return model.predict(wire.EXPLAIN, ASKED)
    finally:
        model.close()


@pytest.mark.slow
def test_a_variant_tells_itself_apart_and_a_mixture_is_seen(base_path, tmp_path):
    source = model_server.latest(base_path)
    base = explained(source)
    for version in (1, 7):
        model_server.write_variant(source, str(tmp_path), version)
        answer = explained(str(tmp_path / str(version)))
        assert load.version_of(answer, base) == version
        for name in (wire.RATING, wire.ITEM_VOTES, wire.ITEM_REVIEWS):
            mixed = dict(answer, **{name: explained(source)[name]})
            same = np.array_equal(mixed[name], answer[name])
            assert load.version_of(mixed, base) == (version if same else None)
    assert sorted(os.listdir(str(tmp_path))) == ["1", "7"]


@pytest.mark.parametrize("name, flags", [
    pytest.param("load", ["--seconds", "3", "--clients", "2", "--protocol", "grpc"], marks=pytest.mark.slow),
    pytest.param("swap", ["--seconds", "4", "--clients", "2", "--every", "1"], marks=pytest.mark.slow),
    ("fuzz", ["--bodies", "60", "--only", "bodies"])])
def test_each_runs_and_writes_what_it_finds(base_path, tmp_path, name, flags):
    out = str(tmp_path / "found.json")  # its clients are forked: not from a process that has spoken gRPC, as this may
    process = calling.ended("-m", "benchmarks", name, "--model_base_path", base_path, "--out", out, *flags)
    assert process.returncode == 0, process.stderr
    with open(out, encoding="utf-8") as text:
        found = json.load(text)
    assert found["server_alive"]
    if name == "fuzz":
        assert found["wrong"] == 0 and found["bodies"] >= 60 and found["same_answer_after"]
        assert set(found["statuses"]) >= {"200", "400"}
    else:
        assert found["requests"] > found["failed"] == found["mixed"] == found["older"] == 0
        assert 0 < found["p50_ms"] <= found["p99_ms"] and (found["newest"] > 1) == (name == "swap")


def test_sizes_are_found(base_path):
    with model_server.server(base_path) as server:
        assert model_server.sizes(model_server.ModelClient(server.rest)) == (len(SHOPPERS), len(ITEMS))


@pytest.mark.parametrize("name", ["load", "swap", "fuzz"])
def test_a_folder_without_a_version_is_told(tmp_path, name):
    with pytest.raises(cli.UserError, match="no version there; ./run export writes one"):
        benches.main([name, "--model_base_path", str(tmp_path)])
