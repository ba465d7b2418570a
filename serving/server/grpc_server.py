"""The gRPC API of TensorFlow Serving: `PredictionService` and `ModelService`."""
import contextlib
import threading
from concurrent import futures

import grpc
from google.protobuf.message import DecodeError

from runtime.cli import UserError
from serving import tensor_proto
from serving.server import access_log, config, examples, messages, unix_socket
from serving.server.rest.application import MAX_BODY
from serving.server.servables import work
from serving.server.servables.saved_model import DEFAULT_SIGNATURE
from serving.server.status import HTTP_STATUS, StatusError, invalid
from tensorflow_serving.apis import (classification_pb2, get_model_metadata_pb2, get_model_status_pb2, inference_pb2,
                                     model_management_pb2, predict_pb2, regression_pb2)

WAITING = 16  # calls at most whose message has not arrived; where there are more, the oldest one is cancelled
MAX_DETAILS = 2000  # characters of an error text, which is sent in a header of at most 8 KiB
MAX_TENSOR = 64 * 2 ** 20  # bytes of one input


class Services:
    """The methods of both services. Each takes a request and its time limit in seconds, and returns the response."""

    def __init__(self, models, work):
        """`models` is a `models.Models`, `work` a `work.Work`."""
        self._models, self._work = models, work

    def predict(self, request, seconds):
        spec = _spec(request)
        name = spec.signature_name or DEFAULT_SIGNATURE
        with self._models.use(spec.name, self._models.version_of(spec)) as model:
            if name not in model.signatures:
                raise StatusError("FAILED_PRECONDITION",
                                  f'Serving signature key "{name}" not found.')
            inputs = {alias: _array(alias, proto, self._work.limit) for alias, proto in request.inputs.items()}
            outputs = model.predict(name, inputs, list(request.output_filter), seconds)
            version = model.version
        response = predict_pb2.PredictResponse()
        response.model_spec.name, response.model_spec.signature_name = spec.name, name
        response.model_spec.version.value = version
        for alias, array in outputs.items():
            try:
                tensor_proto.fill(response.outputs[alias], array, as_bytes=False)
            except TypeError as error:
                raise StatusError("UNIMPLEMENTED", f"{alias}: {error}")
        return response

    def classify(self, request, seconds):
        return examples.classify(self._models, request, seconds)

    def regress(self, request, seconds):
        return examples.regress(self._models, request, seconds)

    def infer(self, request, seconds):
        return examples.infer(self._models, request, seconds)

    def metadata(self, request, _):
        spec = _spec(request)
        if not request.metadata_field:
            raise invalid("GetModelMetadataRequest must specify at least one metadata_field")
        for field in request.metadata_field:
            if field != "signature_def":
                raise invalid(f"Metadata field {field} is not supported")
        with self._models.use(spec.name, self._models.version_of(spec)) as model:
            return messages.metadata(spec.name, model)

    def status(self, request, _):
        spec = _spec(request)
        return messages.status(self._models.states(spec.name, self._models.version_of(spec)))

    def reload(self, request, _):
        if request.config.WhichOneof("config") != "model_config_list":
            raise invalid("ServerModelConfig type not supported by HandleReloadConfigRequest. Only "
                          "ModelConfigList is currently supported")
        self._models.reload(config.models_of(request.config))
        return model_management_pb2.ReloadConfigResponse(status={"error_code": 0})


def _spec(request):
    if not request.HasField("model_spec"):
        raise invalid("Missing ModelSpec")
    return request.model_spec


def _parsed(request_class, data):
    try:
        return request_class.FromString(data)
    except DecodeError:
        raise invalid(f"The request is not a {request_class.DESCRIPTOR.full_name}")


def _array(alias, proto, most_values):
    try:
        array = tensor_proto.to_array(proto, MAX_TENSOR)
    except ValueError:
        raise invalid(f"tensor parsing error: {alias}")
    if array.size > most_values:
        raise invalid(f"The input {alias} has {array.size} values; the limit is {most_values} ({work.FLAG}). Send "
                      "fewer rows in one request")
    return array


class Arriving:
    """The calls whose message has not arrived, each of which takes a thread. Safe to use from several threads."""

    def __init__(self):
        self._lock, self._contexts = threading.Lock(), []  # oldest first

    def message(self, stream, context):
        """Returns the message (bytes) of a call; None where it ended without one. Raises gRPC's error if cancelled."""
        with self._lock:
            self._contexts.append(context)
            oldest = self._contexts.pop(0) if len(self._contexts) > WAITING else None
        if oldest is not None:
            oldest.cancel()
        try:
            return next(stream, None)
        finally:
            with self._lock, contextlib.suppress(ValueError):  # popped as the oldest one
                self._contexts.remove(context)


