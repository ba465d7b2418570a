"""HTTP on waitress: one thread reads and writes all connections without blocking, other threads handle requests.

Therefore a slow client does not delay other clients: a whole request has a time limit, and responses wait in buffers
until the client reads them, which has the same limit. Waitress switches Nagle's algorithm off.
"""
import logging
import threading

import waitress.server

from runtime import http_channel, sockets
from runtime.cli import UserError
from serving.server.rest.application import MAX_BODY

MAX_DRAINED = 8 * MAX_BODY  # bytes; up to here a body is read to answer 413, beyond the connection is closed
REQUEST_SECONDS = 60  # time limit for a request to arrive, and for an idle connection
CONNECTIONS = 1000  # open at the same time, also from one address: a shop is one
IN_FLIGHT = MAX_DRAINED  # bytes of all bodies that have arrived, in part or completely, and wait
STEP = 2 ** 20  # bytes of a body after which that sum is taken again


class _Channel(http_channel.Limited):
    """A connection that is closed where all bodies that are arriving or waiting become too large together."""

    def received(self, data):
        before = self._size()
        result = super().received(data)
        # Bodies below STEP are never closed for the large ones of others.
        if self._size() // STEP > before // STEP and sum(map(_bytes_held, self.living)) > IN_FLIGHT:
            self.handle_close()
        return result

    def _size(self):
        """The bytes that have arrived of the body that arrives now."""
        return self.request.body_bytes_received if self.request else 0


def _bytes_held(channel):
    requests = list(channel.requests) + ([channel.request] if channel.request else [])
    return sum(request.body_bytes_received for request in requests)


class HttpServer:
    """Serves an application on a port, in its own threads, from `start` to `stop`."""

    def __init__(self, application, host, port, threads):
        """Opens the port (0: a free one). Raises `UserError` if that fails."""
        logging.getLogger("waitress").setLevel(logging.ERROR)  # it warns whenever requests queue
        self._server = waitress.server.create_server(
            application, sockets=[_listen(host, port)], threads=threads,
            connection_limit=2 * CONNECTIONS, backlog=1024, channel_timeout=REQUEST_SECONDS,
            asyncore_use_poll=True, max_request_body_size=MAX_DRAINED,
            outbuf_high_watermark=2 ** 30, ident=None)
        self._server.channel_class = http_channel.limited(CONNECTIONS, CONNECTIONS, _Channel)
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
        """Waits for running requests (at most 2 s), then closes all connections."""
        self._stopping.set()
        if self._thread.is_alive():
            self._server.pull_trigger()
            self._thread.join(timeout=5)
        else:
            self._server.asyncore.close_all(self._server._map)


def _listen(host, port):
    """Returns a listening socket. Raises `UserError`."""
    try:
        return sockets.listen(sockets.addresses(host, port)[0])
    except (OSError, ValueError) as error:
        raise UserError(sockets.refusal(error, host, port, "--rest_api_port"))
