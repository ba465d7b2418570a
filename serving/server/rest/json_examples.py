"""JSON of classify and regress: body of a request -> `Input` message of examples; result messages -> body.

    {"signature_name": ..., "context": {...},
     "examples": [{"age": 7, "words": ["a", {"b64": "AA=="}]}]}

An example is an object: name -> value or list of values of one kind: strings, decimals or integers (true and false
are 1 and 0). The error texts are TensorFlow Serving's.
"""
import json

import numpy as np

from serving.server.rest.json_request import parse, signature_name
from serving.server.rest.json_tensor import decode_base64, excerpt, is_base64, type_name
from serving.server.status import invalid

_LARGEST = 3.4028234663852886e38  # float32


def fill(body, request, most_values=float("inf")):
    """Fills a `ClassificationRequest` or `RegressionRequest` from the body (bytes) of at most `most_values` values."""
    document = parse(body, most_values)
    request.model_spec.signature_name = signature_name(document)
    listed = request.input.example_list
    if "context" in document:
        listed = request.input.example_list_with_context
        _fill_example(document["context"], listed.context)
    if "examples" not in document:
        raise invalid(f"JSON Value: {excerpt(document)} When method is classify, key 'examples' is "
                      "expected and was not found")
    examples = document["examples"]
    if not isinstance(examples, list):
        raise invalid(f"JSON Value: {excerpt(document)} Expecting 'examples' value to be an "
                      "list/array")
    if not examples:
        raise invalid(f"JSON Value: {excerpt(document)} 'examples' value is an empty array")
    for example in examples:
        _fill_example(example, listed.examples.add())


def _fill_example(value, example):
    if not isinstance(value, dict):
        raise invalid(f"Example must be JSON object but got JSON {type_name(value)}")
    for name, content in value.items():
        name = name.encode("utf-8", "replace").decode()
        feature = example.features.feature[name]
        for item in content if isinstance(content, list) else [content]:
            kind, plain = _plain(name, item)
            if feature.WhichOneof("kind") not in (None, kind):
                raise invalid(f"Unexpected element type in feature: {name} expecting type: "
                              f"{feature.WhichOneof('kind').split('_')[0]}")
            getattr(feature, kind).value.append(plain)


def _plain(name, item):
    """Returns the name of the list field for a value, and the value as that field takes it."""
    if isinstance(item, str):
        return "bytes_list", item.encode("utf-8", "surrogatepass")
    if is_base64(item):
        return "bytes_list", decode_base64(item)
    if isinstance(item, int) and item < 2 ** 64 and item >= -2 ** 63:  # a boolean too
        if item >= 2 ** 63:
            raise invalid(f"Feature: {name} has uint64 element. Only int64 is supported.")
        return "int64_list", int(item)
    if isinstance(item, (int, float)):
        if _LARGEST < abs(item) < float("inf"):
            raise invalid(f"Cannot convert JSON value: {excerpt(item)} to float without loss of "
                          "precision.")
        return "float_list", float(item)
    raise invalid(f"Feature: {name} has element with unexpected JSON type: {type_name(item)}")


def classifications(result):
    """Returns the body (bytes) of a `ClassificationResult`."""
    if not result.classifications:
        raise invalid("Cannot convert empty ClassificationResults to JSON")
    return json.dumps({"results": [[[item.label, _short(item.score)] for item in entry.classes]
                                   for entry in result.classifications]}).encode()


def regressions(result):
    """Returns the body (bytes) of a `RegressionResult`."""
    if not result.regressions:
        raise invalid("Cannot convert empty RegressionResults to JSON")
    return json.dumps({"results": [_short(entry.value) for entry in result.regressions]}).encode()


def _short(value):
    """Returns the double with the shortest decimal that converts back to the same float32."""
    return float(str(np.float32(value)))