class GrpcServer:
    """Serves both services on a port, and on a Unix socket if the settings name one, from `start` to `stop`."""

    def __init__(self, models, metrics, work, settings):
        """Opens the port (0: a free one). `work` is a `work.Work`. Raises `UserError` if that fails."""
        self._services, self._models, self._metrics = Services(models, work), models, metrics
        self._work, self._seconds = work, settings.rest_api_timeout
        options = [("grpc.so_reuseport", 0), ("grpc.max_receive_message_length", MAX_BODY),
                   ("grpc.max_send_message_length", -1)]
        self._slots, self._arriving = threading.BoundedSemaphore(settings.grpc_max_threads), Arriving()
        self._server = grpc.server(
            futures.ThreadPoolExecutor(settings.grpc_max_threads + WAITING, thread_name_prefix="grpc"),
            options=options + list(settings.grpc_arguments))
        self._server.add_generic_rpc_handlers(self._handlers())
        self._socket, self._own = settings.grpc_socket, None
        address = f"[{settings.host}]" if ":" in settings.host else settings.host
        self.port = self._open(f"{address}:{settings.port}")
        if not self.port:
            raise UserError(f"cannot listen at port {settings.port} of {settings.host}: it is in use or not "
                            "permitted; stop the program that uses it, or give --port another")
        if self._socket:
            unix_socket.check(self._socket)
            unix_socket.warn_if_live(self._socket)
            if not self._open(f"unix:{self._socket}"):
                raise UserError(f"{unix_socket.FLAG} {self._socket}: cannot be made; give a path in your own folder")
            self._own = unix_socket.identity(self._socket)

    def _open(self, address):
        """Returns the port, or 1 of a Unix socket; 0 if that fails."""
        try:
            return self._server.add_insecure_port(address)
        except RuntimeError:
            return 0

    def _handlers(self):
        services = self._services
        prediction = {
            "Predict": (services.predict, predict_pb2.PredictRequest),
            "Classify": (services.classify, classification_pb2.ClassificationRequest),
            "Regress": (services.regress, regression_pb2.RegressionRequest),
            "MultiInference": (services.infer, inference_pb2.MultiInferenceRequest),
            "GetModelMetadata": (services.metadata, get_model_metadata_pb2.GetModelMetadataRequest)}
        model = {
            "GetModelStatus": (services.status, get_model_status_pb2.GetModelStatusRequest),
            "HandleReloadConfigRequest": (services.reload,
                                          model_management_pb2.ReloadConfigRequest)}
        return [grpc.method_handlers_generic_handler(
            f"tensorflow.serving.{service}",
            {name: self._handler(name, *method) for name, method in methods.items()})
            for service, methods in (("PredictionService", prediction), ("ModelService", model))]

    def _handler(self, name, method, request_class):
        """Returns gRPC's handler of a method: logs each request and converts a `StatusError` to its code."""
        def handle(stream, context):
            data = self._arriving.message(stream, context)
            with self._slots:
                return answer(data, context)

        def answer(data, context):
            request = access_log.Request("gRPC", name)
            seconds = context.time_remaining()
            try:
                if data is None:
                    raise invalid("The call ended without a message")
                with self._work.body(len(data), min(self._seconds, self._seconds if seconds is None else seconds)):
                    return self._answer(method, _parsed(request_class, data), name, context, request)
            except StatusError as error:
                error.drop_traceback()
                code, details = error.code, error.message
                request.log(code, HTTP_STATUS[code], details)
            except Exception as error:
                code, details = "INTERNAL", "Internal error"
                request.log(code, HTTP_STATUS[code], repr(error), exc_info=True)
            context.abort(grpc.StatusCode[code], details[:MAX_DETAILS])

        # Of a stream, for a thread would wait without limit for the message of a unary call; of bytes, for a large
        # message is decoded when it is its turn.
        return grpc.stream_unary_rpc_method_handler(handle)

    def _answer(self, method, message, name, context, request):
        """Returns the response (bytes) of a method to a message, and logs the request."""
        request.about(**_fields(message))
        with self._metrics.request(self._models.served_name(_model_of(message)), name, "GRPC"):
            response = method(message, context.time_remaining())
        request.about(**_fields(response))
        request.log("OK", 200)
        return response.SerializeToString()

    def start(self):
        self._server.start()

    def stop(self):
        """Waits for running requests (at most 2 s), then closes all connections."""
        self._server.stop(grace=2).wait(timeout=5)
        if self._socket:
            unix_socket.release(self._socket, self._own)


def _spec_of(message):
    """Returns the `ModelSpec` of a request or response (several tasks: of the first one), or None."""
    for field in ("tasks", "results"):
        if hasattr(message, field):
            message = next(iter(getattr(message, field)), None)
    return getattr(message, "model_spec", None)


def _model_of(message):
    """Returns the name of the model in a request, or the empty string."""
    return getattr(_spec_of(message), "name", "")


def _fields(message):
    """Returns model, version and signature in a request or response, for the log."""
    spec = _spec_of(message)
    if spec is None:
        return {}
    return {"model": spec.name, "signature": spec.signature_name,
            "version": spec.version.value if spec.HasField("version") else spec.version_label}
