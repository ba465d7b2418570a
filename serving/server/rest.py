"""The REST half: paths, bodies and status codes of TensorFlow Serving, on waitress.

    GET  /v1/models/<m>[/versions/<v>|/labels/<l>]             status
    GET  /v1/models/<m>[/versions/<v>|/labels/<l>]/metadata    signatures
    POST /v1/models/<m>[/versions/<v>|/labels/<l>]:predict     see `json_request`, `json_response`

Waitress reads and writes with one thread that never blocks, and answers with others, so that a slow
client holds up nobody. It switches Nagle's algorithm off.
"""
import http.client
import json
import logging
import os
import re
import socket
import threading

import waitress.server

from command import UserError, log
from serving.server import json_request, json_response, messages
from serving.server.status import HTTP_STATUS, StatusError, invalid
from serving.server.versions import MAX_VERSION

MAX_BODY = 32 * 2 ** 20  # bytes of a request
MAX_DRAINED = 8 * MAX_BODY  # up to here a body is read, to answer 413; beyond it is cut off
THREADS = 4 * (os.cpu_count() or 1)
DEFAULT_SIGNATURE = "serving_default"

_WHICH = r"(?:/versions/(\d+)|/labels/([^/:]+))?"
_CALL = re.compile(r"/v1/models/([^/:]+)" + _WHICH + ":(classify|regress|predict)", re.I | re.A)
_ABOUT = re.compile(r"/v1/models(?:/([^/:]+))?" + _WHICH + "(?:/(metadata))?", re.I | re.A)
_NO_PAGE = (b"<HTML><HEAD>\n<TITLE>404 Not Found</TITLE>\n</HEAD><BODY>\n<H1>Not Found</H1>\n"
            b"</BODY></HTML>\n")


class RestApplication:
    """The WSGI application over a `model_server.ModelServer`."""

    def __init__(self, models):
        self._models = models

    def __call__(self, environ, start_response):
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
        kind = "application/json"
        if not path.lower().startswith("/v1/"):
            status, body, kind = 404, _NO_PAGE, "text/html"
        elif int(environ.get("CONTENT_LENGTH") or 0) > MAX_BODY:
            status, body = 413, _error(f"The body is larger than {MAX_BODY} bytes")
        else:
            status, body = self._answer(environ["REQUEST_METHOD"], path, environ["wsgi.input"])
        start_response(f"{status} {http.client.responses.get(status, 'Error')}",
                       [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body]

    def _answer(self, method, path, stream):
        """The HTTP status and the body (bytes)."""
        try:
            call = _CALL.fullmatch(path) if method == "POST" else None
            about = _ABOUT.fullmatch(path) if method == "GET" else None
            if call:
                return 200, self._call(*call.groups(), body=stream.read())
            if about:
                return 200, json.dumps(self._about(*about.groups()), indent=1).encode()
            raise invalid(f"Malformed request: {method} {path}")
        except StatusError as error:
            return HTTP_STATUS[error.code], _error(error.message)
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
        version = self._version(name, number, label)
        if method.lower() != "predict":
            raise StatusError("UNIMPLEMENTED", f"{method} is not served; use predict")
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


class RestServer:
    """Serves the application on a port, in threads of its own, from `start` to `stop`."""

    def __init__(self, models, host, port):
        """Takes the port (0: a free one). Raises `UserError` if it cannot be had."""
        logging.getLogger("waitress").setLevel(logging.ERROR)  # it warns of every short queue
        self._server = waitress.server.create_server(
            RestApplication(models), sockets=[_listen(host, port)], threads=THREADS,
            connection_limit=1000, backlog=128, channel_timeout=60, asyncore_use_poll=True,
            max_request_body_size=MAX_DRAINED, ident=None)
        self.port = self._server.effective_port
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="rest", daemon=True)

    def start(self):
        self._thread.start()

    def _serve(self):
        server = self._server
        while not self._stopping.is_set():
            server.asyncore.loop(timeout=1, use_poll=True, map=server._map, count=1)
        server.task_dispatcher.shutdown(timeout=2)
        server.asyncore.close_all(server._map)

    def stop(self):
        """Lets running requests end (2 s at most), and closes every connection."""
        self._stopping.set()
        if self._thread.is_alive():
            self._server.pull_trigger()
            self._thread.join(timeout=5)
        else:
            self._server.asyncore.close_all(self._server._map)


def _listen(host, port):
    """A listening socket."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise UserError(f"cannot listen on {host}: {error.strerror}; give --host an address of "
                        "this machine")
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(128)
        return listener
    except OSError as error:
        listener.close()
        raise UserError(f"cannot listen on port {port} of {host}: {error.strerror}; stop what uses "
                        "it, or give --rest_api_port another")


def _error(message):
    return json.dumps({"error": message}).encode()
