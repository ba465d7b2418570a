"""The gRPC half: `PredictionService` and `ModelService` of TensorFlow Serving.

Served are Predict, GetModelMetadata and GetModelStatus; any other method is UNIMPLEMENTED.
"""
from concurrent import futures
import os

import grpc
from tensorflow_serving.apis import get_model_metadata_pb2, get_model_status_pb2, predict_pb2

from command import UserError, log
from serving.server import messages, tensors
from serving.server.rest import DEFAULT_SIGNATURE, MAX_BODY
from serving.server.status import StatusError, invalid

THREADS = 4 * (os.cpu_count() or 1)
MAX_DETAILS = 2000  # characters; they travel in a header, and a header has room for 8 KiB


class Services:
    """The methods, over a `model_server.ModelServer`: each takes a request, gives a response."""

    def __init__(self, models):
        self._models = models

    def predict(self, request):
        spec = _spec(request)
        name = spec.signature_name or DEFAULT_SIGNATURE
        with self._models.use(spec.name, self._version(spec)) as model:
            if name not in model.signatures:
                raise StatusError("FAILED_PRECONDITION",
                                  f'Serving signature key "{name}" not found.')
            inputs = {alias: tensors.to_array(proto, alias)
                      for alias, proto in request.inputs.items()}
            outputs = model.predict(name, inputs, list(request.output_filter))
            version = model.version
        response = predict_pb2.PredictResponse()
        response.model_spec.name, response.model_spec.signature_name = spec.name, name
        response.model_spec.version.value = version
        for alias, array in outputs.items():
            response.outputs[alias].CopyFrom(tensors.to_proto(array))
        return response

    def metadata(self, request):
        spec = _spec(request)
        if not request.metadata_field:
            raise invalid("GetModelMetadataRequest must specify at least one metadata_field")
        for field in request.metadata_field:
            if field != "signature_def":
                raise invalid(f"Metadata field {field} is not supported")
        with self._models.use(spec.name, self._version(spec)) as model:
            return messages.metadata(spec.name, model)

    def status(self, request):
        spec = _spec(request)
        return messages.status(self._models.states(spec.name, self._version(spec)))

    def _version(self, spec):
        choice = spec.WhichOneof("version_choice")
        if choice == "version_label":
            return self._models.labelled(spec.name, spec.version_label)
        return spec.version.value if choice else None


def _spec(request):
    if not request.HasField("model_spec"):
        raise invalid("Missing ModelSpec")
    return request.model_spec


class GrpcServer:
    """Serves the services on a port, in threads of its own, from `start` to `stop`."""

    def __init__(self, models, host, port):
        """Takes the port (0: a free one). Raises `UserError` if it cannot be had."""
        services = Services(models)
        self._server = grpc.server(
            futures.ThreadPoolExecutor(THREADS, thread_name_prefix="grpc"),
            options=[("grpc.so_reuseport", 0), ("grpc.max_receive_message_length", MAX_BODY),
                     ("grpc.max_send_message_length", -1)])
        self._server.add_generic_rpc_handlers([
            grpc.method_handlers_generic_handler("tensorflow.serving.PredictionService", {
                "Predict": _handler(services.predict, predict_pb2.PredictRequest),
                "GetModelMetadata": _handler(services.metadata,
                                             get_model_metadata_pb2.GetModelMetadataRequest)}),
            grpc.method_handlers_generic_handler("tensorflow.serving.ModelService", {
                "GetModelStatus": _handler(services.status,
                                           get_model_status_pb2.GetModelStatusRequest)})])
        address = f"[{host}]" if ":" in host else host
        try:
            self.port = self._server.add_insecure_port(f"{address}:{port}")
        except RuntimeError:
            self.port = 0
        if not self.port:
            raise UserError(f"cannot listen on port {port} of {host}: it is in use, or not ours to "
                            "use; stop what uses it, or give --port another")

    def start(self):
        self._server.start()

    def stop(self):
        """Lets running requests end (2 s at most), and closes every connection."""
        self._server.stop(grace=2).wait()


def _handler(method, request_class):
    """A method as gRPC wants it, with `StatusError` turned into its code."""
    def handle(request, context):
        try:
            return method(request)
        except StatusError as error:
            code, details = error.code, error.message
        except Exception:
            log.exception("gRPC %s", request_class.__name__)
            code, details = "INTERNAL", "Internal error"
        context.abort(grpc.StatusCode[code], details[:MAX_DETAILS])

    return grpc.unary_unary_rpc_method_handler(
        handle, request_deserializer=request_class.FromString,
        response_serializer=lambda response: response.SerializeToString())
