"""The client, against a running server, a dead one, and ones that misbehave."""
import contextlib
import socket
import subprocess
import sys
import threading

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from hypothesis.extra import numpy as arrays

from serving import server as model_server
from serving.client import (BAD_ANSWER, INVALID, NOT_FOUND, TIMEOUT, UNAVAILABLE, UNREACHABLE,
                            ModelClient, ModelServerError)
from tests.serving.conftest import MODEL
from tests.serving.saved_models import TABLE, line, save

SMALL = st.integers(-64, 64).map(lambda eighths: eighths / 8)


@pytest.fixture(scope="module")
def clients(server):
    """One over REST and one over gRPC."""
    return [ModelClient(server.rest_url, MODEL, timeout=30),
            ModelClient("grpc://" + server.grpc_address, MODEL, timeout=30)]


def reason(call, *args):
    """Why a call fails, and the status it got."""
    with pytest.raises(ModelServerError) as raised:
        call(*args)
    assert raised.value.message and raised.value.reason in str(raised.value)
    return raised.value.reason, raised.value.status


@settings(deadline=None, max_examples=40)
@given(x=arrays.arrays(np.float32, st.tuples(st.integers(1, 4), st.just(2)), elements=SMALL))
def test_rest_is_grpc_is_the_truth(clients, x):
    n = np.arange(len(x), dtype=np.int32)
    for client in clients:
        outputs = client.predict("two", {"x": x, "n": n})
        assert outputs["total"].dtype == np.float32 and outputs["next"].dtype == np.int32
        assert np.array_equal(outputs["total"], x.sum(1) + n.astype(np.float32))
        assert np.array_equal(outputs["next"], n + 1)


def test_any_thing_like_an_array_will_do(clients):
    for client in clients:
        for ids in ([4, 0], (4, 0), np.int64([4, 0]), np.uint8([4, 0])):
            assert np.array_equal(client.predict("gather", {"id": ids})["row"], TABLE[[4, 0]])
        scaled = client.predict("scaled", {"x": [[1, 2, 3]], "scale": 2})["y"]
        assert scaled.dtype == np.float32 and scaled.tolist() == [[2, 4, 6]]
        assert client.predict("gather", {"id": []})["row"].size == 0
        total = client.predict("scalar", {"x": [1, 2]})["total"]
        assert total.shape == () and total == 3


def test_every_dtype_comes_back(clients):
    inputs = {"i64": np.int64([2 ** 62, -1]), "u8": np.uint8([255, 0]),
              "f64": np.float64([0.1, np.nan]), "flag": np.array([True, False])}
    for client in clients:
        outputs = client.predict("types", inputs)
        for name, array in inputs.items():
            assert outputs[name + "_out"].dtype == array.dtype
            assert np.array_equal(outputs[name + "_out"], array) or name == "f64"
        assert outputs["f64_out"][0] == 0.1 and np.isnan(outputs["f64_out"][1])


def test_strings_are_bytes(clients):
    for client in clients:
        outputs = client.predict("text", {"word": ["é", b"a\x00"]})
        assert outputs["twice"].tolist() == ["éé".encode(), b"a\x00a\x00"]
        assert outputs["word_bytes"].tolist() == ["é".encode(), b"a\x00"]


def test_status_metadata_and_ready(clients, rest):
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
def test_what_does_not_fit_is_invalid(clients, signature, inputs):
    for client in clients:
        assert reason(client.predict, signature, inputs)[0] == INVALID


def test_a_model_that_is_not_there(server):
    for url, status in ((server.rest_url, 404), ("grpc://" + server.grpc_address, "NOT_FOUND")):
        client = ModelClient(url, "other")
        assert reason(client.predict, "gather", {"id": [0]}) == (NOT_FOUND, status)
        assert reason(client.status) == (NOT_FOUND, status)
        assert client.ready() is False


@pytest.mark.parametrize("url", [
    "", "127.0.0.1:8501", "http://", "grpc://", "ftp://a:1", "https://a:1", "http://a/b"])
def test_an_address_has_a_scheme_and_a_host(url):
    with pytest.raises(ValueError, match="://host:port"):
        ModelClient(url)


