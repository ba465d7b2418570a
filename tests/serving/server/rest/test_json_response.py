"""Outputs -> JSON."""
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from serving.server.rest.json_response import encode, shortest
from serving.server.status import StatusError


@settings(deadline=None, max_examples=300)
@given(array=arrays.arrays(np.float32, st.sampled_from([(), (1,), (3, 2), (0,)])))
def test_every_float32_is_read_back_unchanged(array):
    read = np.array(json.loads(encode({"y": array}, False))["outputs"], np.float32)
    assert read.shape == array.shape and np.array_equal(read, array) or np.isnan(array).any()
    assert np.array_equal(np.isnan(read), np.isnan(array))


@settings(deadline=None, max_examples=300)
@given(value=st.floats(2.0 ** -40, 2.0 ** 19, width=32))
def test_a_float32_is_printed_with_the_fewest_digits(value):
    printed = repr(float(shortest(np.float32(value))))
    assert float(printed) == float(str(np.float32(value)))


@pytest.mark.parametrize("value, text", [
    (0.1, "0.1"), (1 / 3, "0.33333334"), (2, "2.0"), (-0.0, "-0.0"), (float("nan"), "NaN"),
    (float("-inf"), "-Infinity"), (2 ** 24, "16777216.0"), (3e-8, "3e-08"),
])
def test_examples_of_printed_floats(value, text):
    assert encode({"y": np.float32([value])}, True) == f'{{"predictions": [{text}]}}'.encode()


@pytest.mark.parametrize("outputs, row, column", [
    ({"y": np.int32([[1, 2], [3, 4]])}, [[1, 2], [3, 4]], [[1, 2], [3, 4]]),
    ({"y": np.int64([1, 2 ** 62]), "b": np.array([True, False])},
     [{"b": True, "y": 1}, {"b": False, "y": 2 ** 62}], {"b": [True, False], "y": [1, 2 ** 62]}),
    ({"s": np.array([b"a", b"\xc3\xa9"], object), "s_bytes": np.array([b"a", b"\xff"], object)},
     [{"s": "a", "s_bytes": {"b64": "YQ=="}}, {"s": "é", "s_bytes": {"b64": "/w=="}}],
     {"s": ["a", "é"], "s_bytes": [{"b64": "YQ=="}, {"b64": "/w=="}]}),
])
def test_rows_and_columns(outputs, row, column):
    assert json.loads(encode(outputs, True)) == {"predictions": row}
    assert json.loads(encode(outputs, False)) == {"outputs": column}


@pytest.mark.parametrize("outputs, error", [
    ({"a": np.float32([1]), "b": np.float32([1, 2])},
     "Tensor name: b has inconsistent batch size: 2 expecting: 1"),
    ({"a": np.float32(1)}, "Tensor name: a has no shape information "),
    ({"a": np.complex64([1])}, "Failed to write JSON value for tensor type: complex64"),
    ({}, "Cannot convert empty tensor map to JSON"),
])
def test_outputs_without_common_rows_are_reported(outputs, error):
    with pytest.raises(StatusError) as raised:
        encode(outputs, True)
    assert (raised.value.code, raised.value.message) == ("INVALID_ARGUMENT", error)
