"""One loaded version: time limits, and which outputs of a signature it computes."""
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


def test_a_run_ends_at_its_time_limit(path):
    model = SavedModel(path, 1, Settings(rest_api_timeout=.4))
    for seconds in (None, .1, 99):
        with pytest.raises(StatusError) as raised:
            model.predict("patient", LONG, seconds=seconds)
        assert raised.value.code == "DEADLINE_EXCEEDED"
    assert model.predict("patient", {"n": np.int32(3)})["last"] == 3


def test_the_time_limit_is_status_504_over_rest(path):
    server = model_server.start("m", os.path.dirname(path), rest_api_timeout=.3)
    try:
        answer = requests.post(f"{server.rest_url}/v1/models/m:predict", timeout=30,
                               json={"signature_name": "patient", "inputs": 2 ** 31 - 1})
        assert answer.status_code == 504 and list(answer.json()) == ["error"]
    finally:
        server.stop()


def test_outputs_that_are_not_requested_are_not_computed(path):
    """`total` needs `n`, but `next` does not need `x`, so `x` may have any shape if only `next` is requested."""
    model = SavedModel(path, 1)
    inputs = {"x": np.ones((3, 2), np.float32), "n": np.int32([1, 2])}
    with pytest.raises(StatusError, match="Incompatible shapes"):
        model.predict("two", inputs)
    assert model.predict("two", inputs, ["next"])["next"].tolist() == [2, 3]


def test_the_number_of_kept_callables_is_limited(path, monkeypatch):
    monkeypatch.setattr(saved_model, "MAX_CALLABLES", 5)
    model = SavedModel(path, 1)
    for seconds in (.1, .3, 1, 3, 9, 30):
        for wanted in ((), ["next"], ["total"], ["next", "total"]):
            inputs = {"x": np.ones((1, 2), np.float32), "n": np.int32([1])}
            model.predict("two", inputs, wanted, seconds)
            assert len(model._callables) <= 5


def test_a_folder_without_the_tagged_graph_is_reported(path):
    with pytest.raises(Exception, match="gpu"):
        SavedModel(path, 1, Settings(tags=("serve", "gpu")))


def test_an_error_names_the_input_of_another_shape(path):
    model = SavedModel(path, 1)
    for name, inputs, named in (("patient", {"n": np.array([3, 4], np.int32)}, True),
                                ("gather", {"id": np.array([[99]], np.int32)}, True),
                                ("gather", {"id": np.array([99], np.int32)}, False)):
        with pytest.raises(StatusError) as raised:
            model.predict(name, inputs)
        assert raised.value.code == "INVALID_ARGUMENT"
        assert raised.value.message.startswith("input ") == named
    with pytest.raises(StatusError, match=r"input n has the shape \[2\], not \[\] \(one number; over REST in columns"):
        model.predict("patient", {"n": np.array([3, 4], np.int32)})
