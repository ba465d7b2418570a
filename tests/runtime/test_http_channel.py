"""Connections of a waitress server: whose connection is closed where there are too many, and when."""
import contextlib
import socket
import threading

import pytest
import waitress.server

from runtime import http_channel
from tests.support.waiting import until

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
MOST, MOST_OF_ONE = 6, 4


def application(environ, start_response):
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]


class Running:
    """A server of one thread in this process, and its connections."""

    def __init__(self, seconds=60.):
        self.channel_class = http_channel.limited(MOST, MOST_OF_ONE)
        self.server = waitress.server.create_server(application, host="127.0.0.1", port=0, threads=1,
                                                    channel_timeout=1, connection_limit=100)
        self.server.adj.channel_timeout, self.server.adj.cleanup_interval = seconds, .05
        self.server.channel_class = self.channel_class
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
    """Whether a connection is answered."""
    with contextlib.suppress(OSError):
        client.sendall(GET)
        return client.recv(100).startswith(b"HTTP/1.1 200")
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


@pytest.mark.parametrize("sent, more", [(b"", b""), (b"GET / HTTP/1.1\r\nX: ", b"x")])
def test_the_time_limit_counts_from_the_start_and_not_from_the_last_byte(sent, more):
    running = Running(seconds=.3)
    try:
        client = running.connect(sent=sent)
        until(lambda: len(running.living()) == 1)

        def is_closed():
            with contextlib.suppress(OSError):
                client.sendall(more)
            return not running.living()

        until(is_closed)
    finally:
        running.stop()
