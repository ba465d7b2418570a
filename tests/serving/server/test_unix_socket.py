"""The path of gRPC's Unix socket: free, left by an ended process, in use, and not a socket."""
import os
import socket
import stat

import grpc
import numpy as np
import pytest

from runtime.cli import UserError
from serving.server import start as model_server
from serving.server import unix_socket
from serving.server.rest.http_server import HttpServer
from tests.serving.conftest import MODEL
from tests.serving.contract.requests import predicted


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "grpc.sock")


def leave_socket(path):
    """What a killed process leaves: a socket at which nobody listens."""
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(path)


def test_only_a_socket_in_use_is_worth_a_line(path, caplog):
    unix_socket.warn_if_live(path)
    leave_socket(path)
    unix_socket.warn_if_live(path)
    assert not caplog.records
    os.unlink(path)
    with socket.socket(socket.AF_UNIX) as living:
        living.bind(path)
        living.listen(1)
        unix_socket.check(path)
        unix_socket.warn_if_live(path)
        assert "another process listens there" in caplog.text
        unix_socket.release(path, None)
        unix_socket.release(path, (0, 0))
        assert stat.S_ISSOCK(os.stat(path).st_mode)


@pytest.mark.parametrize("name, says", [("file", "is not a socket"), ("x" * 120, "107 bytes"),
                                        ("absent/grpc.sock", "folder does not exist")])
def test_a_path_that_cannot_be_used_is_one_line(tmp_path, name, says):
    (tmp_path / "file").write_text("kept")
    with pytest.raises(UserError, match=says) as raised:
        unix_socket.check(str(tmp_path / name))
    assert "--grpc_socket_path" in str(raised.value) and "\n" not in str(raised.value)
    assert (tmp_path / "file").read_text() == "kept"


def test_grpc_answers_at_the_socket_and_at_the_port_and_removes_the_socket(model_folder, path):
    leave_socket(path)
    server = model_server.start(MODEL, str(model_folder / MODEL), grpc_socket=path)
    try:
        for address in (f"unix:{path}", server.grpc_address):
            with grpc.insecure_channel(address) as channel:
                assert predicted(channel, MODEL, x=np.float32([1])) == {"y": [3]}
    finally:
        server.stop()
    assert not os.path.exists(path)


def test_a_second_server_takes_the_socket_over(model_folder, path):
    first = model_server.start(MODEL, str(model_folder / MODEL), grpc_socket=path)
    try:
        second = model_server.start(MODEL, str(model_folder / MODEL), grpc_socket=path)
        try:
            for address in (f"unix:{path}", first.grpc_address, second.grpc_address):
                with grpc.insecure_channel(address) as channel:
                    assert predicted(channel, MODEL, x=np.float32([1])) == {"y": [3]}
        finally:
            second.stop()
    finally:
        first.stop()
    assert not os.path.exists(path)


def test_a_server_that_cannot_listen_leaves_no_socket(model_folder, path, monkeypatch):
    def fails(*args):
        raise UserError("cannot listen")

    monkeypatch.setattr(HttpServer, "__init__", fails)
    with pytest.raises(UserError, match="cannot listen"):
        model_server.start(MODEL, str(model_folder / MODEL), grpc_socket=path)
    assert not os.path.exists(path)
