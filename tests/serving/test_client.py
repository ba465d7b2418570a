"""The client with a running server and without one."""
import socket
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from serving.client import ModelClient
from serving.errors import INVALID, NOT_FOUND, UNREACHABLE
from serving.server import start as model_server
from tests.serving.conftest import MODEL
from tests.serving.failing import reason
from tests.serving.saved_models import TABLE, line, save
from tests.serving.threads import together
from tests.support.waiting import until

SMALL = st.integers(-64, 64).map(lambda eighths: eighths / 8)


@pytest.fixture(scope="module")
def clients(server):
    """One over REST and one over gRPC."""
    return [ModelClient(server.rest_url, MODEL, timeout=30),
            ModelClient("grpc://" + server.grpc_address, MODEL, timeout=30)]


@settings(deadline=None, max_examples=40)
@given(x=arrays.arrays(np.float32, st.tuples(st.integers(1, 4), st.just(2)), elements=SMALL))
def test_rest_and_grpc_return_the_expected_values(clients, x):
    n = np.arange(len(x), dtype=np.int32)
    for client in clients:
        outputs = client.predict("two", {"x": x, "n": n})
        assert outputs["total"].dtype == np.float32 and outputs["next"].dtype == np.int32
        assert np.array_equal(outputs["total"], x.sum(1) + n.astype(np.float32))
        assert np.array_equal(outputs["next"], n + 1)


def test_inputs_may_be_anything_that_numpy_converts_to_an_array(clients):
    for client in clients:
        for ids in ([4, 0], (4, 0), np.int64([4, 0]), np.uint8([4, 0])):
            assert np.array_equal(client.predict("gather", {"id": ids})["row"], TABLE[[4, 0]])
        scaled = client.predict("scaled", {"x": [[1, 2, 3]], "scale": 2})["y"]
        assert scaled.dtype == np.float32 and scaled.tolist() == [[2, 4, 6]]
        assert client.predict("gather", {"id": []})["row"].size == 0
        total = client.predict("scalar", {"x": [1, 2]})["total"]
        assert total.shape == () and total == 3


def test_every_dtype_is_returned_unchanged(clients):
    inputs = {"i64": np.int64([2 ** 62, -1]), "u8": np.uint8([255, 0]),
              "f64": np.float64([0.1, np.nan]), "flag": np.array([True, False])}
    for client in clients:
        outputs = client.predict("types", inputs)
        for name, array in inputs.items():
            assert outputs[name + "_out"].dtype == array.dtype
            assert np.array_equal(outputs[name + "_out"], array) or name == "f64"
        assert outputs["f64_out"][0] == 0.1 and np.isnan(outputs["f64_out"][1])


def test_strings_are_returned_as_bytes(clients):
    for client in clients:
        outputs = client.predict("text", {"word": ["é", b"a\x00"]})
        assert outputs["twice"].tolist() == ["éé".encode(), b"a\x00a\x00"]
        assert outputs["word_bytes"].tolist() == ["é".encode(), b"a\x00"]


def test_status_metadata_and_readiness(clients, rest):
    for client in clients:
        assert client.ready() is True
        assert client.status() == rest.get().json()
        assert client.metadata() == rest.get("/metadata").json()


@pytest.mark.parametrize("signature, inputs", [
    ("gather", {"id": [5]}), ("gather", {"id": [-1]}), ("gather", {"id": [2 ** 40]}),
    ("gather", {"id": [0.5]}), ("gather", {"id": ["a"]}), ("gather", {"id": [[1], [2, 3]]}),
    ("gather", {}), ("gather", {"ids": [0]}), ("gather", {"id": [0], "k": [1]}),
    ("absent", {"id": [0]}), ("two", {"x": [[1, 2]], "n": [1, 2, 3, 4], "z": 1}),
])
def test_inputs_that_do_not_match_the_signature_are_invalid(clients, signature, inputs):
    for client in clients:
        assert reason(client.predict, signature, inputs)[0] == INVALID


def test_a_model_that_does_not_exist_is_not_found(server):
    for url, status in ((server.rest_url, 404), ("grpc://" + server.grpc_address, "NOT_FOUND")):
        client = ModelClient(url, "other")
        assert reason(client.predict, "gather", {"id": [0]}) == (NOT_FOUND, status)
        assert reason(client.status) == (NOT_FOUND, status)
        assert client.ready() is False


