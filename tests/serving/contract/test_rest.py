"""The REST contract: status, metadata, predict."""
import json

import numpy as np
import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.serving.conftest import MODEL, VERSION
from tests.serving.saved_models import TABLE
from tests.serving.threads import together

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["x", "n", "id", "b64", "scale", "word"]), inner, max_size=3),
    max_leaves=10)
BODIES = st.dictionaries(
    st.sampled_from(["instances", "inputs"]), JSON, max_size=1)
SIGNATURES = JSON | st.sampled_from(
    ["serving_default", "scaled", "gather", "two", "text", "types", ""])


def test_status(rest):
    entry = {"version": str(VERSION), "state": "AVAILABLE",
             "status": {"error_code": "OK", "error_message": ""}}
    for path in ("", f"/versions/{VERSION}"):
        assert rest.get(path).json() == {"model_version_status": [entry]}


def test_metadata(rest):
    answer = rest.get("/metadata").json()
    assert answer["model_spec"] == {"name": MODEL, "signature_name": "", "version": str(VERSION)}
    signatures = answer["metadata"]["signature_def"]["signature_def"]
    scaled = signatures["scaled"]
    assert scaled["method_name"] == "tensorflow/serving/predict"
    assert scaled["inputs"]["x"]["dtype"] == "DT_FLOAT"
    assert scaled["inputs"]["x"]["tensor_shape"] == {
        "dim": [{"size": "-1", "name": ""}, {"size": "3", "name": ""}], "unknown_rank": False}
    assert scaled["inputs"]["scale"]["tensor_shape"] == {"dim": [], "unknown_rank": False}
    assert rest.get(f"/versions/{VERSION}/metadata").json() == answer


@pytest.mark.parametrize("body, answer", [
    ({"instances": [1, 2, 5]}, {"predictions": [3, 5, 11]}),
    ({"inputs": [1, 2, 5]}, {"outputs": [3, 5, 11]}),
    ({"inputs": {"x": [0.5]}, "signature_name": "serving_default"}, {"outputs": [2]}),
    # the graph judges shapes, not the placeholder
    ({"instances": [[1, 2], [3, 4]]}, {"predictions": [[3, 5], [7, 9]]}),
    ({"inputs": []}, {"outputs": []}),
    ({"signature_name": "scaled", "inputs": {"x": [[1, 2, 3]], "scale": 2}},
     {"outputs": [[2, 4, 6]]}),
    ({"signature_name": "two", "instances": [{"x": [1, 2], "n": 3}, {"x": [4, 5], "n": 6}]},
     {"predictions": [{"total": 6, "next": 4}, {"total": 15, "next": 7}]}),
    ({"signature_name": "two", "inputs": {"x": [[1, 2], [4, 5]], "n": [3, 6]}},
     {"outputs": {"total": [6, 15], "next": [4, 7]}}),
    ({"signature_name": "gather", "instances": [4, 0]},
     {"predictions": [[1.7142857, 1.8571428, 2], [0, 0.14285715, 0.2857143]]}),
    ({"signature_name": "text", "instances": ["é", {"b64": "AA=="}]},
     {"predictions": [{"twice": "éé", "word_bytes": {"b64": "w6k="}},
                      {"twice": "\0\0", "word_bytes": {"b64": "AA=="}}]}),
    ({"signature_name": "types",
      "inputs": {"i64": [2 ** 62], "u8": [255], "f64": [0.1], "flag": [True]}},
     {"outputs": {"i64_out": [2 ** 62], "u8_out": [255], "f64_out": [0.1], "flag_out": [True]}}),
    ({"signature_name": "uneven", "inputs": [1, 2]}, {"outputs": {"head": [1], "whole": [1, 2]}}),
    ({"signature_name": "scalar", "inputs": [1, 2]}, {"outputs": 3}),
])
def test_predict(rest, body, answer):
    for version in ("", f"/versions/{VERSION}"):
        given = rest.predict(body, version)
        assert given.status_code == 200 and given.headers["Content-Type"] == "application/json"
        assert given.json() == answer


def test_special_floats(rest):
    answer = rest.predict(b'{"inputs": [NaN, Infinity, -Infinity]}').json()["outputs"]
    assert np.array_equal(np.isnan(answer), [True, False, False])
    assert answer[1:] == [float("inf"), float("-inf")]


