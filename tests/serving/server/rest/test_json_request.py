"""The body of a predict request -> arrays."""
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from serving.server.rest import json_request
from serving.server.status import StatusError

FLOAT, INT = np.dtype("float32"), np.dtype("int32")
TYPES = {"x": FLOAT, "n": INT}


JSON_LIKE = st.text(alphabet='{}[]":,\\u01e-+.NaItrue', max_size=12)


@settings(deadline=None, max_examples=200)
@given(body=st.binary(max_size=20) | JSON_LIKE.map(str.encode))
def test_any_body_is_an_object_or_an_error(body):
    try:
        assert isinstance(json_request.parse(body), dict)
    except StatusError as error:
        assert error.code == "INVALID_ARGUMENT"
        assert error.message.startswith(("JSON Parse error: ", "JSON Value: "))


@pytest.mark.parametrize("body, error", [
    (b"", "JSON Parse error: The document is empty"),
    (b"x", "JSON Parse error: Invalid value. at offset: 0"),
    (b"{} 1",
     "JSON Parse error: The document root must not be followed by other values. at offset: 3"),
    (b'{"a" 1}',
     "JSON Parse error: Missing a colon after a name of object member. at offset: 5"),
    (b'{"a": "\xff"}', "JSON Parse error: Invalid encoding in string. at offset: 7"),
    (b"[1]", "JSON Value: [\n    1\n] Is not object"),
    (b"[" * 10 ** 5, "JSON Parse error: Terminate parsing due to Handler error. Nested too deep."),
    (b'{"inputs": [' + b"1" * 10 ** 6 + b"]}",
     "JSON Parse error: Number too big to be stored in double."),
    (b'{"inputs": [1e999]}', "JSON Parse error: Number too big to be stored in double."),
    (b'{"inputs": [' + b"1" * 400 + b"]}",
     "JSON Parse error: Number too big to be stored in double."),
    (b'{"a": "\n"}', "JSON Parse error: Invalid encoding in string. at offset: 7"),
])
def test_a_body_that_is_no_object_is_reported(body, error):
    with pytest.raises(StatusError) as raised:
        json_request.parse(body)
    assert raised.value.message == error


@settings(deadline=None, max_examples=50)
@given(x=arrays.arrays(FLOAT, (3, 2), elements=st.floats(-8, 8, width=32)),
       n=arrays.arrays(INT, (3,)))
def test_stacked_rows_equal_the_columnar_format(x, n):
    rows = {"instances": [{"x": x_.tolist(), "n": int(n_)} for x_, n_ in zip(x, n)]}
    columns = {"inputs": {"x": x.tolist(), "n": n.tolist()}}
    for document, expected in ((rows, True), (columns, False)):
        inputs, by_row = json_request.tensors(json.loads(json.dumps(document)), TYPES)
        assert by_row is expected and sorted(inputs) == ["n", "x"]
        assert np.array_equal(inputs["x"], x) and inputs["x"].dtype == FLOAT
        assert np.array_equal(inputs["n"], n) and inputs["n"].dtype == INT


@pytest.mark.parametrize("document", [
    {"instances": [1, 2, 5]}, {"instances": [{"x": 1}, {"x": 2}, {"x": 5}]},
    {"inputs": [1, 2, 5]}, {"inputs": {"x": [1, 2, 5]}},
])
def test_a_single_input_needs_no_name(document):
    inputs, _ = json_request.tensors(document, {"x": FLOAT})
    assert inputs["x"].tolist() == [1, 2, 5]


def test_base64_strings_are_values_not_objects():
    inputs, _ = json_request.tensors({"instances": [{"b64": "AA=="}, "a"]}, {"s": np.dtype(object)})
    assert inputs["s"].tolist() == [b"\x00", b"a"]


@pytest.mark.parametrize("document, error", [
    ({}, "Missing 'inputs' or 'instances' key"),
    ({"instances": [1], "inputs": [1]}, "expecting only one of 'inputs' or 'instances' keys"),
    ({"instances": 1}, "Excepting 'instances' to be an list/array"),
    ({"instances": []}, "No values in 'instances' array"),
    ({"instances": [1]}, "expecting list of objects as multiple input tensors required"),
    ({"inputs": [1]}, "expecting an object as multiple input tensors required"),
    ({"inputs": {"x": [1]}}, "Missing named input: n in 'inputs' object."),
    ({"instances": [{"x": 1, "n": 1}, [2]]},
     "Expecting object but got list at item 1 of input list"),
    ({"instances": [{"x": 1}]}, 'JSON object: {\n    "x": 1\n} keys must be equal to: n,x'),
    ({"instances": [{"x": 1, "n": 1, "z": 1}]},
     "Failed to process element: 0 key: z of 'instances' list. Error: Invalid argument: "
     "JSON object: does not have named input: z"),
    ({"instances": [{"x": [1], "n": 1}, {"x": [1, 2], "n": 1}]},
     "Failed to process element: 1 key: x of 'instances' list. Error: Invalid argument: "
     "Expecting tensor size: 1 but got: 2"),
    ({"instances": [{"x": [1], "n": 1}, {"x": [[1]], "n": 1}]},
     "Expecting shape [1] but got: [1,1]"),
    ({"instances": [{"x": "a", "n": 1}]}, "is not of expected type: float"),
])
def test_an_invalid_request_is_reported(document, error):
    with pytest.raises(StatusError) as raised:
        json_request.tensors(document, TYPES)
    assert raised.value.code == "INVALID_ARGUMENT" and error in raised.value.message


def test_infinity_has_three_names_and_strings_are_not_changed():
    body = b'{"Inf": "-Inf \\" Inf", "inputs": [Inf, -Inf, Infinity, 1.5e300]}'
    document = json_request.parse(body)
    infinity = float("inf")
    assert document == {"Inf": '-Inf " Inf', "inputs": [infinity, -infinity, infinity, 1.5e300]}


def test_a_signature_name_is_a_string():
    assert json_request.signature_name({}) == ""
    assert json_request.signature_name({"signature_name": "rank"}) == "rank"
    with pytest.raises(StatusError, match="'signature_name' key must be a string value."):
        json_request.signature_name({"signature_name": 100})
