"""Converts protobuf messages to plain objects for JSON, as TensorFlow Serving does, for client and server."""
import inspect

from google.protobuf import json_format

# protobuf 5 renamed the argument.
_WITH_DEFAULTS = next(name for name in ("always_print_fields_with_no_presence", "including_default_value_fields")
                      if name in inspect.signature(json_format.MessageToDict).parameters)


def plain(message):
    """Returns a message as a dictionary, with the names of its fields in the .proto file, and with default values."""
    return json_format.MessageToDict(message, preserving_proto_field_name=True, **{_WITH_DEFAULTS: True})
