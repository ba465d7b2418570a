"""The web server of the shop against slow clients, and its answers to what is too large or no HTTP."""
import contextlib
import http.client
import socket
import subprocess
import sys

import pytest

from flask_app.web import connections
from flask_app.web.headers import HEADERS
from runtime.project import ROOT

SLOW = 230  # connections


CODE = """
import multiprocessing, sys
from flask_app import __main__ as shop
from flask_app.application import create_app
listeners = shop.listen("127.0.0.1", 0)
print(listeners[0].getsockname()[1], flush=True)
app = create_app(server_url="http://127.0.0.1:9", catalogue_path=sys.argv[1], rankings_a_minute=1)
shop.serve(app, listeners, multiprocessing.RawArray("i", 1), 0, sys.argv[2] or None)
"""


@contextlib.contextmanager
def shop(catalogue_path, trusted_proxy=""):
    """The port of a shop without a model server."""
    process = subprocess.Popen([sys.executable, "-c", CODE, catalogue_path, trusted_proxy], cwd=ROOT,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def port(catalogue_path):
    with shop(catalogue_path) as port:
        yield port


@pytest.fixture(scope="module")
def port_behind_proxy(catalogue_path):
    with shop(catalogue_path, "127.0.0.1") as port:
        yield port


def get(port, path="/healthz", **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
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


def held(port, count):
    """Opens so many connections at once, each with one request; returns how many of them were answered and stay."""
    wires = [socket.create_connection(("127.0.0.1", port), 60) for _ in range(count)]
    try:
        for wire in wires:
            with contextlib.suppress(OSError):
                wire.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        return sum(map(answered, wires))
    finally:
        for wire in wires:
            wire.close()


def answered(wire):
    try:
        return wire.recv(12) == b"HTTP/1.1 200"
    except OSError:
        return False


def test_only_a_trusted_proxy_holds_more_connections_than_one_address_may(port, port_behind_proxy):
    more = connections.MOST_OF_ONE + 30
    assert held(port, more) <= connections.MOST_OF_ONE + 1 < more == held(port_behind_proxy, more)


RANKING = "/shoppers/ann?category=Games"  # counted before the model server is asked, which is away


def test_limits_apply_to_the_visitors_of_a_trusted_proxy(port_behind_proxy):
    assert [get(port_behind_proxy, RANKING, X_Forwarded_For=address) for address in (
        "192.0.2.1", "192.0.2.1", "192.0.2.2", "192.0.2.1, 192.0.2.3", "192.0.2.9, 192.0.2.1", "2001:db8::1")] == [
            503, 429, 503, 503, 429, 503]


def test_nobody_else_chooses_the_address_of_a_visitor(port):
    assert [get(port, RANKING, X_Forwarded_For=address) for address in ("192.0.2.1", "192.0.2.2")] == [503, 429]


@pytest.mark.parametrize("sent", ['"', '"a', ",", "unknown", "x" * 999])
def test_a_damaged_address_from_a_trusted_proxy_is_no_error_of_the_server(port_behind_proxy, sent):
    assert get(port_behind_proxy, X_Forwarded_For=sent) in (200, 400)
