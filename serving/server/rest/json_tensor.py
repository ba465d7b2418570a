"""Decodes one JSON value into one array, by the rules and with the error texts of TensorFlow Serving.

A value is a scalar, or nested lists of equal lengths. Numbers must fit the tensor's type without loss: no decimals
for integers, no booleans for numbers; NaN, Infinity and -Infinity are numbers. A string tensor takes a string (encoded
in UTF-8) or `{"b64": "..."}` (any bytes).
"""
import base64
import binascii
import json
from itertools import chain

import numpy as np

from serving.server.status import StatusError, invalid

MAX_RANK = 31  # numpy allows 32, and stacking rows adds one
MAX_EXCERPT = 500  # characters of a wrong value in an error text

_NAMES = {"float32": "float", "float64": "double", "float16": "half", "object": "string"}
_PLAIN = {"f": {int, float}, "i": {int}, "u": {int}, "b": {bool}, "O": {str}}


def tensor(value, dtype):
    """Returns the array of a JSON value.

    Args:
      value: the value as `json.loads` returns it.
      dtype: the tensor's `numpy.dtype`; object for strings, which become bytes.

    Raises:
      StatusError: the value does not fit.
    """
    array = fast_tensor(value, dtype)
    if array is not None:
        return array
    shape, inner = [], value
    while isinstance(inner, list):
        shape.append(len(inner))
        inner = inner[0] if inner else None
    if len(shape) > MAX_RANK:
        raise invalid(f"Encountered list of {len(shape)} levels, expected <= {MAX_RANK}")
    flat = []
    _walk(value, 0, shape, dtype, flat)
    array = np.empty(len(flat), dtype)
    array[:] = flat
    return array.reshape(shape)


def fast_tensor(value, dtype):
    """`tensor` for the common case, fast. Returns None where `tensor` has to check each element."""
    shape, flat = [], [value]
    while set(map(type, flat)) == {list}:
        lengths = set(map(len, flat))
        if len(lengths) > 1 or len(shape) > MAX_RANK:
            return None
        shape += lengths
        flat = list(chain.from_iterable(flat))
    kinds = set(map(type, flat))
    if dtype == np.float16 or not kinds <= _PLAIN.get(dtype.kind, set()):
        return None
    if dtype.kind == "O":
        flat = [text.encode("utf-8", "surrogatepass") for text in flat]
    wide = {"f": np.float64, "i": np.int64, "u": np.int64}.get(dtype.kind, dtype)
    array = np.empty(len(flat), wide)
    try:
        array[:] = flat
    except OverflowError:
        return None
    if dtype.kind in "fiu":
        low, high = _limits(dtype, whole=int in kinds)
        finite = array[np.isfinite(array)]
        if finite.size and (finite.min() < low or finite.max() > high):
            return None
    return array.astype(dtype, copy=False).reshape(shape)


def _limits(dtype, whole):
    """Returns the smallest and largest number of a type; with `whole`, the range in which a float type represents all
    integers exactly."""
    if dtype.kind != "f":
        return np.iinfo(dtype).min, np.iinfo(dtype).max
    bound = 2 ** (np.finfo(dtype).nmant + 1) - 1 if whole else float(np.finfo(dtype).max)
    return -bound, bound


def _walk(value, level, shape, dtype, flat):
    """Appends the leaves of `value` to `flat`, depth first. Raises the error of the first invalid one."""
    if not isinstance(value, list):
        if level != len(shape):
            raise invalid(f"JSON Value: {excerpt(value)} found at incorrect level: {level + 1} "
                          f"in the JSON DOM. Expected at level: {len(shape)}")
        flat.append(_leaf(value, dtype))
        return
    if level >= len(shape):
        raise invalid(f"Encountered list at unexpected level: {level} expected < {len(shape)}")
    if len(value) != shape[level]:
        raise invalid(f"Encountered list at unexpected size: {len(value)} at level: {level} "
                      f"expected size: {shape[level]}")
    for inner in value:
        _walk(inner, level + 1, shape, dtype, flat)


def _leaf(value, dtype):
    """Returns one checked scalar of a tensor."""
    kind, name = dtype.kind, _NAMES.get(dtype.name, dtype.name)
    if kind not in _PLAIN or dtype == np.float16:
        raise StatusError("UNIMPLEMENTED",
                          f"Conversion of JSON Value: {excerpt(value)} to type: {name}")
    if kind == "O" and isinstance(value, dict):
        return decode_base64(value)
    whole = isinstance(value, int)
    fits = type(value) in _PLAIN[kind]
    if fits and kind in "iu":
        fits = np.iinfo(dtype).min <= value <= np.iinfo(dtype).max
    if not fits:
        raise invalid(f"JSON Value: {excerpt(value)} Type: {type_name(value)} "
                      f"is not of expected type: {name}")
    if kind == "f" and abs(value) < float("inf"):
        low, high = _limits(dtype, whole=whole and -2 ** 63 <= value < 2 ** 64)
        if not low <= value <= high:
            raise invalid(f"Cannot convert JSON value: {excerpt(value)} to {name} "
                          "without loss of precision.")
    return value.encode("utf-8", "surrogatepass") if kind == "O" else value


def decode_base64(value):
    """Returns the bytes of `{"b64": "..."}`. As in TensorFlow Serving, white space and padding are ignored."""
    if not is_base64(value):
        raise invalid(f"JSON Value: {excerpt(value)} not formatted correctly for base64 data")
    text = "".join(value["b64"].split()).rstrip("=")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise invalid("Unable to base64 decode")


def type_name(value):
    """Returns TensorFlow Serving's name for the type of a JSON value."""
    if isinstance(value, bool):
        return str(value)
    names = {dict: "Object", list: "Array", str: "String", type(None): "Null"}
    return names.get(type(value), "Number")


def is_base64(value):
    """Whether a JSON value is `{"b64": "..."}`, a string in base64."""
    return isinstance(value, dict) and list(value) == ["b64"] and isinstance(value["b64"], str)


def excerpt(value):
    """Returns the JSON text of a value for an error, in TensorFlow Serving's layout, at most MAX_EXCERPT characters."""
    text = ""
    try:
        for piece in json.JSONEncoder(indent=4, ensure_ascii=False).iterencode(value):
            text += piece
            if len(text) > MAX_EXCERPT:
                return text[:MAX_EXCERPT] + "..."
    except RecursionError:
        return text[:MAX_EXCERPT] + "..."
    return text