@pytest.mark.parametrize("body, error", [
    (b"", "JSON Parse error: The document is empty"),
    (b"\xff\xfe", "JSON Parse error: Invalid encoding in string."),
    ([1], "Is not object"),
    ({"inputs": [1], "signature_name": "absent"},
     'Serving signature name: "absent" not found in signature def'),
    ({"inputs": [1], "signature_name": 7}, "'signature_name' key must be a string value."),
    ({"inputs": [1], "signature_name": "nothing"},
     "Failed to get input map for signature: nothing"),
    ({"inputs": ["a"]}, "is not of expected type: float"),
    ({"inputs": [[1, 2], [3]]}, "Encountered list at unexpected size: 1 at level: 1"),
    ({"inputs": {"x": [1]}, "signature_name": "scaled"}, "Missing named input: scale"),
    ({"instances": [{"x": 1, "z": 2}]}, "does not have named input: z"),
    ({"inputs": [5], "signature_name": "gather"}, "indices[0] = 5 is not in [0, 5)"),
    ({"inputs": [-1], "signature_name": "gather"}, "indices[0] = -1 is not in [0, 5)"),
    ({"inputs": [2 ** 40], "signature_name": "gather"}, "is not of expected type: int32"),
    ({"inputs": {"x": [[1, 2], [3, 4]], "n": [1, 2, 3]}, "signature_name": "two"},
     "Incompatible shapes: [3] vs. [2]"),
    ({"instances": [1, 2], "signature_name": "uneven"},
     "Tensor name: whole has inconsistent batch size: 2 expecting: 1"),
    ({"instances": [1, 2], "signature_name": "scalar"}, "total has no shape information"),
])
def test_a_request_that_does_not_match_the_signature_is_400(rest, body, error):
    assert error in rest.refused(body)


@pytest.mark.parametrize("method, path, status, error", [
    ("GET", "/v1/models", 400, "Missing model name in request."),
    ("GET", "/v1/foo", 400, "Malformed request: GET /v1/foo"),
    ("POST", f"/v1/models/{MODEL}", 400, f"Malformed request: POST /v1/models/{MODEL}"),
    ("GET", f"/v1/models/{MODEL}:predict", 400, "Malformed request: GET"),
    ("DELETE", f"/v1/models/{MODEL}", 400, "Malformed request: DELETE"),
    ("POST", f"/v1/models/{MODEL}/versions/a:predict", 400, "Malformed request"),
    ("GET", "/v1/models/other", 404, "Could not find any versions of model other"),
    ("GET", "/v1/models/other/metadata", 404, "Servable not found for request: Latest(other)"),
    ("GET", f"/v1/models/{MODEL}/versions/9", 404, f"Could not find version 9 of model {MODEL}"),
    ("GET", f"/v1/models/{MODEL}/versions/{2 ** 63}", 400, "Failed to convert version"),
    ("GET", f"/v1/models/{MODEL}/labels/best", 400, "Unrecognized servable version label: best"),
    ("POST", "/v1/models/other:predict", 404, "Servable not found for request: Latest(other)"),
    ("POST", f"/v1/models/{MODEL}/versions/9:predict", 404,
     f"Servable not found for request: Specific({MODEL}, 9)"),
])
def test_missing_models_versions_and_paths_have_their_status(rest, method, path, status, error):
    answer = requests.request(method, rest.url + path, data='{"inputs": [1]}', timeout=30)
    assert answer.status_code == status and error in answer.json()["error"]


def test_a_path_outside_of_v1_is_answered_in_html(rest):
    for path in ("/", "/v2/models", "/v1"):
        answer = requests.get(rest.url + path, timeout=30)
        assert answer.status_code == 404 and "<TITLE>404 Not Found</TITLE>" in answer.text


@settings(deadline=None, max_examples=150)
@given(body=BODIES, signature=SIGNATURES)
def test_any_json_is_answered(rest, body, signature):
    answer = rest.predict(json.dumps({**body, "signature_name": signature}).encode())
    assert answer.status_code in (200, 400), answer.text
    assert len(answer.json()) == 1 and set(answer.json()) <= {"predictions", "outputs", "error"}


@settings(deadline=None, max_examples=100)
@given(text=st.text(alphabet='{}[]":,1e-. aNI', max_size=20).map(lambda text: '{"inputs": ' + text))
def test_any_text_is_answered(rest, text):
    assert rest.predict(text.encode()).status_code in (200, 400)


def test_parallel_requests_get_their_own_responses(rest):
    wrong = []

    url = f"{rest.url}/v1/models/{MODEL}:predict"

    def ask(seed):
        ids = np.random.RandomState(seed).randint(0, 5, (20, 7))
        with requests.Session() as session:
            for row in ids.tolist():
                body = {"signature_name": "gather", "inputs": row}
                answer = session.post(url, timeout=30, json=body).json()
                if not np.array_equal(np.float32(answer["outputs"]), TABLE[row]):
                    wrong.append(answer)

    together(ask, [(seed,) for seed in range(6)])
    assert wrong == []
