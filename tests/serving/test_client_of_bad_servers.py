"""The client with servers that misbehave."""
import contextlib
import socket
import threading

import pytest

from serving.client import ModelClient
from serving.errors import BAD_ANSWER, CIRCUIT_OPEN, INVALID, NOT_FOUND, TIMEOUT, UNAVAILABLE, UNREACHABLE
from serving.retry import FAILURES
from tests.serving.failing import reason


@contextlib.contextmanager
def answering(*pieces, pause=0.0, times=100):
    """A server that reads a request, sends `pieces` whatever the request is, then closes the connection."""
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
def test_a_response_that_breaks_the_contract_has_its_reason(answer, expected):
    with answering(answer) as url:
        assert reason(ModelClient(url, timeout=30).status) == expected


@pytest.mark.parametrize("outputs", [
    b'{}', b'{"outputs": {"z": [1]}}', b'{"outputs": [1]}', b'{"outputs": {"a": [1]}}',
    b'{"outputs": {"a": ["x"], "b": [1]}}', b'{"outputs": {"a": [[1], [2, 3]], "b": [1]}}',
    b'{"outputs": {"a": null, "b": [1]}}', b'{"predictions": [1]}'])
def test_missing_or_wrong_outputs_are_a_bad_answer(outputs):
    """The server here gives one body to every request: the metadata and the outputs at once."""
    metadata = b'"metadata": {"signature_def": {"signature_def": {"s": {"inputs": {}, "outputs": ' \
               b'{"a": {"dtype": "DT_FLOAT"}, "b": {"dtype": "DT_INT32"}}}}}}}'
    both = outputs[:-1] + (b", " if len(outputs) > 2 else b"") + metadata
    with answering(http(both)) as url:
        assert reason(ModelClient(url, timeout=30).predict, "s", {})[0] == BAD_ANSWER


@pytest.mark.parametrize("metadata", [b"{}", b'{"metadata": 1}', b'{"metadata": {"signature_def": '
                                      b'{"signature_def": {"s": {"inputs": {"a": {}}}}}}}'])
def test_metadata_without_signatures_is_a_bad_answer(metadata):
    with answering(http(metadata)) as url:
        assert reason(ModelClient(url, timeout=30).predict, "s", {})[0] == BAD_ANSWER


@pytest.mark.parametrize("pieces", [
    [b""], [b"HTTP/1.1 200 OK\r\n"], [http(b"{", length=2)],
    [b"H", b"T", b"T", b"P"] + [b"x"] * 10 ** 4,  # byte by byte, headers and body
    [http(b"{", length=10 ** 5)] + [b" "] * 10 ** 4])
def test_a_response_that_never_ends_is_a_timeout(pieces):
    with answering(*pieces, pause=30 if len(pieces) == 1 else 0.01) as url:
        assert reason(ModelClient(url, timeout=0.3).status) == (TIMEOUT, None)


def test_a_server_that_recovers_is_called_again():
    """Two failures are hidden from the caller by retries."""
    answers = [http(b'{"error": "no"}', 503)] * 2 + [http(b'{"model_version_status": []}')]
    with answering_in_turn(answers) as url:
        assert ModelClient(url, timeout=30).status() == {"model_version_status": []}
    with answering_in_turn(answers) as url:
        assert reason(ModelClient(url, timeout=30, retries=0).status) == (UNAVAILABLE, 503)


def test_an_unreachable_server_is_not_called_each_time(free_port):
    client = ModelClient(f"http://127.0.0.1:{free_port}", timeout=30, retries=0)
    causes = [reason(client.status)[0] for _ in range(FAILURES + 1)]
    assert causes == [UNREACHABLE] * FAILURES + [CIRCUIT_OPEN]
    assert client.ready() is False


@contextlib.contextmanager
def answering_in_turn(answers):
    """A server that gives one answer for each connection."""
    def serve(listener):
        for answer in answers:
            wire, _ = listener.accept()
            with wire:
                wire.recv(2 ** 16)
                wire.sendall(answer)

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(8)
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
        yield "http://127.0.0.1:{}".format(listener.getsockname()[1])
