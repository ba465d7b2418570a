"""A server of two small models, one of many signatures, and ways to call it."""
import socket

import grpc
import pytest
import requests

from serving.server import config
from serving.server import start as model_server
from tests.serving import saved_models

MODEL = "small"
VERSION = 3


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory):
    return saved_models.save_folder(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="session")
def server(model_folder):
    models, _ = config.read_models(str(model_folder / "models.config"))
    running = model_server.start_models(models)
    yield running
    running.stop()


class Rest:
    """Raw HTTP requests to a server, on one connection."""

    def __init__(self, url):
        self.url, self.session = url, requests.Session()
        self.session.trust_env = False

    def get(self, path="", model=MODEL):
        return self.session.get(f"{self.url}/v1/models/{model}{path}", timeout=30)

    def post(self, body, path=":predict", model=MODEL, **headers):
        """`body` is sent as it is if bytes, else as JSON."""
        sent = {"data": body} if isinstance(body, bytes) else {"json": body}
        return self.session.post(f"{self.url}/v1/models/{model}{path}", headers=headers, timeout=30,
                                 **sent)

    def predict(self, body, version="", model=MODEL):
        return self.post(body, f"{version}:predict", model)

    def refused(self, body, status=400, path=":predict"):
        """The error text of a request that must be refused with `status`."""
        answer = self.post(body, path)
        assert (answer.status_code, list(answer.json())) == (status, ["error"]), answer.text
        assert answer.headers["Content-Type"] == "application/json"
        return answer.json()["error"]


@pytest.fixture(scope="session")
def rest(server):
    return Rest(server.rest_url)


@pytest.fixture(scope="session")
def channel(server):
    with grpc.insecure_channel(server.grpc_address) as opened:
        yield opened


@pytest.fixture
def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]
