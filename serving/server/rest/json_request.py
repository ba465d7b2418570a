"""Decodes the JSON body of a predict request into arrays, with TensorFlow Serving's error texts.

A body is an object with one of two keys, and optionally `signature_name`:

    {"instances": [...]}  row format: a list of values (one input), or of objects with a value for each input;
                          the values of an input are stacked along a new first dimension
    {"inputs": ...}       columnar format: a value (one input), or an object with the tensor of each input
"""
import json
import re

import numpy as np

from serving.server.rest.json_tensor import excerpt, fast_tensor, is_base64, tensor
from serving.server.status import StatusError, invalid

LONGEST_NUMBER = 4096  # digits; reading an integer takes time quadratic in its digits
_MAYBE_HUGE = re.compile(rb"[eE]\+?[0-9]{3}|[0-9]{300}")
_STRING_OR_INF = re.compile(r'"(?:[^"\\]|\\.)*"|\bInf\b', re.S)  # matches strings too, to leave "Inf" in them alone

_PARSE_ERRORS = (  # start of the message of Python's parser, message of TensorFlow Serving's parser
    ("Expecting value", "Invalid value."),
    ("Extra data", "The document root must not be followed by other values."),
    ("Expecting property name", "Missing a name for object member."),
    ("Expecting ':'", "Missing a colon after a name of object member."),
    ("Expecting ','", "Missing a comma or bracket after a value."),
    ("Unterminated string", "Missing a closing quotation mark in string."),
    ("Invalid control", "Invalid encoding in string."),
    ("Invalid \\u", "Incorrect hex digit after \\u escape in string."),
    ("Invalid", "Invalid escape character in string."),
)

_TOO_BIG = "JSON Parse error: Number too big to be stored in double."


def parse(body, most_values=float("inf")):
    """Returns the JSON object of a request's body (bytes).

    Raises:
      StatusError: the body is no JSON object, or it has more than `most_values` values. They are counted before the
        body is decoded, by its commas and brackets, also those within texts; an object counts as four.
    """
    if not body:
        raise invalid("JSON Parse error: The document is empty")
    values = body.count(b",") + body.count(b"[") + 4 * body.count(b"{")
    if values > most_values:
        raise invalid(f"The body has about {values} values; the limit is {most_values} (--max_request_cost). Send "
                      "fewer rows in one request")
    step = LONGEST_NUMBER // 2  # a longer run of digits contains a whole aligned block of this length
    if any(body[i:i + step].isdigit() for i in range(0, len(body) - step, step)):
        raise invalid(_TOO_BIG)
    hooks = {"parse_float": _float, "parse_int": _int} if _MAYBE_HUGE.search(body) else {}
    try:
        text = body.decode("utf-8-sig")
        if b"Inf" in body:
            text = _STRING_OR_INF.sub(lambda match: "Infinity" if match.group() == "Inf" else match.group(), text)
        document = json.loads(text, **hooks)
    except UnicodeDecodeError as error:
        raise invalid(f"JSON Parse error: Invalid encoding in string. at offset: {error.start}")
    except json.JSONDecodeError as error:
        message = next((text for start, text in _PARSE_ERRORS if error.msg.startswith(start)), error.msg)
        raise invalid(f"JSON Parse error: {message} at offset: {error.pos}")
    except RecursionError:
        raise invalid("JSON Parse error: Terminate parsing due to Handler error. Nested too deep.")
    if not isinstance(document, dict):
        raise invalid(f"JSON Value: {excerpt(document)} Is not object")
    return document


def _float(digits):
    """Converts a number with a decimal point or an exponent. Only the name Infinity stands for infinity."""
    number = float(digits)
    if abs(number) == float("inf"):
        raise invalid(_TOO_BIG)
    return number


def _int(digits):
    _float(digits)
    return int(digits)


