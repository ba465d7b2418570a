"""Connections of a waitress server: whose connection is closed where there are too many, and when."""
import contextlib
import socket
import struct
import threading
import time

import pytest
import waitress.server

from runtime import http_channel
from tests.support.waiting import until

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
MOST, MOST_OF_ONE = 6, 4


LARGE = 15 * 2 ** 20  # bytes of an answer: more than the buffers of two sockets, less than waitress's own


def application(environ, start_response):
    body = b"o" * LARGE if environ["PATH_INFO"] == "/large" else b"ok"
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]


def make_server(seconds=60.):
    """A waitress server, whose loop does not run yet, and the class of its connections."""
    channel_class = http_channel.limited(MOST, MOST_OF_ONE)
    server = waitress.server.create_server(application, host="127.0.0.1", port=0, threads=1, channel_timeout=1,
                                           connection_limit=100)
    server.adj.channel_timeout, server.channel_class = seconds, channel_class
    return server, channel_class


class Running:
    """A server of one thread in this process, and its connections."""

    def __init__(self, seconds=60.):
        self.server, self.channel_class = make_server(seconds)
        self.stopping, self.opened = threading.Event(), []
        self.thread = threading.Thread(target=self._loop)
        self.thread.start()

    def _loop(self):
        while not self.stopping.is_set():
            self.server.asyncore.loop(timeout=.05, map=self.server._map, count=1)
        self.server.task_dispatcher.shutdown(timeout=2)
        self.server.asyncore.close_all(self.server._map)

    def connect(self, host="127.0.0.1", sent=b""):
        """A connection from an address of this machine, when the server has accepted it."""
        client = socket.create_connection(("127.0.0.1", self.server.effective_port), 30, (host, 0))
        self.opened.append(client)
        until(lambda: any(channel.addr[1] == client.getsockname()[1] for channel in self.living()))
        client.sendall(sent)
        return client

    def living(self):
        return list(self.channel_class.living)

    def stop(self):
        self.stopping.set()
        self.thread.join()
        for client in self.opened:
            client.close()


def is_open(client):
    """Whether a connection is answered. The answer is read to its end: waitress sends header and body apart."""
    with contextlib.suppress(OSError), client.makefile("rb") as answer:
        client.sendall(GET)
        return answer.readline().startswith(b"HTTP/1.1 200") and b"\r\n" in iter(answer.readline, b"") \
            and answer.read(2) == b"ok"
    return False


@pytest.fixture
def running():
    server = Running()
    yield server
    server.stop()


def test_the_oldest_connection_of_an_address_that_sent_nothing_makes_room(running):
    clients = [running.connect() for _ in range(MOST_OF_ONE + 1)]
    assert [is_open(client) for client in clients] == [False] + [True] * MOST_OF_ONE


def test_one_that_sends_byte_by_byte_makes_room_before_one_that_was_answered(running):
    answered = running.connect()
    assert is_open(answered)
    slow = [running.connect(sent=b"GET / HT") for _ in range(MOST_OF_ONE)]
    for client in slow[1:]:
        client.sendall(b"T")  # a further byte makes it no younger
    assert is_open(answered)
    newest = running.connect()
    assert is_open(newest) and is_open(answered)


def test_other_addresses_are_not_affected_and_the_busiest_one_makes_room(running):
    others = [running.connect("127.0.0.2"), running.connect("127.0.0.3")]
    clients = [running.connect() for _ in range(MOST_OF_ONE)]
    newest = running.connect("127.0.0.4")
    assert is_open(newest) and all(map(is_open, others))
    assert [is_open(client) for client in clients] == [False] + [True] * (MOST_OF_ONE - 1)


def test_a_connection_in_an_answer_is_never_closed_for_another():
    class Channel:
        closed = False

        def __init__(self, requests):
            self.requests = requests

        def usefulness(self):
            return 0

        def handle_close(self):
            self.closed = True

    new, busy = http_channel.Limited.__new__(http_channel.Limited), Channel(["one"])
    closed = []
    new.handle_close = lambda: closed.append(new)
    new._make_room([busy, new])
    assert closed == [new] and not busy.closed


def test_a_connection_that_is_reset_before_it_is_accepted_is_closed_and_no_other():
    server, channel_class = make_server()
    with socket.socket() as listener, contextlib.ExitStack() as opened:
        opened.callback(server.asyncore.close_all, server._map)
        opened.callback(server.task_dispatcher.shutdown, timeout=2)
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)

        def accepted(is_reset):
            client = opened.enter_context(socket.create_connection(listener.getsockname()))
            connection, address = listener.accept()
            if is_reset:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                client.close()  # with a reset
                until(lambda: not has_peer(connection))
            channel_class(server, connection, address, server.adj, map=server._map)
            return connection

        for _ in range(MOST_OF_ONE - 1):
            accepted(is_reset=False)
        before = dict(server._map)
        dead = accepted(is_reset=True)
        server.asyncore.loop(timeout=.1, map=server._map, count=2)
        assert dead.fileno() == -1 and server._map == before and len(channel_class.living) == MOST_OF_ONE - 1


def has_peer(connection):
    with contextlib.suppress(OSError):
        return bool(connection.getpeername())
    return False


@pytest.mark.parametrize("sent, more", [
    (b"", b""), (b"GET / HTTP/1.1\r\nX: ", b"x"), (b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n", b"")],
    ids=["idle", "a request that arrives", "an answer that nobody reads"])
def test_the_time_limit_counts_from_the_start_and_not_from_the_last_byte(sent, more):
    assert_is_closed_in_time(sent, more)


def test_the_clock_may_be_set_back_or_forward(running, monkeypatch):
    client, slow = running.connect(), running.connect(sent=GET[:9])
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 10 ** 6)
    for _ in range(3):  # each answer is a turn of the server's loop
        assert is_open(client)
    slow.sendall(GET[9:])
    assert slow.recv(15) == b"HTTP/1.1 200 OK"
    monkeypatch.setattr(time, "time", lambda: now - 10 ** 6)
    assert_is_closed_in_time(GET[:9], b"x")


def assert_is_closed_in_time(sent, more):
    running = Running(seconds=.3)
    try:
        client = running.connect(sent=sent)

        def is_closed():
            with contextlib.suppress(OSError):
                client.sendall(more)
            return not running.living()

        until(is_closed)
    finally:
        running.stop()
