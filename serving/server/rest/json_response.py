"""Encodes the outputs of a predict request as JSON, in TensorFlow Serving's layout.

Row format, `{"predictions": [...]}`: one value, or one object of all outputs, for each index of the first dimension,
which all outputs must share. Columnar format, `{"outputs": ...}`: the whole tensors. A single output has no name.
Strings of an output whose name ends in `_bytes` become `{"b64": "..."}`.
"""
import base64
import json

import numpy as np

from serving.server.status import invalid


def encode(outputs, by_row):
    """Returns the body (bytes) of the response with `outputs`, name -> array. Raises `StatusError`."""
    if not outputs:
        raise invalid("Cannot convert empty tensor map to JSON")
    if by_row:
        _check_rows(outputs)
    lists = {name: _plain(name, array) for name, array in sorted(_printable(outputs).items())}
    if len(lists) == 1:
        answer = next(iter(lists.values()))
    elif by_row:
        answer = [dict(zip(lists, row)) for row in zip(*lists.values())]
    else:
        answer = lists
    return json.dumps({"predictions" if by_row else "outputs": answer}).encode()


def _check_rows(outputs):
    size = None
    for name, array in sorted(outputs.items()):
        if array.ndim == 0:
            raise invalid(f"Tensor name: {name} has no shape information ")
        if size is not None and len(array) != size:
            raise invalid(f"Tensor name: {name} has inconsistent batch size: {len(array)} "
                          f"expecting: {size}")
        size = len(array)


def _printable(outputs):
    """Returns the outputs with floats rounded by `shortest`: all in one call, because a call costs as much as a
    thousand numbers."""
    floats = [name for name, array in outputs.items() if array.dtype.kind == "f" and array.dtype != np.float64]
    if not floats:
        return outputs
    arrays = [outputs[name].astype(np.float32) for name in floats]
    doubles = shortest(np.concatenate([array.ravel() for array in arrays]))
    parts = np.split(doubles, np.cumsum([array.size for array in arrays])[:-1])
    return dict(outputs, **{name: part.reshape(array.shape)
                            for name, part, array in zip(floats, parts, arrays)})


def _plain(name, array):
    """Returns an array as nested lists of numbers, booleans or strings."""
    if array.dtype.kind == "O":
        text = _base64 if name.endswith("_bytes") else _utf8
        flat = np.empty(array.size, object)
        flat[:] = [text(value) for value in array.ravel()]
        return flat.reshape(array.shape).tolist()
    if array.dtype.kind not in "fiub":
        raise invalid(f"Failed to write JSON value for tensor type: {array.dtype.name}")
    return array.tolist()


def shortest(array):
    """Returns the doubles with the shortest decimals that convert back to the same float32 values.

    0.1 in float32 is the double 0.10000000149011612; here it becomes the double 0.1. So numbers are printed with the
    full precision of float32 and no further digits. (Below 1e-13 and above 1e6 a power of ten may be inexact; some
    numbers there are printed with more digits, and still convert back to the same value.)
    """
    exact = array.astype(np.float64)
    with np.errstate(all="ignore"):
        exponent = np.floor(np.log10(np.abs(exact)))
        result = exact
        for digits in range(9, 5, -1):  # the smallest sufficient number of digits is tried last and kept
            scale = 10.0 ** (digits - 1 - exponent)
            rounded = np.round(exact * scale) / scale
            result = np.where(rounded.astype(np.float32) == array, rounded, result)
    return np.where(np.isfinite(exponent), result, exact)  # zero, infinity and NaN stay as they are


def _base64(value):
    return {"b64": base64.b64encode(value).decode()}


def _utf8(value):
    return value.decode("utf-8", "replace")
