"""The REST API of TensorFlow Serving as a WSGI application: paths, bodies and status codes.

    GET  /v1/models/<m>[/versions/<v>|/labels/<l>]             status
    GET  /v1/models/<m>[/versions/<v>|/labels/<l>]/metadata    signatures
    POST /v1/models/<m>[/versions/<v>|/labels/<l>]:predict     see `json_request`, `json_response`
    POST ...                                :classify|regress  see `json_examples`
    GET  /monitoring/prometheus/metrics                        if metrics are on
"""
import http.client
import json
import re
import zlib

from runtime import memory
from serving.server import access_log, examples, messages
from serving.server.rest import json_examples, json_request, json_response
from serving.server.servables.saved_model import DEFAULT_SIGNATURE
from serving.server.servables.version_folders import MAX_VERSION
from serving.server.status import HTTP_STATUS, StatusError, invalid
from tensorflow_serving.apis import classification_pb2, regression_pb2

MAX_BODY = 32 * 2 ** 20  # bytes of a request
LARGE = 2 ** 20  # bytes of a request; after a larger one, free memory is returned to the system

_WHICH = r"(?:/versions/(\d+)|/labels/([^/:]+))?"
_CALL = re.compile(r"/v1/models/([^/:]+)" + _WHICH + ":(classify|regress|predict)", re.I | re.A)
_ABOUT = re.compile(r"/v1/models(?:/([^/:]+))?" + _WHICH + "(?:/(metadata))?", re.I | re.A)
_NO_PAGE = (b"<HTML><HEAD>\n<TITLE>404 Not Found</TITLE>\n</HEAD><BODY>\n<H1>Not Found</H1>\n"
            b"</BODY></HTML>\n")


class TooLarge(Exception):
    """A body of more than MAX_BODY bytes."""


class RestApplication:
    """The WSGI application over a `models.Models`."""

    def __init__(self, models, metrics, work, settings):
        """`metrics` is a `metrics.Metrics`, `work` a `work.Work`, `settings` a `config.Settings`."""
        self._models, self._metrics, self._metrics_path = models, metrics, settings.metrics_path
        self._work, self._seconds = work, settings.rest_api_timeout

    def __call__(self, environ, start_response):
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
        kind = "application/json"
        if path == self._metrics_path:
            status, body, kind = 200, self._metrics.page().encode(), "text/plain"
        elif not path.lower().startswith("/v1/"):
            status, body, kind = 404, _NO_PAGE, "text/html"
        else:
            status, body = self._answer(environ, path)
            if int(environ.get("CONTENT_LENGTH") or 0) > LARGE:
                memory.release()
        start_response(f"{status} {http.client.responses.get(status, 'Error')}",
                       [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body]

    def _answer(self, environ, path):
        """Returns the HTTP status and the body (bytes), and logs the request."""
        request = access_log.Request("REST", f"{environ['REQUEST_METHOD']} {path}")
        try:
            with self._work.body(_size(environ), self._seconds):
                body = self._respond(environ["REQUEST_METHOD"], path, _body(environ), request)
            request.log(200, 200)
            return 200, body
        except StatusError as error:
            error.drop_traceback()
            status, message = HTTP_STATUS[error.code], error.message
            request.log(status, status, message)
        except TooLarge:
            status, message = 413, f"The body is larger than {MAX_BODY} bytes"
            request.log(status, status, message)
        except Exception as error:
            status, message = 500, "Internal error"
            request.log(status, status, repr(error), exc_info=True)
        return status, json.dumps({"error": message}).encode()

    def _respond(self, method, path, body, request):
        """Returns the body (bytes) of a successful response."""
        call = _CALL.fullmatch(path) if method == "POST" else None
        about = _ABOUT.fullmatch(path) if method == "GET" else None
        if call:
            return self._call(*call.groups(), body=body, request=request)
        if about:
            return json.dumps(self._about(*about.groups(), request=request), indent=1).encode()
        raise invalid(f"Malformed request: {method} {path}")

    def _about(self, name, number, label, metadata, request):
        if not name:
            raise invalid("Missing model name in request.")
        version = self._version(name, number, label)
        request.method = "metadata" if metadata else "status"
        request.about(model=name, version=version)
        if not metadata:
            return messages.status_json(self._models.states(name, version))
        with self._models.use(name, version) as model:
            request.about(version=model.version)
            return messages.metadata_json(name, model)

    def _call(self, name, number, label, method, body, request):
        request.method = method.lower()
        with self._metrics.request(self._models.served_name(name), request.method.capitalize(), "REST"):
            version = self._version(name, number, label)
            request.about(model=name, version=version)
            if request.method == "predict":
                return self._predict(name, version, body, request)
            return self._examples(name, version, body, request)

    def _examples(self, name, version, body, request):
        message, method, encode = {
            "classify": (classification_pb2.ClassificationRequest(), examples.classify, json_examples.classifications),
            "regress": (regression_pb2.RegressionRequest(), examples.regress, json_examples.regressions),
        }[request.method]
        message.model_spec.name = name
        if version is not None:
            message.model_spec.version.value = version
        json_examples.fill(body, message, self._work.limit)
        response = method(self._models, message)
        request.about(version=response.model_spec.version.value, signature=response.model_spec.signature_name)
        return encode(response.result)

    def _predict(self, name, version, body, request):
        document = json_request.parse(body, self._work.limit)
        signature = json_request.signature_name(document)
        with self._models.use(name, version) as model:
            chosen = signature or DEFAULT_SIGNATURE
            request.about(version=model.version, signature=chosen)
            if chosen not in model.signatures:
                raise invalid(f'Serving signature name: "{chosen}" not found in signature def')
            types = model.input_types(chosen)
            if not types:
                raise invalid("Failed to get input map for signature: " + (signature or "DEFAULT"))
            inputs, by_row = json_request.tensors(document, types)
            outputs = model.predict(chosen, inputs)
        return json_response.encode(outputs, by_row)

    def _version(self, name, number, label):
        if label:
            return self._models.labelled(name, label)
        if number and (len(number) > 32 or int(number) > MAX_VERSION):
            raise invalid(f"Failed to convert version: {number} to numeric.")
        return int(number) if number else None


def _size(environ):
    """Returns the largest size of the body in bytes that a request may turn out to have."""
    compressed = environ.get("HTTP_CONTENT_ENCODING", "").lower() == "gzip"
    return MAX_BODY if compressed else int(environ.get("CONTENT_LENGTH") or 0)


def _body(environ):
    """Returns the request's body (bytes), decompressed. Raises `TooLarge` or `StatusError`."""
    if int(environ.get("CONTENT_LENGTH") or 0) > MAX_BODY:
        raise TooLarge
    body = environ["wsgi.input"].read(MAX_BODY + 1)
    if environ.get("HTTP_CONTENT_ENCODING", "").lower() == "gzip":
        unpacker = zlib.decompressobj(wbits=31)
        try:
            body = unpacker.decompress(body, MAX_BODY + 1)
        except zlib.error as error:
            raise invalid(f"The body is not gzip: {error}")
    if len(body) > MAX_BODY:
        raise TooLarge
    return body
