"""Fixtures of the server whose contract is tested: the server at SERVING_URL, by default the embedded server.

    SERVING_URL    its REST address, http://host:port
    SERVING_GRPC   its gRPC address, host:port; default: port 8500 of the same host
    SERVING_MODEL  the name of one of its models; default: `deeprecsys`

Most tests need the models that `python -m tests.serving.contract DIR` writes; they are skipped if the server does not
serve these models.
"""
import os
from urllib.parse import urlsplit

import grpc
import pytest

from serving.signatures import MODEL_NAME
from tests.serving.conftest import MODEL, Rest


@pytest.fixture(scope="session")
def any_rest(request):
    """Raw HTTP requests to the server."""
    url = os.environ.get("SERVING_URL")
    return Rest(url.rstrip("/") if url else request.getfixturevalue("server").rest_url)


@pytest.fixture(scope="session")
def any_channel(any_rest, request):
    if os.environ.get("SERVING_URL"):
        host = urlsplit(any_rest.url).hostname
        address = os.environ.get("SERVING_GRPC", f"{host}:8500")
    else:
        address = request.getfixturevalue("server").grpc_address
    with grpc.insecure_channel(address) as opened:
        yield opened


@pytest.fixture(scope="session")
def any_model():
    """The name of a model that the server has."""
    return os.environ.get("SERVING_MODEL",
                          MODEL_NAME if os.environ.get("SERVING_URL") else MODEL)


@pytest.fixture(scope="session")
def rest(any_rest):
    if any_rest.get().status_code != 200:
        pytest.skip(f"{any_rest.url} does not serve the models of tests/serving/contract")
    return any_rest


@pytest.fixture(scope="session")
def channel(rest, any_channel):
    return any_channel
