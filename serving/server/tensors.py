"""Arrays <-> TensorProto messages.

Imports TensorFlow. Answers hold their values in the typed field of their dtype (`float_val`,
`int_val`, ...), as TensorFlow Serving's do by default, because clients read that field.
"""
import numpy as np
import tensorflow as tf
from tensorflow.core.framework import tensor_pb2

from serving.server.status import invalid

MAX_BYTES = 64 * 2 ** 20  # of one input; a message of a few bytes can claim any shape

_FIELDS = {"float32": "float_val", "float64": "double_val", "int64": "int64_val",
           "bool": "bool_val", "uint32": "uint32_val", "uint64": "uint64_val"}


def to_array(proto, name):
    """The array of an input; `name` is for the error."""
    try:
        shape = [dimension.size for dimension in proto.tensor_shape.dim]
        size = int(np.prod([float(length) for length in shape]))
        item = tf.as_dtype(proto.dtype).size or 1
        if proto.tensor_shape.unknown_rank or min(shape, default=0) < 0 or size * item > MAX_BYTES:
            raise ValueError("no shape, or too large a one")
        return tf.make_ndarray(proto)
    except (ValueError, TypeError, KeyError, OverflowError):
        raise invalid(f"tensor parsing error: {name}")


def to_proto(array):
    """The message of an output."""
    dtype = tf.as_dtype(array.dtype)
    proto = tensor_pb2.TensorProto(dtype=dtype.as_datatype_enum)
    for length in array.shape:
        proto.tensor_shape.dim.add(size=length)
    flat = array.ravel()
    if array.dtype.kind == "O":
        proto.string_val.extend(flat.tolist())
    elif array.dtype.name in _FIELDS:
        getattr(proto, _FIELDS[array.dtype.name]).extend(flat.tolist())
    elif array.dtype.name == "float16":
        proto.half_val.extend(flat.view(np.uint16).tolist())
    elif array.dtype.kind in "iu":
        proto.int_val.extend(flat.tolist())
    else:
        proto.tensor_content = flat.tobytes()
    return proto
