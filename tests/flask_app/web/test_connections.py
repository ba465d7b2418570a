"""The web server of the shop against slow clients, and its answers to what is too large or no HTTP."""
import http.client
import socket
import subprocess
import sys

import pytest

from flask_app.web.headers import HEADERS
from runtime.project import ROOT

SLOW = 230  # connections


@pytest.fixture(scope="module")
def port(tmp_path_factory, catalogue_path):
    """The port of a shop without a model server."""
    code = """
import multiprocessing, sys
from flask_app import __main__ as shop
from flask_app.application import create_app
listeners = shop.listen("127.0.0.1", 0)
print(listeners[0].getsockname()[1], flush=True)
shop.serve(create_app(server_url="http://127.0.0.1:9", catalogue_path=sys.argv[1]), listeners,
           multiprocessing.RawArray("i", 1), 0)
"""
    process = subprocess.Popen([sys.executable, "-c", code, catalogue_path], cwd=ROOT, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL)
    yield int(process.stdout.readline())
    process.kill()
    process.communicate()


def get(port, path="/healthz"):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def test_the_shop_answers_during_an_attack_of_slow_clients(port):
    slow = [socket.create_connection(("127.0.0.1", port), 60) for _ in range(SLOW)]
    try:
        for byte in b"GET / HTTP":
            for wire in slow:
                try:
                    wire.sendall(bytes([byte]))
                except OSError:
                    pass  # closed for another one
            assert get(port) == 200 and get(port, "/static/shop.css") == 200
    finally:
        for wire in slow:
            wire.close()
    assert get(port) == 200


@pytest.mark.parametrize("sent, status", [
    (b"POST /yourself HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n", 413),
    (b"GET /" + b"x" * 2 ** 19 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 431),
    (b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400),
    (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: zip\r\n\r\n", 501)])
def test_a_refusal_of_the_web_server_has_the_headers_of_every_answer(port, sent, status):
    with socket.create_connection(("127.0.0.1", port), 60) as wire:
        wire.sendall(sent)
        answer = http.client.HTTPResponse(wire)
        answer.begin()
        assert answer.status == status and b"waitress" not in answer.read().lower()
        for name, value in HEADERS.items():
            assert answer.headers[name] == value


def test_an_address_of_10000_wishes_reaches_the_application(port):
    assert get(port, "/?" + "&".join(["want=battery-life"] * 10000)) == 200


def test_a_form_that_is_too_long_reaches_the_application(port):
    """Its page is polite; this shop has no such page, which it says as politely."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("POST", "/yourself", b"text=" + b"x" * 2 ** 20, {
        "Content-Type": "application/x-www-form-urlencoded"})
    answer = connection.getresponse()
    assert answer.status in (404, 413) and b"<h1" in answer.read()
    assert set(HEADERS.items()) <= set(answer.headers.items())
    connection.close()