def test_threads_share_a_client(clients):
    wrong = []

    def ask(client, seed):
        for ids in np.random.RandomState(seed).randint(0, 5, (15, 3)):
            if not np.array_equal(client.predict("gather", {"id": ids})["row"], TABLE[ids]):
                wrong.append(ids)

    threads = [threading.Thread(target=ask, args=(client, seed))
               for client in clients for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_server_that_goes_and_comes_back(tmp_path):
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
            wait_until(client.ready)
            assert client.predict("serving_default", {"x": [1]})["y"] == [2]
    finally:
        server.stop()


def test_a_restart_between_two_calls_is_not_noticed(tmp_path):
    """The connection that was kept open is dead; the call is made once more over a new one."""
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


def test_a_new_version_with_other_outputs(tmp_path):
    save(tmp_path / "1", serving_default=line(2, 0, "y"))
    server = model_server.start("m", str(tmp_path), poll_seconds=0.02)
    clients = [ModelClient(url, "m", timeout=30)
               for url in (server.rest_url, "grpc://" + server.grpc_address)]
    try:
        for client in clients:
            assert client.predict("serving_default", {"x": [1]})["y"] == [2]
        save(tmp_path / "half", serving_default=two_outputs)
        (tmp_path / "half").rename(tmp_path / "2")
        wait_until(lambda: clients[0].metadata()["model_spec"]["version"] == "2")
        for client in clients:
            outputs = client.predict("serving_default", {"x": [1]})
            assert sorted(outputs) == ["thrice", "twice"] and outputs["thrice"] == [3]
    finally:
        server.stop()


def two_outputs():
    inputs, outputs = line(1, 0)()
    return inputs, {"twice": outputs["y"] * 2, "thrice": outputs["y"] * 3}


def wait_until(true, seconds=30):
    pause = threading.Event()
    for _ in range(int(seconds / 0.02)):
        if true():
            return
        pause.wait(0.02)
    raise AssertionError("waited in vain")


@contextlib.contextmanager
def answering(*pieces, pause=0.0, times=100):
    """A server that reads a request and sends `pieces`, whatever was asked, then hangs up."""
    over = threading.Event()

    def serve(listener):
        for _ in range(times):
            try:
                wire, _ = listener.accept()
            except OSError:
                return
            with wire, contextlib.suppress(OSError):
                wire.recv(2 ** 16)
                for piece in pieces:
                    wire.sendall(piece)
                    if over.wait(pause):
                        return

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(8)
        thread = threading.Thread(target=serve, args=(listener,), daemon=True)
        thread.start()
        try:
            yield "http://127.0.0.1:{}".format(listener.getsockname()[1])
        finally:
            over.set()
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(10)


def http(body, status=200, length=None):
    length = len(body) if length is None else length
    return (f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\n"
            f"Content-Length: {length}\r\n\r\n").encode() + body


@pytest.mark.parametrize("answer, expected", [
    (http(b"not json"), (BAD_ANSWER, 200)),
    (http(b"[1]"), (BAD_ANSWER, 200)),
    (http(b""), (BAD_ANSWER, 200)),
    (http(b"[" * 10 ** 5), (BAD_ANSWER, 200)),
    (http(b'{"model_version_status": []}', length=99), (BAD_ANSWER, None)),
    (http(b"<h1>Not Found</h1>", 404), (BAD_ANSWER, 404)),
    (http(b'{"error": "no"}', 404), (NOT_FOUND, 404)),
    (http(b'{"error": "no"}', 400), (INVALID, 400)),
    (http(b'{"error": "no"}', 503), (UNAVAILABLE, 503)),
    (http(b"busy", 500), (UNAVAILABLE, 500)),
    (http(b"late", 504), (TIMEOUT, 504)),
    (http(b"", 302), (BAD_ANSWER, 302)),
    (b"SSH-2.0-OpenSSH\r\n\r\n", (BAD_ANSWER, None)),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n{}", (BAD_ANSWER, None)),
    (b"", (UNREACHABLE, None)),
])
def test_an_answer_that_breaks_the_contract(answer, expected):
    with answering(answer) as url:
        assert reason(ModelClient(url, timeout=30).status) == expected


@pytest.mark.parametrize("outputs", [
    b'{}', b'{"outputs": {"z": [1]}}', b'{"outputs": [1]}', b'{"outputs": {"a": [1]}}',
    b'{"outputs": {"a": ["x"], "b": [1]}}', b'{"outputs": {"a": [[1], [2, 3]], "b": [1]}}',
    b'{"outputs": {"a": null, "b": [1]}}', b'{"predictions": [1]}'])
def test_outputs_that_are_missing_or_wrong(outputs):
    """The server here gives one body to every request: the metadata and the outputs at once."""
    metadata = b'"metadata": {"signature_def": {"signature_def": {"s": {"inputs": {}, "outputs": ' \
               b'{"a": {"dtype": "DT_FLOAT"}, "b": {"dtype": "DT_INT32"}}}}}}}'
    both = outputs[:-1] + (b", " if len(outputs) > 2 else b"") + metadata
    with answering(http(both)) as url:
        assert reason(ModelClient(url, timeout=30).predict, "s", {})[0] == BAD_ANSWER


@pytest.mark.parametrize("metadata", [b"{}", b'{"metadata": 1}', b'{"metadata": {"signature_def": '
                                      b'{"signature_def": {"s": {"inputs": {"a": {}}}}}}}'])
def test_metadata_that_is_none(metadata):
    with answering(http(metadata)) as url:
        assert reason(ModelClient(url, timeout=30).predict, "s", {})[0] == BAD_ANSWER


@pytest.mark.parametrize("pieces", [
    [b""], [b"HTTP/1.1 200 OK\r\n"], [http(b"{", length=2)],
    [b"H", b"T", b"T", b"P"] + [b"x"] * 10 ** 4,  # dribbles, headers and body
    [http(b"{", length=10 ** 5)] + [b" "] * 10 ** 4])
def test_a_server_that_never_finishes_is_left(pieces):
    with answering(*pieces, pause=30 if len(pieces) == 1 else 0.01) as url:
        assert reason(ModelClient(url, timeout=0.3).status) == (TIMEOUT, None)


def test_nobody_there(free_port):
    for scheme in ("http", "grpc"):
        client = ModelClient(f"{scheme}://127.0.0.1:{free_port}", timeout=30)
        assert reason(client.status)[0] == UNREACHABLE
        assert client.ready() is False
    assert reason(ModelClient("http://no-such-host.invalid:1", timeout=30).status)[0] == UNREACHABLE


def test_a_connection_is_kept(clients, monkeypatch):
    clients[0].status()
    monkeypatch.setattr(socket, "create_connection", None)  # a new one would be an error
    assert clients[0].predict("gather", {"id": [1]})["row"].shape == (1, 3)


def test_the_rest_client_needs_neither_tensorflow_nor_grpc():
    code = ("import sys, serving.client, serving.server, serving.server.__main__\n"
            "serving.client.ModelClient('http://127.0.0.1:1').ready()\n"
            "print({'tensorflow', 'grpc', 'waitress'} & set(sys.modules))")
    assert subprocess.check_output([sys.executable, "-c", code], timeout=60) == b"set()\n"


