"""REST requests to one model of a model server, over connections that are kept open.

Uses `http.client` on a socket with one deadline for the whole exchange, so that a server which sends its response
byte by byte cannot block the caller for longer than the time limit.
"""
import base64
import http.client
import json
import socket
import threading
import time
from urllib.parse import quote, urlsplit

import numpy as np

from serving.errors import BAD_ANSWER, INVALID, NOT_FOUND, TIMEOUT, UNAVAILABLE, UNREACHABLE, ModelServerError

MAX_ANSWER = 64 * 2 ** 20  # bytes
_HEADERS = {"Content-Type": "application/json"}


class RestTransport:
    """Requests to one model. Each thread has its own connection."""

    def __init__(self, url, model_name, timeout):
        parts = urlsplit(url)
        if not parts.hostname or parts.path:
            raise ValueError(f"{url!r}: give http://host:port")
        self._address, self._timeout = (parts.hostname, parts.port or 80), timeout
        self._path = f"/v1/models/{quote(model_name)}"
        self._thread = _OfThread()

    def predict(self, signature, arrays):
        """Returns the outputs in columnar form, for `decode`."""
        answer = self._request("POST", ":predict", {
            "signature_name": signature,
            "inputs": {name: _plain(array) for name, array in arrays.items()}})
        if "outputs" not in answer:
            raise ModelServerError(BAD_ANSWER, f"response without outputs: {str(answer)[:200]}", 200)
        return answer["outputs"]

    def decode(self, outputs, dtypes):
        """Returns name -> array, not yet cast. `dtypes`: the signature's outputs, name -> dtype."""
        if len(dtypes) == 1:  # the contract omits the name of a single output
            outputs = dict.fromkeys(dtypes, outputs)
        if not isinstance(outputs, dict) or set(outputs) != set(dtypes):
            raise ModelServerError(BAD_ANSWER, f"expected the outputs {', '.join(sorted(dtypes))}, "
                                               f"got {str(outputs)[:200]}", 200)
        try:
            return {name: _array(outputs[name], dtype) for name, dtype in dtypes.items()}
        except (TypeError, ValueError, AttributeError, KeyError) as error:
            raise ModelServerError(BAD_ANSWER, f"outputs: {error}", 200)

    def status(self):
        return self._request("GET", "")

    def metadata(self):
        return self._request("GET", "/metadata")

    def _request(self, method, suffix, document=None):
        """Returns the JSON object of a successful response. Raises ModelServerError for any other response."""
        body = None if document is None else json.dumps(document).encode()
        status, content = self._exchange(method, self._path + suffix, body)
        try:
            answer = json.loads(content.decode())
        except (ValueError, RecursionError):
            answer = None
        error = answer.get("error") if isinstance(answer, dict) else None
        if status == 200 and isinstance(answer, dict) and error is None:
            return answer
        text = str(error) if error else content[:200].decode("utf-8", "replace")
        raise ModelServerError(_reason(status, error), text or "empty response", status)

    def _exchange(self, method, path, body):
        """Returns the HTTP status and the body (bytes) of a response.

        The server may have closed an idle connection meanwhile, e.g. by a restart. Therefore, when a connection that
        was used before breaks, the request is sent once more over a new connection; no request changes the server.
        """
        where = "http://{}:{}".format(*self._address)
        connection = self._connection()
        connection.end_at(time.monotonic() + self._timeout)
        while True:
            used = connection.sock is not None
            try:
                connection.request(method, path, body, _HEADERS)
                response = connection.getresponse()
                return response.status, _read(response)
            except ConnectionError as error:  # includes a server that closes the connection without a response
                failure = None if used else UNREACHABLE, error
            except socket.timeout as error:
                failure = TIMEOUT if connection.sock else UNREACHABLE, error
            except OSError as error:
                failure = UNREACHABLE, error
            except (http.client.HTTPException, ValueError) as error:
                failure = BAD_ANSWER, error
            connection.close()
            if failure[0]:
                raise ModelServerError(failure[0], f"{where}: {failure[1] or repr(failure[1])}")

    def _connection(self):
        if self._thread.connection is None:
            self._thread.connection = _Connection(*self._address)
        return self._thread.connection


class _OfThread(threading.local):
    """What each thread has of its own."""
    connection = None  # _Connection, from the first request of the thread on


class _Connection(http.client.HTTPConnection):
    """A connection whose operations all end at one deadline."""

    def end_at(self, deadline):
        """Sets the deadline (`time.monotonic`) of the next exchange."""
        self._deadline = deadline
        if self.sock:
            self.sock.deadline = deadline

    def connect(self):
        left = max(0.001, self._deadline - time.monotonic())
        plain = socket.create_connection((self.host, self.port), timeout=left)
        self.sock = _Socket(plain.family, plain.type, plain.proto, fileno=plain.detach())
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock.deadline = self._deadline


class _Socket(socket.socket):
    """A socket whose operations all end at its `deadline`, even if data keeps arriving."""

    def sendall(self, *args):
        self._arm()
        return super().sendall(*args)

    def recv_into(self, *args):
        self._arm()
        return super().recv_into(*args)

    def _arm(self):
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise socket.timeout("timed out")
        self.settimeout(left)


def _read(response):
    content = bytearray()
    while len(content) <= MAX_ANSWER:
        piece = response.read(min(2 ** 20, response.length or 2 ** 20))
        if not piece and response.length:
            raise http.client.IncompleteRead(content, response.length)
        if not piece:
            return bytes(content)
        content += piece
    raise ValueError(f"response larger than {MAX_ANSWER} bytes")


def _reason(status, error):
    """Returns the reason for a failed request, from the HTTP status and the contract's error text (None: no text)."""
    if status == 504:
        return TIMEOUT
    if status == 501 or 400 <= status < 500 and status != 429:
        return BAD_ANSWER if error is None else NOT_FOUND if status == 404 else INVALID
    return UNAVAILABLE if status >= 429 else BAD_ANSWER


def _plain(array):
    """Returns an array as nested lists for JSON."""
    if array.dtype != object:
        return array.tolist()
    texts = np.empty(array.shape, object)
    texts.ravel()[:] = [{"b64": base64.b64encode(text).decode()} for text in array.ravel()]
    return texts.tolist()


def _array(value, dtype):
    """Returns an output as an array; strings (`dtype` object) as bytes."""
    if dtype == object:
        array = np.array(value, object)
        texts = np.empty(array.shape, object)
        texts.ravel()[:] = [_text(item) for item in array.ravel()]
        return texts
    return np.asarray(value)


def _text(item):
    return base64.b64decode(item["b64"]) if isinstance(item, dict) else item.encode()
