"""HTTP of the embedded server: sizes, slow clients, random bytes."""
import contextlib
import gzip
import json
import socket
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serving.server.rest import http_server
from serving.server.rest.application import MAX_BODY
from serving.server.rest.http_server import HttpServer


def test_too_large_a_body_is_413(rest):
    body = b'{"inputs": [1' + b" " * MAX_BODY + b"]}"
    assert "larger than" in rest.refused(body, 413)
    assert rest.predict({"inputs": [1]}).json() == {"outputs": [3]}


@pytest.mark.slow
@pytest.mark.parametrize("beyond", [-1, 0, 1])
def test_a_body_at_the_ceiling_of_what_is_read_is_413_or_cut_off(server, rest, beyond):
    """Below MAX_DRAINED bytes are read for an answer; a client that sends more may find its connection closed. The next
    small request of another client is answered, although the large one may still be held."""
    host, port = server.rest_url[len("http://"):].split(":")
    size, part, status = http_server.MAX_DRAINED + beyond, b" " * 2 ** 20, None
    with socket.create_connection((host, int(port)), timeout=120) as wire:
        wire.sendall(b"POST /v1/models/small:predict HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % size)
        with contextlib.suppress(ConnectionError):
            for first in range(0, size, len(part)):
                wire.sendall(part[:size - first])
            status = wire.recv(12)
    assert status == b"HTTP/1.1 413" or beyond >= 0 and status in (None, b"")
    assert rest.predict({"inputs": [1]}).json() == {"outputs": [3]}


@settings(deadline=None, max_examples=100)
@given(noise=st.binary(min_size=1, max_size=60), rest_of=st.booleans())
def test_any_bytes_on_the_wire_leave_the_server_alive(server, rest, noise, rest_of):
    host, port = server.rest_url[len("http://"):].split(":")
    with socket.create_connection((host, int(port)), timeout=30) as wire:
        wire.sendall(b"POST /v1/models/small:predict HTTP/1.1\r\n" * rest_of + noise)
    assert rest.get().status_code == 200


def test_a_slow_client_does_not_delay_other_clients(server, rest):
    host, port = server.rest_url[len("http://"):].split(":")
    slow = [socket.create_connection((host, int(port)), timeout=30) for _ in range(40)]
    try:
        for wire in slow:
            wire.sendall(b"POST /v1/models/small:predict HTTP/1.1\r\nContent-Length: 99\r\n\r\n{")
        assert rest.predict({"inputs": [1]}).json() == {"outputs": [3]}
    finally:
        for wire in slow:
            wire.close()


def test_a_body_may_be_compressed(rest):
    body = json.dumps({"inputs": [1, 2]}).encode()
    answer = rest.post(gzip.compress(body), **{"Content-Encoding": "gzip"})
    assert answer.json() == {"outputs": [3, 5]}
    answer = rest.post(body, **{"Content-Encoding": "gzip"})
    assert answer.status_code == 400 and "not gzip" in answer.json()["error"]


def test_a_small_body_that_decompresses_to_a_large_one_is_413(rest):
    bomb = gzip.compress(b" " * (MAX_BODY + 1))
    assert rest.post(bomb, **{"Content-Encoding": "gzip"}).status_code == 413


def test_a_body_in_chunks(rest):
    pieces = iter([b'{"inputs"', b": [1, ", b"2]}"])
    url = f"{rest.url}/v1/models/small:predict"
    assert rest.session.post(url, data=pieces, timeout=30).json() == {"outputs": [3, 5]}


def application(environ, start_response):
    start_response("200 OK", [("Content-Length", str(2 ** 24))])
    return [b"x" * 2 ** 24]


@pytest.fixture
def one_thread():
    """A server with one thread, whose responses are 16 MiB each."""
    server = HttpServer(application, "127.0.0.1", 0, threads=1)
    server.start()
    yield server
    server.stop()


def test_a_request_sent_byte_by_byte_is_cut_off(one_thread):
    """Each byte arrives in time, but the whole request does not."""
    one_thread._server.adj.channel_timeout = .3
    with socket.create_connection(("127.0.0.1", one_thread.port), timeout=30) as wire:
        with pytest.raises(OSError):
            wire.sendall(b"POST / HTTP/1.1\r\nContent-Length: 99999\r\n\r\n")
            for _ in range(600):
                wire.sendall(b"x")
                time.sleep(.05)


def test_a_client_that_does_not_read_occupies_no_thread(one_thread):
    get = b"GET / HTTP/1.1\r\n\r\n"
    slow = [socket.create_connection(("127.0.0.1", one_thread.port), timeout=30) for _ in range(3)]
    try:
        for wire in slow:
            wire.sendall(get)
        with socket.create_connection(("127.0.0.1", one_thread.port), timeout=30) as wire:
            wire.sendall(get)
            assert wire.recv(15) == b"HTTP/1.1 200 OK"
    finally:
        for wire in slow:
            wire.close()