def signature_name(document):
    """Returns the signature name of a parsed request; the empty string stands for the default signature."""
    name = document.get("signature_name", "")
    if not isinstance(name, str):
        raise invalid(f"JSON Value: {excerpt(document)} not formatted correctly. "
                      "'signature_name' key must be a string value.")
    return name


def tensors(document, types):
    """Decodes the inputs of a parsed request.

    Args:
      document: the parsed body.
      types: the signature's inputs, name -> `numpy.dtype` (object for strings).

    Returns:
      name -> array, and whether the request has the row format.

    Raises:
      StatusError: the body does not match the signature.
    """
    by_row, by_column = "instances" in document, "inputs" in document
    if by_row and by_column:
        raise invalid(f"JSON Value: {excerpt(document)} Not formatted correctly expecting only one "
                      "of 'inputs' or 'instances' keys to exist ")
    if not by_row and not by_column:
        raise invalid("Missing 'inputs' or 'instances' key")
    return (_rows if by_row else _columns)(document, types), by_row


def _columns(document, types):
    inputs = document["inputs"]
    if not _is_object(inputs):
        if len(types) > 1:
            raise invalid("inputs is a plain value/list, but expecting an object as multiple input "
                          "tensors required as per tensorinfo_map")
        return {name: tensor(inputs, dtype) for name, dtype in types.items()}
    for name in types:  # further keys of the object are ignored, unlike in the row format
        if name not in inputs:
            raise invalid(f"Missing named input: {name} in 'inputs' object.")
    return {name: tensor(inputs[name], dtype) for name, dtype in types.items()}


def _rows(document, types):
    rows = document["instances"]
    if not isinstance(rows, list):
        raise invalid(f"JSON Value: {excerpt(document)} Excepting 'instances' to be an list/array")
    if not rows:
        raise invalid(f"JSON Value: {excerpt(document)} No values in 'instances' array")
    named = _is_object(rows[0])
    if not named and len(types) > 1:
        raise invalid("instances is a plain list, but expecting list of objects as multiple input "
                      "tensors required as per tensorinfo_map")
    for number, row in enumerate(rows):
        if _is_object(row) != named:
            expected, got = ("object", "list") if named else ("value/list", "object")
            raise invalid(f"Expecting {expected} but got {got} at item {number} of input list")
        if named:
            _check_names(number, row, types)
    return {name: _stack([row[name] for row in rows], name, dtype) if named
            else _stack(rows, None, dtype) for name, dtype in types.items()}


def _check_names(number, row, types):
    for name in row:
        if name not in types:
            raise invalid(f"Failed to process element: {number} key: {name} of 'instances' list. "
                          "Error: Invalid argument: JSON object: does not have named input: "
                          f"{name}")
    if len(row) != len(types):
        raise invalid(f"Failed to process element: {number} of 'instances' list. JSON object: "
                      f"{excerpt(row)} keys must be equal to: {','.join(sorted(types))}")


def _stack(values, name, dtype):
    """Stacks the values of one input, one per row, into one array; errors name the row and the key."""
    array = fast_tensor(values, dtype)
    if array is not None:
        return array
    arrays = []
    for number, value in enumerate(values):
        try:
            arrays.append(tensor(value, dtype))
            _check_like(arrays[0], arrays[-1])
        except StatusError as error:
            key = f" key: {name}" if name else ""
            raise StatusError("INVALID_ARGUMENT", f"Failed to process element: {number}{key} of "
                              f"'instances' list. Error: {error}")
    return np.stack(arrays)


def _check_like(first, other):
    if first.size != other.size:
        raise invalid(f"Expecting tensor size: {first.size} but got: {other.size}")
    if first.shape != other.shape:
        shapes = [f"[{','.join(map(str, array.shape))}]" for array in (first, other)]
        raise invalid(f"Expecting shape {shapes[0]} but got: {shapes[1]}")


def _is_object(value):
    return isinstance(value, dict) and not is_base64(value)
