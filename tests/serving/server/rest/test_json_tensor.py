"""One JSON value -> one array."""
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from serving.server.rest import json_tensor
from serving.server.status import StatusError

DTYPES = [np.dtype(name) for name in (
    "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "uint32", "uint64", "bool")]
SHAPES = arrays.array_shapes(min_dims=0, max_dims=4, min_side=1, max_side=3)
EDGES = [2 ** 24 - 1, 2 ** 24, -2 ** 24, 2 ** 53, 2 ** 63, 2 ** 64, 10 ** 400, 1e39]
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)
    | st.sampled_from(EDGES),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.just("b64"), inner),
    max_leaves=8)
QUICK = settings(deadline=None, max_examples=100)


def slowly(value, dtype, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(json_tensor, "fast_tensor", lambda *_: None)
        return json_tensor.tensor(value, dtype)


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@QUICK
@given(data=st.data())
def test_nested_lists_become_the_array(dtype, data):
    floats = st.floats(width=8 * dtype.itemsize, allow_nan=False) if dtype.kind == "f" else None
    array = data.draw(arrays.arrays(dtype, SHAPES, elements=floats))
    read = json_tensor.tensor(json.loads(json.dumps(array.tolist())), dtype)
    assert read.dtype == dtype and read.shape == array.shape
    assert np.array_equal(read, array)


@pytest.mark.parametrize("value, shape", [([], (0,)), ([[], []], (2, 0)), ([[[]]], (1, 1, 0))])
@pytest.mark.parametrize("dtype", DTYPES + [np.dtype(object)], ids=str)
def test_an_empty_list_has_a_shape(value, shape, dtype, monkeypatch):
    for read in (json_tensor.tensor(value, dtype), slowly(value, dtype, monkeypatch)):
        assert (read.shape, read.dtype) == (shape, dtype)


@settings(deadline=None, max_examples=400)
@given(value=ANY, dtype=st.sampled_from(DTYPES + [np.dtype(object)]))
def test_the_fast_conversion_equals_the_general_one(value, dtype):
    fast = json_tensor.fast_tensor(value, dtype)
    try:
        slow = slowly(value, dtype, pytest.MonkeyPatch())
    except StatusError as error:
        assert fast is None and error.code == "INVALID_ARGUMENT"
        return
    if fast is not None:
        assert (fast.dtype, fast.shape) == (slow.dtype, slow.shape)
        assert fast.tobytes() == slow.tobytes() if dtype != object else (fast == slow).all()


@pytest.mark.parametrize("dtype, value, error", [
    ("float32", "a", 'JSON Value: "a" Type: String is not of expected type: float'),
    ("float32", None, "JSON Value: null Type: Null is not of expected type: float"),
    ("float64", True, "JSON Value: true Type: True is not of expected type: double"),
    ("int64", [1, False], "JSON Value: false Type: False is not of expected type: int64"),
    ("int32", [1, 1.0], "JSON Value: 1.0 Type: Number is not of expected type: int32"),
    ("int32", 2 ** 31, "JSON Value: 2147483648 Type: Number is not of expected type: int32"),
    ("uint8", [-1], "JSON Value: -1 Type: Number is not of expected type: uint8"),
    ("bool", 1, "JSON Value: 1 Type: Number is not of expected type: bool"),
    ("object", [1], "JSON Value: 1 Type: Number is not of expected type: string"),
    ("int64", {"a": 1}, 'JSON Value: {\n    "a": 1\n} Type: Object is not of expected type: int64'),
    ("object", {"a": 1}, 'JSON Value: {\n    "a": 1\n} not formatted correctly for base64 data'),
    ("object", {"b64": "!"}, "Unable to base64 decode"),
    ("float32", 2 ** 24, "Cannot convert JSON value: 16777216 to float without loss of precision."),
    ("float32", 1e39, "Cannot convert JSON value: 1e+39 to float without loss of precision."),
    ("float32", [[1, 2], [3]],
     "Encountered list at unexpected size: 1 at level: 1 expected size: 2"),
    ("float32", [1, [2]], "Encountered list at unexpected level: 1 expected < 1"),
    ("float32", [[1], 2],
     "JSON Value: 2 found at incorrect level: 2 in the JSON DOM. Expected at level: 2"),
    ("float32", json.loads("[" * 40 + "]" * 40), "Encountered list of 40 levels, expected <= 31"),
])
def test_a_value_that_does_not_fit_is_reported(dtype, value, error):
    with pytest.raises(StatusError) as raised:
        json_tensor.tensor(value, np.dtype(dtype))
    assert (raised.value.code, raised.value.message) == ("INVALID_ARGUMENT", error)


def test_strings_are_returned_as_bytes():
    read = json_tensor.tensor([["é", {"b64": "AP8="}]], np.dtype(object))
    assert read.shape == (1, 2) and read.tolist() == [["é".encode(), b"\x00\xff"]]


@pytest.mark.parametrize("text", ["AP8=", "AP8", " A P\n8="])
def test_base64_ignores_white_space_and_padding(text):
    assert json_tensor.tensor([{"b64": text}], np.dtype(object)).tolist() == [b"\x00\xff"]


def test_a_type_without_json_numbers_is_unimplemented():
    with pytest.raises(StatusError) as raised:
        json_tensor.tensor([0.5], np.dtype("float16"))
    assert raised.value.code == "UNIMPLEMENTED"


def test_a_long_value_is_shortened_in_errors():
    assert len(json_tensor.excerpt([1] * 10 ** 6)) < 600
    assert len(json_tensor.excerpt(json.loads("[" * 900 + "]" * 900))) < 600
