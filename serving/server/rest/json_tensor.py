"""One JSON value -> one array, by the rules and with the errors of TensorFlow Serving.

A value is a scalar, or lists in lists of equal lengths. Numbers must fit the tensor's type without
loss: no decimals for integers, no booleans for numbers; NaN, Infinity and -Infinity are numbers.
A string tensor takes a string (its UTF-8) or `{"b64": "..."}` (any bytes).
"""
import base64
import binascii
import json
from itertools import chain

import numpy as np

from serving.server.status import StatusError, invalid

MAX_RANK = 31  # numpy has 32, and rows are stacked along one more
SHOWN = 500  # characters of a wrong value that an error shows

_NAMES = {"float32": "float", "float64": "double", "float16": "half", "object": "string"}
_PLAIN = {"f": {int, float}, "i": {int}, "u": {int}, "b": {bool}, "O": {str}}


def tensor(value, dtype):
    """The array of a JSON value.

    Args:
      value: what `json.loads` made of it.
      dtype: the tensor's `numpy.dtype`; object for strings, which become bytes.
    """
    array = regular(value, dtype)
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


def regular(value, dtype):
    """`tensor` for the common case, fast; None where anything needs a closer look."""
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
    """The range of a type's numbers; of a float type and `whole` numbers, where all are exact."""
    if dtype.kind != "f":
        return np.iinfo(dtype).min, np.iinfo(dtype).max
    bound = 2 ** (np.finfo(dtype).nmant + 1) - 1 if whole else float(np.finfo(dtype).max)
    return -bound, bound


def _walk(value, level, shape, dtype, flat):
    """Adds the leaves of `value` to `flat`, depth first; raises what is wrong with the first."""
    if not isinstance(value, list):
        if level != len(shape):
            raise invalid(f"JSON Value: {shown(value)} found at incorrect level: {level + 1} "
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
    """One scalar of a tensor, checked."""
    kind, name = dtype.kind, _NAMES.get(dtype.name, dtype.name)
    if kind not in _PLAIN or dtype == np.float16:
        raise StatusError("UNIMPLEMENTED",
                          f"Conversion of JSON Value: {shown(value)} to type: {name}")
    if kind == "O" and isinstance(value, dict):
        return decoded(value)
    whole = isinstance(value, int)
    fits = type(value) in _PLAIN[kind]
    if fits and kind in "iu":
        fits = np.iinfo(dtype).min <= value <= np.iinfo(dtype).max
    if not fits:
        raise invalid(f"JSON Value: {shown(value)} Type: {type_name(value)} "
                      f"is not of expected type: {name}")
    if kind == "f" and abs(value) < float("inf"):
        low, high = _limits(dtype, whole=whole and -2 ** 63 <= value < 2 ** 64)
        if not low <= value <= high:
            raise invalid(f"Cannot convert JSON value: {shown(value)} to {name} "
                          "without loss of precision.")
    return value.encode("utf-8", "surrogatepass") if kind == "O" else value


def decoded(value):
    """The bytes of `{"b64": "..."}`. As in the model server, space and padding do not matter."""
    if not is_bytes(value):
        raise invalid(f"JSON Value: {shown(value)} not formatted correctly for base64 data")
    text = "".join(value["b64"].split()).rstrip("=")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise invalid("Unable to base64 decode")


def type_name(value):
    """What the model server calls the type of a JSON value."""
    if isinstance(value, bool):
        return str(value)
    names = {dict: "Object", list: "Array", str: "String", type(None): "Null"}
    return names.get(type(value), "Number")


def is_bytes(value):
    """Whether a JSON value is `{"b64": "..."}`, a string given as base64."""
    return isinstance(value, dict) and list(value) == ["b64"] and isinstance(value["b64"], str)


def shown(value):
    """The text of a JSON value for an error, laid out as the model server does, shortened."""
    text = ""
    try:
        for piece in json.JSONEncoder(indent=4, ensure_ascii=False).iterencode(value):
            text += piece
            if len(text) > SHOWN:
                return text[:SHOWN] + "..."
    except RecursionError:
        return text[:SHOWN] + "..."
    return text
