"""Tensor messages, as TensorFlow itself writes and reads them."""
import numpy as np
import pytest
from tensorflow.core.framework import tensor_pb2

from runtime.tf1 import tf
from serving import tensor_proto


def message(dtype, shape, **fields):
    proto = tensor_pb2.TensorProto(dtype=tf.as_dtype(dtype).as_datatype_enum)
    for size in shape:
        proto.tensor_shape.dim.add(size=size)
    for name, values in fields.items():
        if name == "tensor_content":
            proto.tensor_content = values
        else:
            getattr(proto, name).extend(values)
    return proto


@pytest.mark.parametrize("proto, values", [
    (message("float32", [3], float_val=[2.]), [2, 2, 2]),
    (message("int64", [2, 2], int64_val=[7, 8]), [[7, 8], [8, 8]]),
    (message("float64", [2]), [0, 0]), (message("bool", []), False),
    (message("string", [2]), [b"", b""]), (message("string", [2], string_val=[b"a"]), [b"a", b"a"]),
    (message("float16", [2], half_val=[15360]), [1, 1]),
    (message("int8", [2], int_val=[-3, 4]), [-3, 4]),
    (message("int32", [2], tensor_content=b"\1\0\0\0\2\0\0\0"), [1, 2]),
])
def test_the_last_value_of_a_short_field_is_repeated(proto, values):
    array = tensor_proto.to_array(proto, 100)
    assert array.tolist() == values
    with tf.Graph().as_default(), tf.Session() as session:
        np.testing.assert_array_equal(session.run(constant_of(proto)), array)


def constant_of(proto):
    """What TensorFlow's runtime makes of the message."""
    graph = tf.GraphDef()
    node = graph.node.add(name="c", op="Const")
    node.attr["dtype"].type = proto.dtype
    node.attr["value"].tensor.CopyFrom(proto)
    return tf.import_graph_def(graph, return_elements=["c:0"])[0]


@pytest.mark.parametrize("proto", [
    message("float32", [1], float_val=[1, 2]), message("float32", [-1]),
    message("float32", [10 ** 9]), message("float32", [2 ** 62, 2 ** 62]),
    message("complex64", [1]), message("float32", [1] * 40, float_val=[1]),
    message("int32", [2], tensor_content=b"\1\0\0"),
    message("int32", [2], tensor_content=b"\1\0\0\0"),
    tensor_pb2.TensorProto(),
])
def test_an_invalid_tensor_is_refused(proto):
    with pytest.raises(ValueError):
        tensor_proto.to_array(proto, 100)


def test_an_unknown_rank_is_refused():
    proto = message("float32", [], float_val=[1])
    proto.tensor_shape.unknown_rank = True
    with pytest.raises(ValueError):
        tensor_proto.to_array(proto, 100)


def test_a_dtype_without_a_tensor_type_is_refused():
    with pytest.raises(TypeError, match="complex64"):
        tensor_proto.fill(tensor_pb2.TensorProto(), np.complex64([1]), as_bytes=True)
