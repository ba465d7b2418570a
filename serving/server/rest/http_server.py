"""HTTP on waitress: one thread reads and writes and never blocks, others answer.

So a slow client holds up nobody: not while it sends (a request has a time limit as a whole), not
while it reads (answers wait in buffers). Waitress switches Nagle's algorithm off.
"""
import logging
import threading
import time

import waitress.channel
import waitress.server

from runtime import sockets
from runtime.cli import UserError
from serving.server.rest.application import MAX_BODY

MAX_DRAINED = 8 * MAX_BODY  # up to here a body is read, to answer 413; beyond it is cut off
REQUEST_SECONDS = 60  # for a request to arrive, and for a connection to idle
CONNECTIONS = 1000


class _Channel(waitress.channel.HTTPChannel):
    """A connection whose time runs from the first byte of a request, not anew with each."""

    def received(self, data):
        before, begun = self.request, getattr(self, "begun", None)
        result = super().received(data)
        if self.request is not None:
            self.begun = begun if self.request is before and begun else time.time()
            self.last_activity = self.begun
        return result


class HttpServer:
    """Serves an application on a port, in threads of its own, from `start` to `stop`."""

    def __init__(self, application, host, port, threads):
        """Takes the port (0: a free one). Raises `UserError` if it cannot be had."""
        logging.getLogger("waitress").setLevel(logging.ERROR)  # it warns of every short queue
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
        address = sockets.addresses(host, port)[0]
    except OSError as error:
        raise UserError(f"cannot listen on {host}: {error.strerror}; give --host an address of "
                        "this machine")
    try:
        return sockets.listen(address)
    except OSError as error:
        raise UserError(f"cannot listen on port {port} of {host}: {error.strerror}; stop what uses "
                        "it, or give --rest_api_port another")
