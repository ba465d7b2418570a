"""Model servers that hang or send garbage; and a stop of the shop that lets a running request end."""
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
from serving import signatures as wire
from serving.errors import CIRCUIT_OPEN, TIMEOUT, ModelServerError
from tests.flask_app.chain import Shop
from tests.flask_app.views.test_failures import PAGES, check_failure

GARBAGE = [b"", b"garbage", b"[]", b"{}", b'{"outputs": 7}', b'{"outputs": {"iid": [[0]]}}',
           b'{"outputs": {"iid": [["x"]], "rating": [[1]]}}',
           b'{"outputs": {"iid": [[1e99]], "rating": [[NaN]]}}', b'{"error": "no"}', b"\xff\xfe\x00",
           b'{"outputs": {"iid": [[0, 0]], "rating": [[1.0, 2.0]]}}']


@pytest.fixture
def garbage_server(server):
    """A server that answers every request with its `content`; where that is None, as the real model server does."""
    class Handler(http.server.BaseHTTPRequestHandler):
        def answer(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, content = (200, self.server.content) if self.server.content is not None else forward(
                self.command, self.path, body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = answer

        def log_message(self, *_):
            pass

    def forward(command, path, body):
        connection = http.client.HTTPConnection(urlsplit(server.rest_url).netloc, timeout=60)
        connection.request(command, path, body)
        answer = connection.getresponse()
        return answer.status, answer.read()

    class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
        daemon_threads = True

    started = Server(("127.0.0.1", 0), Handler)
    started.content = b""
    threading.Thread(target=started.serve_forever, daemon=True).start()
    yield started
    started.shutdown()
    started.server_close()


def test_garbage_is_a_503_page_until_the_server_answers_correctly(garbage_server, catalogue_path, caplog):
    app = create_app(server_url=f"http://127.0.0.1:{garbage_server.server_port}",
                     catalogue_path=catalogue_path, timeout=60)
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
