"""Model servers that hang, speak garbage or change; and a stop that lets a running request end."""
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
def babbler(server):
    """A server that answers every request with `server.says`; without it, as a real one does."""
    class Babble(http.server.BaseHTTPRequestHandler):
        def answer(self):
            asked = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, says = (200, self.server.says) if self.server.says is not None else ask(
                self.command, self.path, asked)
            self.send_response(status)
            self.send_header("Content-Length", str(len(says)))
            self.end_headers()
            self.wfile.write(says)

        do_GET = do_POST = answer

        def log_message(self, *_):
            pass

    def ask(command, path, asked):
        connection = http.client.HTTPConnection(urlsplit(server.rest_url).netloc, timeout=60)
        connection.request(command, path, asked)
        answer = connection.getresponse()
        return answer.status, answer.read()

    class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
        daemon_threads = True

    started = Server(("127.0.0.1", 0), Babble)
    started.says = b""
    threading.Thread(target=started.serve_forever, daemon=True).start()
    yield started
    started.shutdown()
    started.server_close()


def test_garbage_is_a_polite_page_and_a_problem_while_it_lasts(babbler, catalogue_path, caplog):
    app = create_app(server_url=f"http://127.0.0.1:{babbler.server_port}",
                     catalogue_path=catalogue_path, timeout=60)
    for says in GARBAGE:
        babbler.says = says
        for page in PAGES:
            caplog.clear()
            check_failure(app.test_client().get(page), 503)
            assert "model server" in caplog.text or "does not fit" in caplog.text
        answer = app.test_client().get("/api/shoppers/ann/ranking")
        assert answer.status_code == 503 and json.loads(answer.data)["status"] == 503
        assert app.test_client().get("/").status_code == 200
    babbler.says = None
    assert [app.test_client().get(page).status_code for page in PAGES] == [200] * len(PAGES)


def test_nobody_waits_again_for_a_server_that_hangs(model_folder):
    with socket.socket() as hung:
        hung.bind(("127.0.0.1", 0))
        hung.listen(20)
        url = "http://127.0.0.1:%d" % hung.getsockname()[1]
        client = application._model_client(url, wire.MODEL_NAME, .2)
        reasons = []
        for _ in range(3):
            with pytest.raises(ModelServerError) as error:
                client.predict(wire.RANK, {"uid": [0], "k": 3})
            reasons.append(error.value.reason)
    assert reasons == [TIMEOUT, CIRCUIT_OPEN, CIRCUIT_OPEN]


def test_a_stop_lets_a_running_request_end(chain):
    with socket.socket() as hung:  # accepts, and never answers: a page takes its time
        hung.bind(("127.0.0.1", 0))
        hung.listen(20)
        shop = Shop(chain._replace(rest_port=hung.getsockname()[1]))
        shopper = http.client.HTTPConnection(urlsplit(shop.url).netloc, timeout=60)
        shopper.request("GET", "/shoppers/nobody/../x")
        assert shopper.getresponse().read()
        asking = http.client.HTTPConnection(urlsplit(shop.url).netloc, timeout=60)
        asking.request("GET", "/readyz")
        time.sleep(.1)  # the request is being answered
        log = shop.stop()
        answer = asking.getresponse()
        assert answer.status == 503 and b"not ready" in answer.read()
    assert shop.process.returncode == 0 and "GET pages.readyz 503" in log
