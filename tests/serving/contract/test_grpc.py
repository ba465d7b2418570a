"""The gRPC contract, against a running server."""
import grpc
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from runtime.tf1 import tf
from serving import tensor_proto
from tensorflow_serving.apis import (get_model_metadata_pb2, get_model_status_pb2, model_service_pb2_grpc, predict_pb2,
                                     prediction_service_pb2_grpc)
from tests.serving.conftest import MODEL, VERSION

DTYPES = [
    "float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "uint16", "bool"]
SHAPES = arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3)


@pytest.fixture(scope="module")
def prediction(channel):
    return prediction_service_pb2_grpc.PredictionServiceStub(channel)


@pytest.fixture(scope="module")
def models(channel):
    return model_service_pb2_grpc.ModelServiceStub(channel)


def request(signature="", outputs=(), version=None, **inputs):
    message = predict_pb2.PredictRequest(output_filter=outputs)
    message.model_spec.name, message.model_spec.signature_name = MODEL, signature
    if version is not None:
        message.model_spec.version.value = version
    for name, value in inputs.items():
        message.inputs[name].CopyFrom(tf.make_tensor_proto(value))
    return message


def refused(method, message):
    """The code's name and the details of a call that must fail."""
    with pytest.raises(grpc.RpcError) as raised:
        method(message, timeout=30)
    return raised.value.code().name, raised.value.details()


def test_predict(prediction):
    for version in (None, VERSION):
        answer = prediction.Predict(request(version=version, x=np.float32([1, 2, 5])), timeout=30)
        assert list(answer.outputs["y"].float_val) == [3, 5, 11]  # where clients read it
        assert answer.outputs["y"].dtype == tf.float32.as_datatype_enum
        assert [dim.size for dim in answer.outputs["y"].tensor_shape.dim] == [3]
        assert answer.model_spec.name == MODEL and answer.model_spec.version.value == VERSION
        assert answer.model_spec.signature_name == "serving_default"


def test_only_the_requested_outputs_are_returned(prediction):
    inputs = {"x": np.float32([[1, 2]]), "n": np.int32([3])}
    everything = prediction.Predict(request("two", **inputs), timeout=30).outputs
    assert set(everything) == {"total", "next"}
    chosen = prediction.Predict(request("two", ["next"], **inputs), timeout=30).outputs
    assert set(chosen) == {"next"} and list(chosen["next"].int_val) == [4]
    assert refused(prediction.Predict, request("two", ["sum"], **inputs)) == (
        "INVALID_ARGUMENT", "output tensor alias not found in signature: sum Outputs expected to "
                            "be in the set {next,total}.")
    assert refused(prediction.Predict, request("two", ["next", "next"], **inputs)) == (
        "INVALID_ARGUMENT", "duplicate output tensor alias: next")


@pytest.mark.parametrize("message, code, details", [
    (request("absent", x=np.float32([1])), "FAILED_PRECONDITION",
     'Serving signature key "absent" not found.'),
    (request(), "INVALID_ARGUMENT",
     "input size does not match signature: 0!=1 len({}) != len({x}). Sent extra: {}. "
     "Missing but required: {x}."),
    (request(x=np.float32([1]), z=np.float32([1])), "INVALID_ARGUMENT",
     "input size does not match signature: 2!=1 len({x,z}) != len({x}). Sent extra: {z}. "
     "Missing but required: {}."),
    (request(z=np.float32([1])), "INVALID_ARGUMENT",
     "input tensor alias not found in signature: z. Inputs expected to be in the set {x}."),
    (request(x=np.int32([1])), "INVALID_ARGUMENT",
     "Expects arg[0] to be float but int32 is provided"),
    (request(x=["a"]), "INVALID_ARGUMENT", "Expects arg[0] to be float but string is provided"),
    (request("gather", id=np.int32([5])), "INVALID_ARGUMENT", "indices[0] = 5 is not in [0, 5)"),
    (request("gather", id=np.int32([0, -1])), "INVALID_ARGUMENT",
     "indices[1] = -1 is not in [0, 5)"),
    (request(version=9, x=np.float32([1])), "NOT_FOUND",
     f"Servable not found for request: Specific({MODEL}, 9)"),
    (predict_pb2.PredictRequest(), "INVALID_ARGUMENT", "Missing ModelSpec"),
    (predict_pb2.PredictRequest(model_spec={"signature_name": "x"}), "INVALID_ARGUMENT",
     "ModelSpec has no name specified."),
    (predict_pb2.PredictRequest(model_spec={"name": "other"}), "NOT_FOUND",
     "Servable not found for request: Latest(other)"),
    (predict_pb2.PredictRequest(model_spec={"name": MODEL, "version_label": "best"}),
     "INVALID_ARGUMENT", "Unrecognized servable version label: best"),
], ids=lambda value: value if isinstance(value, str) else "")
def test_a_request_that_does_not_match_the_signature_is_refused(prediction, message, code, details):
    given_code, given_details = refused(prediction.Predict, message)
    assert (given_code, given_details[:len(details)]) == (code, details)


