"""The model server's gRPC API, as seen from a client: one model, on one channel.

The messages of tensorflow-serving-api import TensorFlow. Nothing else here does.
"""
import grpc
import numpy as np
from google.protobuf import json_format
from tensorflow_serving.apis import (get_model_metadata_pb2, get_model_status_pb2,
                                     model_service_pb2_grpc, predict_pb2,
                                     prediction_service_pb2_grpc)

from serving.errors import (BAD_ANSWER, INVALID, NOT_FOUND, TIMEOUT, UNAVAILABLE, UNREACHABLE,
                            ModelServerError)

MAX_ANSWER = 64 * 2 ** 20  # bytes
_REASONS = {"UNAVAILABLE": UNREACHABLE, "DEADLINE_EXCEEDED": TIMEOUT, "NOT_FOUND": NOT_FOUND,
            "INVALID_ARGUMENT": INVALID, "FAILED_PRECONDITION": INVALID, "OUT_OF_RANGE": INVALID,
            "UNIMPLEMENTED": INVALID}
_TYPES = {"float32": (1, "float_val"), "float64": (2, "double_val"), "int32": (3, "int_val"),
          "uint8": (4, "int_val"), "int16": (5, "int_val"), "int8": (6, "int_val"),
          "object": (7, "string_val"), "int64": (9, "int64_val"), "bool": (10, "bool_val"),
          "uint16": (17, "int_val"), "float16": (19, "half_val"), "uint32": (22, "uint32_val"),
          "uint64": (23, "uint64_val")}  # dtype -> its number and its field in a TensorProto
_NAMES = {number: name for name, (number, _) in _TYPES.items()}


class GrpcTransport:
    """Calls about one model. A channel is shared by all threads."""

    def __init__(self, address, model_name, timeout):
        self._name, self._timeout = model_name, timeout
        channel = grpc.insecure_channel(address, options=[
            ("grpc.max_receive_message_length", MAX_ANSWER), ("grpc.max_send_message_length", -1),
            ("grpc.enable_http_proxy", 0),
            # a server that comes back is found within a second, not within two minutes
            ("grpc.initial_reconnect_backoff_ms", 100), ("grpc.min_reconnect_backoff_ms", 1000),
            ("grpc.max_reconnect_backoff_ms", 1000)])
        self._predict = prediction_service_pb2_grpc.PredictionServiceStub(channel)
        self._models = model_service_pb2_grpc.ModelServiceStub(channel)

    def predict(self, signature, arrays):
        """The outputs, name -> TensorProto, for `decode`."""
        request = predict_pb2.PredictRequest()
        request.model_spec.name, request.model_spec.signature_name = self._name, signature
        for name, array in arrays.items():
            _fill(request.inputs[name], array)
        return self._call(self._predict.Predict, request).outputs

    def decode(self, outputs, dtypes):
        """name -> array, of any dtype. `dtypes`: those of the signature's outputs, by name."""
        try:
            arrays = {name: _array(proto) for name, proto in outputs.items()}
        except (TypeError, ValueError, KeyError) as error:
            raise ModelServerError(BAD_ANSWER, f"outputs: {error}")
        if set(arrays) != set(dtypes):
            raise ModelServerError(BAD_ANSWER, f"outputs are not {', '.join(sorted(dtypes))}: "
                                               f"{', '.join(sorted(arrays))}")
        return arrays

    def status(self):
        request = get_model_status_pb2.GetModelStatusRequest()
        request.model_spec.name = self._name
        return _plain(self._call(self._models.GetModelStatus, request))

    def metadata(self):
        request = get_model_metadata_pb2.GetModelMetadataRequest(metadata_field=["signature_def"])
        request.model_spec.name = self._name
        answer = self._call(self._predict.GetModelMetadata, request)
        signatures = get_model_metadata_pb2.SignatureDefMap()
        if not answer.metadata["signature_def"].Unpack(signatures):
            raise ModelServerError(BAD_ANSWER, "metadata without signatures")
        return {"model_spec": _plain(answer.model_spec),
                "metadata": {"signature_def": _plain(signatures)}}

    def _call(self, method, request):
        try:
            return method(request, timeout=self._timeout)
        except grpc.RpcError as error:
            code = error.code().name
            raise ModelServerError(_REASONS.get(code, UNAVAILABLE), error.details(), code)


def _fill(proto, array):
    """Makes an empty TensorProto the message of an array."""
    if array.dtype.name not in _TYPES:
        raise ModelServerError(INVALID, f"no tensor holds {array.dtype}")
    proto.dtype, _ = _TYPES[array.dtype.name]
    for length in array.shape:
        proto.tensor_shape.dim.add(size=length)
    if array.dtype == object:
        proto.string_val.extend(array.ravel().tolist())
    else:
        proto.tensor_content = array.tobytes()


def _array(proto):
    """The array of a TensorProto. Raises KeyError or ValueError where there is none."""
    name = _NAMES[proto.dtype]
    dtype, (_, field) = np.dtype(name), _TYPES[name]
    shape = [dimension.size for dimension in proto.tensor_shape.dim]
    if proto.tensor_content:
        return np.frombuffer(proto.tensor_content, dtype).reshape(shape).copy()
    values = np.array(getattr(proto, field), np.uint16 if name == "float16" else dtype)
    if values.size == 1:  # one value may stand for all
        values = np.broadcast_to(values, int(np.prod(shape)))
    return (values.view(dtype) if name == "float16" else values).reshape(shape).copy()


def _plain(message):
    return json_format.MessageToDict(message, including_default_value_fields=True,
                                     preserving_proto_field_name=True)
