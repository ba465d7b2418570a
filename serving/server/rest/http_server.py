"""HTTP on waitress: one thread reads and writes all connections without blocking, other threads handle requests.

Therefore a slow client does not delay other clients: a whole request has a time limit, and responses wait in buffers
until the client reads them. Waitress switches Nagle's algorithm off.
"""
import logging
import threading
import time

import waitress.channel
import waitress.server

from runtime import sockets
from runtime.cli import UserError
from serving.server.rest.application import MAX_BODY

MAX_DRAINED = 8 * MAX_BODY  # bytes; up to here a body is read to answer 413, beyond the connection is closed
REQUEST_SECONDS = 60  # time limit for a request to arrive, and for an idle connection
CONNECTIONS = 1000  # open at the same time


class _Channel(waitress.channel.HTTPChannel):
    """A connection whose time limit counts from the first byte of a request, not from the last byte received."""

    def received(self, data):
        before, start = self.request, getattr(self, "request_start", None)
        result = super().received(data)
        if self.request is not None:
            self.request_start = start if self.request is before and start else time.time()
            self.last_activity = self.request_start
        return result


class HttpServer:
    """Serves an application on a port, in its own threads, from `start` to `stop`."""

    def __init__(self, application, host, port, threads):
        """Opens the port (0: a free one). Raises `UserError` if that fails."""
        logging.getLogger("waitress").setLevel(logging.ERROR)  # it warns whenever requests queue
        self._server = waitress.server.create_server(
            application, sockets=[_listen(host, port)], threads=threads,
            connection_limit=CONNECTIONS, backlog=1024, channel_timeout=REQUEST_SECONDS,
            cleanup_interval=5, asyncore_use_poll=True, max_request_body_size=MAX_DRAINED,
            outbuf_high_watermark=2 ** 30, ident=None)
        self._server.channel_class = _Channel
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
