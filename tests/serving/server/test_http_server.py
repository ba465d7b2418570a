"""HTTP as the embedded server carries it: sizes, slow clients, noise on the wire."""
import gzip
import json
import socket
import time

import pytest
from hypothesis import given, settings, strategies as st

from serving.server import http_server
from serving.server.http_server import HttpServer
from serving.server.rest import MAX_BODY


def test_too_large_a_body_is_413(rest):
    body = b'{"inputs": [1' + b" " * MAX_BODY + b"]}"
    assert "larger than" in rest.refused(body, 413)
    assert rest.predict({"inputs": [1]}).json() == {"outputs": [3]}


@settings(deadline=None, max_examples=100)
@given(noise=st.binary(min_size=1, max_size=60), rest_of=st.booleans())
def test_any_bytes_on_the_wire_leave_the_server_alive(server, rest, noise, rest_of):
    host, port = server.rest_url[len("http://"):].split(":")
    with socket.create_connection((host, int(port)), timeout=30) as wire:
        wire.sendall(b"POST /v1/models/small:predict HTTP/1.1\r\n" * rest_of + noise)
    assert rest.get().status_code == 200


def test_a_slow_client_holds_up_nobody(server, rest):
    host, port = server.rest_url[len("http://"):].split(":")
    slow = [socket.create_connection((host, int(port)), timeout=30) for _ in range(40)]
    try:
        for wire in slow:
            wire.sendall(b"POST /v1/models/small:predict HTTP/1.1\r\nContent-Length: 99\r\n\r\n{")
        assert rest.predict({"inputs": [1]}).json() == {"outputs": [3]}
    finally:
        for wire in slow:
            wire.close()
