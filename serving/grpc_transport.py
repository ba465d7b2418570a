"""gRPC calls to one model of a model server, on one channel.

Imports TensorFlow, through the messages of tensorflow-serving-api.
"""
import grpc

from serving import tensor_proto
from serving.errors import BAD_ANSWER, INVALID, NOT_FOUND, TIMEOUT, UNAVAILABLE, UNREACHABLE, ModelServerError
from serving.protobuf_json import plain
from tensorflow_serving.apis import (get_model_metadata_pb2, get_model_status_pb2, model_service_pb2_grpc, predict_pb2,
                                     prediction_service_pb2_grpc)

MAX_ANSWER = 64 * 2 ** 20  # bytes
_REASONS = {"UNAVAILABLE": UNREACHABLE, "DEADLINE_EXCEEDED": TIMEOUT, "NOT_FOUND": NOT_FOUND,
            "INVALID_ARGUMENT": INVALID, "FAILED_PRECONDITION": INVALID, "OUT_OF_RANGE": INVALID,
            "UNIMPLEMENTED": INVALID}


class GrpcTransport:
    """Calls to one model. All threads share one channel."""

    def __init__(self, address, model_name, timeout):
        self._name, self._timeout = model_name, timeout
        channel = grpc.insecure_channel(address, options=[
            ("grpc.max_receive_message_length", MAX_ANSWER), ("grpc.max_send_message_length", -1),
            ("grpc.enable_http_proxy", 0),
            # a server that restarts is found within a second; gRPC's default is two minutes
            ("grpc.initial_reconnect_backoff_ms", 100), ("grpc.min_reconnect_backoff_ms", 1000),
            ("grpc.max_reconnect_backoff_ms", 1000)])
        self._predict = prediction_service_pb2_grpc.PredictionServiceStub(channel)
        self._models = model_service_pb2_grpc.ModelServiceStub(channel)

    def predict(self, signature, arrays):
        """Returns the outputs, name -> TensorProto, for `decode`."""
        request = predict_pb2.PredictRequest()
        request.model_spec.name, request.model_spec.signature_name = self._name, signature
        for name, array in arrays.items():
            try:
                tensor_proto.fill(request.inputs[name], array, as_bytes=True)
            except TypeError as error:
                raise ModelServerError(INVALID, f"{name}: {error}")
        return self._call(self._predict.Predict, request).outputs

    def decode(self, outputs, dtypes):
        """Returns name -> array, not yet cast. `dtypes`: the signature's outputs, name -> dtype."""
        try:
            arrays = {name: tensor_proto.to_array(proto, MAX_ANSWER)
                      for name, proto in outputs.items()}
        except ValueError as error:
            raise ModelServerError(BAD_ANSWER, f"outputs: {error}")
        if set(arrays) != set(dtypes):
            raise ModelServerError(BAD_ANSWER, f"expected the outputs {', '.join(sorted(dtypes))}, "
                                               f"got {', '.join(sorted(arrays))}")
        return arrays

    def status(self):
        request = get_model_status_pb2.GetModelStatusRequest()
        request.model_spec.name = self._name
        return plain(self._call(self._models.GetModelStatus, request))

    def metadata(self):
        request = get_model_metadata_pb2.GetModelMetadataRequest(metadata_field=["signature_def"])
        request.model_spec.name = self._name
        answer = self._call(self._predict.GetModelMetadata, request)
        signatures = get_model_metadata_pb2.SignatureDefMap()
        if not answer.metadata["signature_def"].Unpack(signatures):
            raise ModelServerError(BAD_ANSWER, "metadata without signatures")
        return {"model_spec": plain(answer.model_spec),
                "metadata": {"signature_def": plain(signatures)}}

    def _call(self, method, request):
        try:
            return method(request, timeout=self._timeout)
        except grpc.RpcError as error:
            code = error.code().name
            raise ModelServerError(_REASONS.get(code, UNAVAILABLE), error.details(), code)