@pytest.mark.parametrize("shape, values", [
    ([2], [1.0, 2.0, 3.0]), ([-1], [1.0]), ([10 ** 12], [1.0]), ([2 ** 62, 2 ** 62], [1.0])])
def test_an_invalid_tensor_message_is_refused(prediction, shape, values):
    message = request(x=np.float32([1]))
    tensor = message.inputs["x"]
    tensor.ClearField("tensor_shape")
    for size in shape:
        tensor.tensor_shape.dim.add(size=size)
    tensor.float_val[:] = values
    assert refused(prediction.Predict, message) == ("INVALID_ARGUMENT", "tensor parsing error: x")


def test_status(models):
    message = get_model_status_pb2.GetModelStatusRequest()
    assert refused(models.GetModelStatus, message) == ("INVALID_ARGUMENT", "Missing ModelSpec")
    message.model_spec.name = MODEL
    for version in (None, VERSION):
        if version:
            message.model_spec.version.value = version
        entry, = models.GetModelStatus(message, timeout=30).model_version_status
        assert (entry.version, entry.State.Name(entry.state)) == (VERSION, "AVAILABLE")
        assert (entry.status.error_code, entry.status.error_message) == (0, "")
    message.model_spec.version.value = 9
    assert refused(models.GetModelStatus, message) == (
        "NOT_FOUND", f"Could not find version 9 of model {MODEL}")


def test_metadata(prediction):
    message = get_model_metadata_pb2.GetModelMetadataRequest()
    message.model_spec.name = MODEL
    assert refused(prediction.GetModelMetadata, message) == (
        "INVALID_ARGUMENT", "GetModelMetadataRequest must specify at least one metadata_field")
    message.metadata_field.append("signature_def")
    answer = prediction.GetModelMetadata(message, timeout=30)
    signatures = get_model_metadata_pb2.SignatureDefMap()
    assert answer.metadata["signature_def"].Unpack(signatures)
    assert answer.model_spec.version.value == VERSION
    assert signatures.signature_def["scaled"].inputs["x"].tensor_shape.dim[1].size == 3
    message.metadata_field.append("assets")
    assert refused(prediction.GetModelMetadata, message) == (
        "INVALID_ARGUMENT", "Metadata field assets is not supported")


@pytest.mark.filterwarnings("ignore:Unexpected end-group tag")
@settings(deadline=None, max_examples=60)
@given(noise=st.binary(max_size=60), method=st.sampled_from([
    "PredictionService/Predict", "PredictionService/MultiInference", "ModelService/GetModelStatus"]))
def test_any_bytes_are_answered(channel, noise, method):
    """INTERNAL is gRPC's own word for bytes that are no message."""
    call = channel.unary_unary(f"/tensorflow.serving.{method}")
    code, _ = refused(call, noise)
    assert code in ("INTERNAL", "INVALID_ARGUMENT", "NOT_FOUND")


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_any_tensor_is_answered(prediction, data):
    dtype, shape = data.draw(st.sampled_from(DTYPES)), data.draw(SHAPES)
    signature = data.draw(st.sampled_from(["", "two", "gather", "types", "text", "nothing"]))
    names = data.draw(st.sets(st.sampled_from(["x", "n", "id", "word", "z"]), max_size=2))
    inputs = {name: data.draw(arrays.arrays(dtype, shape)) for name in names}
    try:
        prediction.Predict(request(signature, **inputs), timeout=30)
    except grpc.RpcError as error:
        assert error.code().name in ("INVALID_ARGUMENT", "FAILED_PRECONDITION"), error


@pytest.mark.parametrize("dtype", DTYPES)
@settings(deadline=None, max_examples=30)
@given(data=st.data())
def test_arrays_survive_as_messages(dtype, data):
    array = data.draw(arrays.arrays(dtype, SHAPES))
    by_field, by_bytes = tf.make_tensor_proto(0), tf.make_tensor_proto(0)
    for proto, as_bytes in ((by_field, False), (by_bytes, True)):
        proto.Clear()
        tensor_proto.fill(proto, array, as_bytes)
    for proto in (by_field, by_bytes, tf.make_tensor_proto(array, shape=array.shape)):
        read = tensor_proto.to_array(proto, 2 ** 20)
        assert (read.dtype, read.shape) == (array.dtype, array.shape)
        assert read.tobytes() == array.tobytes() or np.isnan(array.astype(np.float64)).any()
