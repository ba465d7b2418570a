"""The REST contract: classify and regress."""
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

CLASSIFY, REGRESS = ":classify", ":regress"


@pytest.mark.parametrize("path, body, results", [
    (CLASSIFY, {"examples": [{"x": 0.25, "word": "a"}, {"x": [0.5], "word": {"b64": "w6k="}}]},
     [[["a", 0.25], ["noa", 0.75]], [["é", 0.5], ["noé", 0.5]]]),
    (CLASSIFY, {"examples": [{"x": 0.25}], "context": {"word": "all"}},
     [[["all", 0.25], ["noall", 0.75]]]),
    (CLASSIFY, {"signature_name": "scores_only", "examples": [{"x": 0.5}]}, [[["", 0.5]]]),
    (REGRESS, {"examples": [{"x": 0.25}, {"x": 3e5}, {"x": -0.1}]}, [0.5, 600000, -0.2]),
])
def test_results_of_examples(rest, path, body, results):
    body = dict({"signature_name": path[1:]}, **body)
    for version in ("", "/versions/3"):
        answer = rest.post(body, version + path)
        assert answer.status_code == 200 and answer.json() == {"results": results}, answer.text


@pytest.mark.parametrize("path, body, error", [
    (CLASSIFY, {}, "key 'examples' is expected and was not found"),
    (CLASSIFY, {"examples": {}}, "Expecting 'examples' value to be an list/array"),
    (CLASSIFY, {"examples": []}, "'examples' value is an empty array"),
    (CLASSIFY, {"examples": [1]}, "Example must be JSON object but got JSON Number"),
    (CLASSIFY, {"examples": [{"x": None}]},
     "Feature: x has element with unexpected JSON type: Null"),
    (CLASSIFY, {"examples": [{"x": [[1]]}]},
     "Feature: x has element with unexpected JSON type: Array"),
    (CLASSIFY, {"examples": [{"x": [0.5, "a"]}]}, "Unexpected element type in feature: x"),
    (CLASSIFY, {"examples": [{"x": 2 ** 63}]},
     "Feature: x has uint64 element. Only int64 is supported."),
    (CLASSIFY, {"examples": [{"x": 1e300}]}, "to float without loss of precision."),
    (CLASSIFY, {"examples": [{"x": 1}]}, "Data types don't match"),
    (CLASSIFY, {"examples": [{}]}, "(data type: float) is required but could not be found"),
    (CLASSIFY, {"signature_name": "absent", "examples": [{}]},
     "No signature was found with the name: absent"),
    (CLASSIFY, {"signature_name": "regress", "examples": [{}]},
     "Expected classification signature method_name to be tensorflow/serving/classify. "
     "Was: tensorflow/serving/regress"),
    (REGRESS, {"signature_name": "serving_default", "examples": [{}]},
     "Expected regression signature method_name to be tensorflow/serving/regress. "
     "Was: tensorflow/serving/predict"),
    (CLASSIFY, {"signature_name": "flat_scores", "examples": [{"x": 0.5}]},
     "Expected Tensor shape: [batch_size num_classes] but got [1]"),
    (CLASSIFY, {"signature_name": 7, "examples": [{}]}, "'signature_name' key must be a string"),
])
def test_invalid_examples_are_400(rest, path, body, error):
    assert error in rest.refused(dict({"signature_name": path[1:]}, **body), path=path)


def test_a_classifier_also_answers_predict(rest):
    """Its input are serialised examples then: here one with the feature x = 0.5."""
    example = {"b64": "Cg8KDQoBeBIIEgYKBAAAAD8="}
    answer = rest.predict({"signature_name": "classify", "instances": [example]}).json()
    assert answer == {"predictions": [{"classes": ["?", "no?"], "scores": [0.5, 0.5]}]}


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
                        st.sampled_from(["x", "word", "b64"]), inner, max_size=3), max_leaves=6)


@settings(deadline=None, max_examples=60)
@given(examples=JSON | st.lists(st.dictionaries(st.sampled_from(["x", "word"]), JSON), max_size=3),
       path=st.sampled_from([CLASSIFY, REGRESS]))
def test_any_examples_are_answered(rest, examples, path):
    body = json.dumps({"signature_name": path[1:], "examples": examples}).encode()
    answer = rest.post(body, path)
    assert answer.status_code in (200, 400), answer.text
    assert set(answer.json()) <= {"results", "error"}