@pytest.mark.parametrize("url", [
    "", "127.0.0.1:8501", "http://", "grpc://", "ftp://a:1", "https://a:1", "http://a/b"])
def test_an_address_needs_a_scheme_and_a_host(url):
    with pytest.raises(ValueError, match="://host:port"):
        ModelClient(url)


def test_threads_share_a_client(clients):
    wrong = []

    def ask(client, seed):
        for ids in np.random.RandomState(seed).randint(0, 5, (15, 3)):
            if not np.array_equal(client.predict("gather", {"id": ids})["row"], TABLE[ids]):
                wrong.append(ids)

    together(ask, [(client, seed) for client in clients for seed in range(4)])
    assert wrong == []


def test_a_client_reconnects_after_the_server_has_restarted(tmp_path):
    save(tmp_path / "1", serving_default=line(2, 0))
    server = model_server.start("m", str(tmp_path))
    ports = [int(address.rsplit(":", 1)[1]) for address in (server.grpc_address, server.rest_url)]
    clients = [ModelClient(url, "m", timeout=30)
               for url in (server.rest_url, "grpc://" + server.grpc_address)]
    try:
        for client in clients:
            assert client.predict("serving_default", {"x": [1]})["y"] == [2]
        server.stop()
        for client in clients:
            assert reason(client.predict, "serving_default", {"x": [1]})[0] == UNREACHABLE
            assert client.ready() is False
        server = model_server.start("m", str(tmp_path), port=ports[0], rest_api_port=ports[1])
        for client in clients:
            until(client.ready)
            assert client.predict("serving_default", {"x": [1]})["y"] == [2]
    finally:
        server.stop()


def test_a_restart_between_two_calls_causes_no_error(tmp_path):
    """The server has closed the idle connection; the call is sent once more over a new one."""
    save(tmp_path / "1", serving_default=line(2, 0))
    server = model_server.start("m", str(tmp_path))
    client = ModelClient(server.rest_url, "m", timeout=30)
    try:
        assert client.predict("serving_default", {"x": [1]})["y"] == [2]
        server.stop()
        server = model_server.start("m", str(tmp_path),
                                    rest_api_port=int(server.rest_url.rsplit(":", 1)[1]))
        assert client.predict("serving_default", {"x": [1]})["y"] == [2]
    finally:
        server.stop()


def test_a_new_version_may_have_other_outputs(tmp_path):
    save(tmp_path / "1", serving_default=line(2, 0, "y"))
    server = model_server.start("m", str(tmp_path), poll_seconds=0.02)
    clients = [ModelClient(url, "m", timeout=30)
               for url in (server.rest_url, "grpc://" + server.grpc_address)]
    try:
        for client in clients:
            assert client.predict("serving_default", {"x": [1]})["y"] == [2]
        save(tmp_path / "half", serving_default=two_outputs)
        (tmp_path / "half").rename(tmp_path / "2")
        until(lambda: clients[0].metadata()["model_spec"]["version"] == "2")
        for client in clients:
            outputs = client.predict("serving_default", {"x": [1]})
            assert sorted(outputs) == ["thrice", "twice"] and outputs["thrice"] == [3]
    finally:
        server.stop()


def two_outputs():
    inputs, outputs = line(1, 0)()
    return inputs, {"twice": outputs["y"] * 2, "thrice": outputs["y"] * 3}


def test_an_address_without_a_server_is_unreachable(free_port):
    for scheme in ("http", "grpc"):
        client = ModelClient(f"{scheme}://127.0.0.1:{free_port}", timeout=30)
        assert reason(client.status)[0] == UNREACHABLE
        assert client.ready() is False
    assert reason(ModelClient("http://no-such-host.invalid:1", timeout=30).status)[0] == UNREACHABLE


def test_a_connection_is_reused(clients, monkeypatch):
    clients[0].status()
    monkeypatch.setattr(socket, "create_connection", None)  # a new one would be an error
    assert clients[0].predict("gather", {"id": [1]})["row"].shape == (1, 3)


def test_the_rest_client_needs_neither_tensorflow_nor_grpc():
    code = ("import sys, serving.client, serving.server, serving.server.__main__\n"
            "serving.client.ModelClient('http://127.0.0.1:1').ready()\n"
            "print({'tensorflow', 'grpc', 'waitress'} & set(sys.modules))")
    assert subprocess.check_output([sys.executable, "-c", code], timeout=60) == b"set()\n"


