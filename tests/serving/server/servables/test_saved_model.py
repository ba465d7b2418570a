"""One loaded version: its limits, and what it runs of a signature."""
import os

import numpy as np
import pytest
import requests

from serving.server import start as model_server
from serving.server.config import Settings
from serving.server.servables import saved_model
from serving.server.servables.saved_model import SavedModel
from serving.server.status import StatusError
from tests.serving.saved_models import gather, line, patient, save, two

LONG = {"n": np.int32(2 ** 31 - 1)}


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return str(save(tmp_path_factory.mktemp("model") / "1", serving_default=line(), two=two,
                    gather=gather, patient=patient))


def test_a_run_ends_with_its_time(path):
    model = SavedModel(path, 1, Settings(rest_api_timeout=.4))
    for seconds in (None, .1, 99):
        with pytest.raises(StatusError) as raised:
            model.predict("patient", LONG, seconds=seconds)
        assert raised.value.code == "DEADLINE_EXCEEDED"
    assert model.predict("patient", {"n": np.int32(3)})["last"] == 3


def test_over_rest_it_is_504(path):
    server = model_server.start("m", os.path.dirname(path), rest_api_timeout=.3)
    try:
        answer = requests.post(f"{server.rest_url}/v1/models/m:predict", timeout=30,
                               json={"signature_name": "patient", "inputs": 2 ** 31 - 1})
        assert answer.status_code == 504 and list(answer.json()) == ["error"]
    finally:
        server.stop()


def test_outputs_that_nobody_wants_are_not_run(path):
    """The sum of a row needs `n`, the next of `n` does not need `x`: of any shape it may be then."""
    model = SavedModel(path, 1)
    inputs = {"x": np.ones((3, 2), np.float32), "n": np.int32([1, 2])}
    with pytest.raises(StatusError, match="Incompatible shapes"):
        model.predict("two", inputs)
    assert model.predict("two", inputs, ["next"])["next"].tolist() == [2, 3]


def test_the_calls_that_are_kept_are_bounded(path, monkeypatch):
    monkeypatch.setattr(saved_model, "MAX_CALLABLES", 5)
    model = SavedModel(path, 1)
    for seconds in (.1, .3, 1, 3, 9, 30):
        for wanted in ((), ["next"], ["total"], ["next", "total"]):
            inputs = {"x": np.ones((1, 2), np.float32), "n": np.int32([1])}
            model.predict("two", inputs, wanted, seconds)
            assert len(model._callables) <= 5


def test_a_folder_that_holds_no_such_graph_is_told(path):
    with pytest.raises(Exception, match="gpu"):
        SavedModel(path, 1, Settings(tags=("serve", "gpu")))
