"""Converts numpy arrays to TensorProto messages and back, for client and server. Does not import TensorFlow.

A message holds its values in the typed field of its dtype (`float_val`, `int_val`, ...) or as bytes in
`tensor_content`. The server writes typed fields, as TensorFlow Serving does by default, because clients read them;
the client sends bytes, which is faster. If a field has fewer values than the shape has elements, its last value is
repeated (an empty field: zeros), as in TensorFlow.
"""
import numpy as np

_TYPES = {  # dtype -> its number and its field
    "float32": (1, "float_val"), "float64": (2, "double_val"), "int32": (3, "int_val"),
    "uint8": (4, "int_val"), "int16": (5, "int_val"), "int8": (6, "int_val"),
    "object": (7, "string_val"), "int64": (9, "int64_val"), "bool": (10, "bool_val"),
    "uint16": (17, "int_val"), "float16": (19, "half_val"), "uint32": (22, "uint32_val"),
    "uint64": (23, "uint64_val")}
_NAMES = {number: name for name, (number, _) in _TYPES.items()}


def fill(proto, array, as_bytes):
    """Writes an array into the empty message `proto` (strings: dtype object, elements bytes).

    Raises:
      TypeError: TensorProto has no such dtype.
    """
    name = array.dtype.name
    if name not in _TYPES:
        raise TypeError(f"TensorProto has no dtype {array.dtype}")
    proto.dtype, field = _TYPES[name]
    for length in array.shape:
        proto.tensor_shape.dim.add(size=length)
    if as_bytes and name != "object":
        proto.tensor_content = array.tobytes()
    else:
        flat = array.ravel()
        getattr(proto, field).extend((flat.view(np.uint16) if name == "float16" else flat).tolist())


def to_array(proto, most_bytes):
    """Returns the array of a message (strings: dtype object, elements bytes).

    Args:
      most_bytes: the largest size of the array, because a message of a few bytes can declare any shape.

    Raises:
      ValueError: the message is not a valid tensor, or the array would be too large.
    """
    name = _NAMES.get(proto.dtype)
    shape = [dimension.size for dimension in proto.tensor_shape.dim]
    if name is None or proto.tensor_shape.unknown_rank or min(shape, default=0) < 0:
        raise ValueError("no dtype or no shape")
    if len(shape) > 32:  # the limit of numpy
        raise ValueError("too many dimensions")
    dtype, size = np.dtype(name), 1
    for length in shape:
        size *= length
    if size * dtype.itemsize > most_bytes:
        raise ValueError("too large")
    if proto.tensor_content and name != "object":
        return np.frombuffer(proto.tensor_content, dtype).reshape(shape).copy()
    return _from_field(getattr(proto, _TYPES[name][1]), dtype, size).reshape(shape)


def _from_field(field, dtype, size):
    if len(field) > size:
        raise ValueError("more values than elements")
    kind = np.dtype(np.uint16) if dtype == np.float16 else dtype
    if dtype == object:
        given = np.empty(len(field), object)
        given[:] = field
    else:
        given = np.fromiter(field, kind, len(field))
    if len(given) < size:
        rest = given[-1] if len(given) else b"" if dtype == object else 0
        given = np.concatenate([given, np.full(size - len(given), rest, kind)])
    return given.view(np.float16) if dtype == np.float16 else given
