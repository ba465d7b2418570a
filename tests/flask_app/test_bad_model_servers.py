"""Model servers that hang, are slow or send garbage; and a stop of the shop that lets a running request end."""
import contextlib
import http.client
import http.server
import json
import socket
import socketserver
import threading
import time
from urllib.parse import urlsplit

import pytest

from flask_app import application
from flask_app.application import create_app
from flask_app.recommending import ranked_page
from flask_app.web import patient_client
from serving import retry
from serving import signatures as wire
from serving.errors import CIRCUIT_OPEN, TIMEOUT, ModelServerError
from tests.flask_app.chain import Shop
from tests.flask_app.views.test_failures import PAGES, check_failure

GARBAGE = [b"", b"garbage", b"[]", b"{}", b'{"outputs": 7}', b'{"outputs": {"iid": [[0]]}}',
           b'{"outputs": {"iid": [["x"]], "rating": [[1]]}}',
           b'{"outputs": {"iid": [[1e99]], "rating": [[NaN]]}}', b'{"error": "no"}', b"\xff\xfe\x00",
           b'{"outputs": {"iid": [[0, 0]], "rating": [[1.0, 2.0]]}}']


class Stub(socketserver.ThreadingMixIn, http.server.HTTPServer):
    """A server that answers as its `answer` says, a function (method, path, body) -> (status, content)."""
    daemon_threads = True

    def __init__(self, answer):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer, self.url = answer, f"http://127.0.0.1:{self.server_port}"

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, content = self.server.answer(self.command, self.path, body)
        with contextlib.suppress(ConnectionError):  # the client did not wait
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    do_POST = do_GET

    def log_message(self, *_):
        pass


def forward(server, command, path, body):
    """The answer of a real model server."""
    connection = http.client.HTTPConnection(urlsplit(server.rest_url).netloc, timeout=60)
    connection.request(command, path, body)
    answer = connection.getresponse()
    return answer.status, answer.read()


@pytest.fixture
def garbage_server(server):
    """A server that answers every request with its `content`; where that is None, as the real model server does."""
    def answer(*request):
        return (200, stub.content) if stub.content is not None else forward(server, *request)

    with Stub(answer) as stub:
        stub.content = b""
        yield stub


def test_garbage_is_a_503_page_until_the_server_answers_correctly(garbage_server, catalogue_path, caplog):
    app = create_app(server_url=garbage_server.url, catalogue_path=catalogue_path, timeout=60)
    for content in GARBAGE:
        garbage_server.content = content
        for page in PAGES:
            caplog.clear()
            check_failure(app.test_client().get(page), 503)
            assert "model server" in caplog.text or "does not match" in caplog.text
        answer = app.test_client().get("/api/shoppers/ann/ranking")
        assert answer.status_code == 503 and json.loads(answer.data)["status"] == 503
        assert app.test_client().get("/").status_code == 200
    garbage_server.content = None
    assert [app.test_client().get(page).status_code for page in PAGES] == [200] * len(PAGES)


def test_after_a_slow_request_for_the_whole_catalogue_other_pages_are_answered(server, catalogue_path, monkeypatch):
    """Its timeout opens a circuit of its own: the next such request fails at once, and all others are answered."""
    monkeypatch.setattr(ranked_page, "PAGE", 2)
    monkeypatch.setattr(patient_client, "MANY", 3)
    monkeypatch.setattr(retry, "OPEN_SECONDS", 600)
    large, leave = [], threading.Event()

    def answer(command, path, body):
        if command == "POST" and json.loads(body.decode())["inputs"].get(wire.TOP_K, 0) > 3:
            large.append(path)
            leave.wait(60)
        return forward(server, command, path, body)

    with Stub(answer) as slow:
        app = create_app(server_url=slow.url, catalogue_path=catalogue_path, timeout=3)
        get = app.test_client().get
        check_failure(get("/shoppers/ann?title=r"), 503)
        ordinary = [get(page).status_code for page in ("/shoppers/ann", "/items/drum?for=bob", "/shoppers/bob")]
        assert ordinary == [200, 200, 200] and len(large) == 1
        check_failure(get("/shoppers/bob?title=r"), 503)
        assert len(large) == 1 and get("/shoppers/dee").status_code == 200
        leave.set()


def test_many_questions_whether_the_shop_is_ready_do_not_wait_for_a_hung_server(catalogue_path, monkeypatch):
    monkeypatch.setattr(retry, "OPEN_SECONDS", 600)
    asked, leave = [], threading.Event()

    def answer(command, path, body):
        asked.append(path)
        leave.wait(60)
        return 500, b"{}"

    with Stub(answer) as hung:
        get = create_app(server_url=hung.url, catalogue_path=catalogue_path).test_client().get
        assert [get("/readyz").status_code for _ in range(5)] == [503] * 5
        leave.set()
    assert len(asked) == 1


def test_after_a_timeout_further_calls_fail_at_once():
    with socket.socket() as hung:
        hung.bind(("127.0.0.1", 0))
        hung.listen(20)
        url = "http://127.0.0.1:%d" % hung.getsockname()[1]
        client = application.model_client(url, wire.MODEL_NAME, .2)
        reasons = []
        for _ in range(3):
            with pytest.raises(ModelServerError) as error:
                client.predict(wire.RANK, {"uid": [0], "k": 3})
            reasons.append(error.value.reason)
    assert reasons == [TIMEOUT, CIRCUIT_OPEN, CIRCUIT_OPEN]


def test_stopping_the_shop_lets_a_running_request_end(chain):
    with socket.socket() as hung:  # accepts connections and never answers, so a page takes some time
        hung.bind(("127.0.0.1", 0))
        hung.listen(20)
        shop = Shop(chain._replace(rest_port=hung.getsockname()[1]))
        shopper = http.client.HTTPConnection(urlsplit(shop.url).netloc, timeout=60)
        shopper.request("GET", "/shoppers/nobody/../x")
        assert shopper.getresponse().read()
        waiting = http.client.HTTPConnection(urlsplit(shop.url).netloc, timeout=60)
        waiting.request("GET", "/readyz")
        time.sleep(.1)  # the request is being answered
        log = shop.stop()
        answer = waiting.getresponse()
        assert answer.status == 503 and b"not ready" in answer.read()
    assert shop.process.returncode == 0 and "GET /readyz 503" in log
