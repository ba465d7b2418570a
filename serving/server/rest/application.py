"""The REST half: paths, bodies and status codes of TensorFlow Serving, as a WSGI application.

    GET  /v1/models/<m>[/versions/<v>|/labels/<l>]             status
    GET  /v1/models/<m>[/versions/<v>|/labels/<l>]/metadata    signatures
    POST /v1/models/<m>[/versions/<v>|/labels/<l>]:predict     see `json_request`, `json_response`
    POST ...                                :classify|regress  see `json_examples`
    GET  /monitoring/prometheus/metrics                        where metrics are on
"""
import http.client
import json
import re
import zlib

from runtime import memory
from runtime.cli import log
from serving.server import examples, messages
from serving.server.rest import json_examples, json_request, json_response
from serving.server.servables.saved_model import DEFAULT_SIGNATURE
from serving.server.servables.version_folders import MAX_VERSION
from serving.server.status import HTTP_STATUS, StatusError, invalid
from tensorflow_serving.apis import classification_pb2, regression_pb2

MAX_BODY = 32 * 2 ** 20  # bytes of a request
LARGE = 2 ** 20  # bytes, after which memory is worth giving back

_WHICH = r"(?:/versions/(\d+)|/labels/([^/:]+))?"
_CALL = re.compile(r"/v1/models/([^/:]+)" + _WHICH + ":(classify|regress|predict)", re.I | re.A)
_ABOUT = re.compile(r"/v1/models(?:/([^/:]+))?" + _WHICH + "(?:/(metadata))?", re.I | re.A)
_NO_PAGE = (b"<HTML><HEAD>\n<TITLE>404 Not Found</TITLE>\n</HEAD><BODY>\n<H1>Not Found</H1>\n"
            b"</BODY></HTML>\n")


class TooLarge(Exception):
    """A body of more than MAX_BODY bytes."""


class RestApplication:
    """The WSGI application over a `models.Models`."""

    def __init__(self, models, metrics, metrics_path):
        """`metrics` is a `metrics.Metrics`, shown at `metrics_path` (None: nowhere)."""
        self._models, self._metrics, self._metrics_path = models, metrics, metrics_path

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
        """The HTTP status and the body (bytes)."""
        method = environ["REQUEST_METHOD"]
        try:
            body = _body(environ)
            call = _CALL.fullmatch(path) if method == "POST" else None
            about = _ABOUT.fullmatch(path) if method == "GET" else None
            if call:
                return 200, self._call(*call.groups(), body=body)
            if about:
                return 200, json.dumps(self._about(*about.groups()), indent=1).encode()
            raise invalid(f"Malformed request: {method} {path}")
        except StatusError as error:
            error.forget()
            return HTTP_STATUS[error.code], _error(error.message)
        except TooLarge:
            return 413, _error(f"The body is larger than {MAX_BODY} bytes")
        except Exception:
            log.exception("%s %s", method, path)
            return 500, _error("Internal error")

    def _about(self, name, number, label, metadata):
        if not name:
            raise invalid("Missing model name in request.")
        version = self._version(name, number, label)
        if not metadata:
            return messages.status_json(self._models.states(name, version))
        with self._models.use(name, version) as model:
            return messages.metadata_json(name, model)

    def _call(self, name, number, label, method, body):
        kind = method.lower()
        with self._metrics.request(self._models.known(name), kind.capitalize(), "REST"):
            version = self._version(name, number, label)
            if kind == "predict":
                return self._predict(name, version, body)
            request, method, encode = {
                "classify": (classification_pb2.ClassificationRequest(), examples.classify,
                             json_examples.classifications),
                "regress": (regression_pb2.RegressionRequest(), examples.regress,
                            json_examples.regressions)}[kind]
            request.model_spec.name = name
            if version is not None:
                request.model_spec.version.value = version
            json_examples.fill(body, request)
            return encode(method(self._models, request).result)

    def _predict(self, name, version, body):
        document = json_request.parse(body)
        signature = json_request.signature_name(document)
        with self._models.use(name, version) as model:
            chosen = signature or DEFAULT_SIGNATURE
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


def _body(environ):
    """The request's body, unpacked."""
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


def _error(message):
    return json.dumps({"error": message}).encode()
