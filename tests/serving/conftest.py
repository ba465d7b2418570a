"""A server of one small model with many signatures, and ways to call it."""
import socket

import grpc
import pytest
import requests

from serving import server as model_server
from tests.serving import saved_models

MODEL = "small"
VERSION = 3


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    saved_models.save_all(folder / str(VERSION))
    return folder


@pytest.fixture(scope="session")
def server(model_folder):
    running = model_server.start(MODEL, str(model_folder))
    yield running
    running.stop()


class Rest:
    """Raw HTTP requests to a server, on one connection."""

    def __init__(self, url):
        self.url, self.session = url, requests.Session()
        self.session.trust_env = False

    def get(self, path=""):
        return self.session.get(f"{self.url}/v1/models/{MODEL}{path}", timeout=30)

    def predict(self, body, version=""):
        """`body` is sent as it is if bytes, else as JSON."""
        sent = {"data": body} if isinstance(body, bytes) else {"json": body}
        url = f"{self.url}/v1/models/{MODEL}{version}:predict"
        return self.session.post(url, timeout=30, **sent)

    def refused(self, body, status=400):
        """The error text of a predict request that must be refused with `status`."""
        answer = self.predict(body)
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
