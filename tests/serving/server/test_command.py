"""`python -m serving.server`: start, end, log lines, flags and errors of the command."""
import os
import re
import signal
import socket
import subprocess
import sys

import pytest

from runtime.cli import UserError
from serving.client import ModelClient
from serving.server import flags
from serving.server import start as model_server
from serving.server.config import Batching, Model, Settings
from serving.server.model_server import ModelServer
from tests.serving.conftest import MODEL
from tests.serving.saved_models import line, save
from tests.support.waiting import until


def run(*arguments):
    """Runs a server process to its end. Returns its exit code and its output."""
    done = subprocess.run([sys.executable, "-m", "serving.server", *map(str, arguments)],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
    return done.returncode, done.stdout.decode()


class Running:
    """A server process that is ready."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "serving.server", *map(str, arguments)],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, universal_newlines=True)
        self.log = ""
        for line_ in self.process.stderr:
            self.log += line_
            if "Next: " in line_ or "REST off" in line_ and "model server" in line_:
                return
        raise AssertionError(self.log)

    def end(self, number):
        """Sends a signal. Returns the exit code and the output after the start."""
        self.process.send_signal(number)
        _, after = self.process.communicate(timeout=30)
        return self.process.returncode, after

    def __enter__(self):
        return self

    def __exit__(self, *error):
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()


@pytest.fixture
def folder(tmp_path):
    save(tmp_path / "1", serving_default=line())
    return tmp_path


def test_the_start_is_logged_and_sigterm_ends_the_server(folder, free_port):
    with Running("--model_base_path", folder, "--port", 0, "--rest_api_port", free_port) as server:
        url, lines = f"http://127.0.0.1:{free_port}", server.log.splitlines()
        assert len(lines) == 3 and "version 1 loaded in" in lines[0], server.log
        assert str(folder) in lines[1] and url in lines[1]  # what it serves, and where
        assert f"./run shop --server {url}" in lines[2]  # what to type next
        assert all(re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} INFO ", text) for text in lines)
        client = ModelClient(url, timeout=30)
        assert client.predict("serving_default", {"x": [1]})["y"] == [3]
        code, after = server.end(signal.SIGTERM)
        assert (code, after.splitlines()[-1]) == (0, "stopped by SIGTERM") and "Traceback" not in after


@pytest.mark.skipif(not os.path.exists("/proc/self/limits"), reason="the limits of a process are read from /proc")
def test_the_server_may_open_as_many_connections_as_the_system_allows(folder):
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(512, hard), hard))  # the server inherits it
    try:
        with Running("--model_base_path", folder, "--port", 0, "--rest_api_port", 0) as server:
            with open(f"/proc/{server.process.pid}/limits") as limits:
                found, = [text.split()[3:5] for text in limits if text.startswith("Max open files")]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert found == [str(hard)] * 2


def test_the_server_logs_one_line_for_each_request_unless_a_flag_switches_it_off(folder, free_port):
    metadata, predict = [text for text in _log_of_a_request(folder, free_port) if " REST " in text]
    assert " REST metadata model=deeprecsys version=1 signature=- status=200 " in metadata
    assert re.search(r"INFO REST predict model=deeprecsys version=1 signature=serving_default status=200 [\d.]+ ms$",
                     predict)
    assert not [text for text in _log_of_a_request(folder, free_port, "--log_requests=false") if " REST " in text]


def _log_of_a_request(folder, port, *flags):
    """The lines that a server logs of one request, after its start."""
    with Running("--model_base_path", folder, "--port", 0, "--rest_api_port", port, *flags) as server:
        client = ModelClient(f"http://127.0.0.1:{port}", timeout=30, retries=0)
        client.predict("serving_default", {"x": [1]})
        return server.end(signal.SIGTERM)[1].splitlines()


def test_without_rest_and_without_a_version_the_server_waits_and_ctrl_c_ends_it(tmp_path):
    with Running("--model_base_path", tmp_path, "--port", 0, "--rest_api_port", 0) as server:
        assert "no versions found" in server.log and "REST off" in server.log
        assert "no version of model deeprecsys is loaded" in server.log and "ready" not in server.log
        assert server.end(signal.SIGINT) == (130, "stopped by Ctrl-C\n")


@pytest.mark.parametrize("flag", ["--port", "--rest_api_port"])
def test_a_port_in_use_is_reported_in_one_line(folder, flag):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        ports = {"--port": 0, "--rest_api_port": 0, flag: taken.getsockname()[1]}
        code, output = run("--model_base_path", folder, *sum(ports.items(), ()))
    assert code == 2 and output.count("\n") == 1, output
    assert output.startswith("error: ") and str(ports[flag]) in output and flag in output


@pytest.mark.parametrize("port, address", [("port", "grpc_address"), ("rest_api_port", "rest_url")])
def test_two_servers_do_not_share_a_port(server, model_folder, port, address):
    taken = int(getattr(server, address).rsplit(":", 1)[1])
    with pytest.raises(UserError, match=f"port {taken} of 127.0.0.1"):
        model_server.start(MODEL, str(model_folder / MODEL), **{port: taken})


@pytest.mark.parametrize("arguments, part", [
    (["--model_base_path", "absent/folder"], "absent/folder: no such folder"),
    ([], "--model_base_path"),
    (["--model_base_path", ".", "--port", "99999"], "--port"),
    (["--model_base_path", ".", "--port", "7", "--rest_api_port", "7"], "--rest_api_port"),
    (["--model_base_path", ".", "--model_name", "a/b"], "--model_name"),
    (["--model_base_path", ".", "--unknown"], "--unknown"),
    (["--model_base", "."], "unrecognized arguments: --model_base"),
    (["--model_base_path", ".", "--enable_batching=maybe"], "--enable_batching"),
    (["--model_base_path", ".", "--use_tflite_model"], "TensorFlow Lite"),
    (["--model_base_path", ".", "--prefer_tflite_model=true"], "TensorFlow Lite"),
    (["--model_base_path", ".", "--grpc_socket_path", "."], "--grpc_socket_path"),
    (["--model_base_path", ".", "--host", "192.0.2.1"], "give --host an address of this machine"),
    (["--model_base_path", ".", "--host", "no.such.host.invalid"], "give --host an address of this machine"),
    (["--model_base_path", ".", "--ssl_config_file=x"], "gRPC is not encrypted"),
    (["--model_base_path", ".", "--rest_api_timeout_in_ms", "0"], "rest_api_timeout_in_ms"),
    (["--model_base_path", ".", "--max_request_cost", "0"], "max_request_cost"),
    (["--model_base_path", ".", "--batching_parameters_file", "x"], "--enable_batching"),
    (["--model_base_path", ".", "--enable_batching", "--batching_parameters_file", "/no/file"],
     "/no/file: cannot be read"),
    (["--model_config_file", "/no/file"], "/no/file: cannot be read"),
    (["--model_base_path", ".", "--file_system_poll_wait_seconds", "-1"], "poll_wait_seconds"),
])
def test_a_wrong_argument_is_reported_in_one_line(arguments, part):
    code, output = run(*arguments)
    assert code == 2 and output.count("\n") == 1 and part in output, output


def test_defaults_are_those_of_tensorflow_serving():
    args = flags.parse_args(["--model_base_path", "x"])
    assert (args.port, args.rest_api_port, args.model_name) == (8500, 8501, "deeprecsys")
    assert args.file_system_poll_wait_seconds == 1 and args.host == "127.0.0.1"
    assert flags.settings(args) == Settings(port=8500, rest_api_port=8501)
    assert flags.models(args) == ([Model("deeprecsys", os.path.abspath("x"))], None)


def test_every_flag_reaches_the_server(tmp_path):
    (tmp_path / "batching").write_text("max_batch_size { value: 5 }")
    (tmp_path / "monitoring").write_text("prometheus_config { enable: true path: '/m' }")
    args = flags.parse_args([
        "--model_base_path=x", "--host=::1", "--port=1", "--rest_api_port=0", "--grpc_max_threads=3",
        "--rest_api_num_threads=2", "--rest_api_timeout_in_ms=1500", "--enable_batching",
        f"--batching_parameters_file={tmp_path}/batching", "--saved_model_tags=serve,gpu",
        f"--monitoring_config_file={tmp_path}/monitoring", "--enable_model_warmup=false",
        "--allow_version_labels_for_unavailable_models=true", "--file_system_poll_wait_seconds=7",
        "--tensorflow_intra_op_parallelism=4", "--tensorflow_inter_op_parallelism=5",
        "--grpc_channel_arguments=grpc.max_connection_age_ms=2000,grpc.x=y", f"--grpc_socket_path={tmp_path}/socket",
        "--max_request_cost=9"])
    assert flags.settings(args) == Settings(
        "::1", 1, None, 7, 3, 2, 1.5, 9, Batching(max_batch_size=5), "/m", True, 4, 5,
        ("serve", "gpu"), False, (("grpc.max_connection_age_ms", 2000), ("grpc.x", "y")),
        f"{tmp_path}/socket")


def test_a_flag_without_effect_is_reported_once(caplog):
    caplog.set_level("WARNING", "recsys")
    flags.parse_args(["--model_base_path=x", "--max_num_load_retries=3", "--use_tflite_model=false",
                      "--flush_filesystem_caches"])
    warnings = [record.getMessage() for record in caplog.records]
    assert [line.split(":")[0] for line in warnings] == [
        "--flush_filesystem_caches has no effect here", "--max_num_load_retries has no effect here"]


def test_help_says_what_is_refused_and_what_has_no_effect(capsys):
    with pytest.raises(SystemExit):
        flags.parse_args(["--help"])
    text = " ".join(capsys.readouterr().out.split())
    for names, word in ((flags.REFUSED, "refused"), (flags.NO_EFFECT, "no effect here")):
        for name, why in names.items():
            assert f"{word}: {why}" in text and f"--{name}" in text


@pytest.mark.parametrize("kind, flag", [("ModelServerConfig", "--model_config_file"),
                                        ("MonitoringConfig", "--monitoring_config_file")])
def test_a_damaged_configuration_file_has_the_words_of_tensorflow_serving(tmp_path, kind, flag):
    (tmp_path / "damaged").write_text("improperly formatted file")
    code, output = run("--model_base_path", tmp_path, flag, tmp_path / "damaged")
    assert code == 2 and output.count("\n") == 1
    assert f"Error parsing text-format tensorflow.serving.{kind}: 1:" in output
    assert f"Invalid protobuf file: '{tmp_path}/damaged'" in output


def test_models_come_from_a_file_that_is_followed(tmp_path, free_port):
    text = """model_config_list {{ config {{ name: "m" base_path: "{}" model_platform: "tensorflow"
              model_version_policy {{ specific {{ versions: {} }} }} }} }}"""
    for version in (1, 2):
        save(tmp_path / str(version), serving_default=line(version, 0))
    path = tmp_path / "models.config"
    path.write_text(text.format(tmp_path, 1))
    with Running("--model_config_file", path, "--model_config_file_poll_wait_seconds=0.05",
                 "--port=0", "--rest_api_port", free_port) as server:
        client = ModelClient(f"http://127.0.0.1:{free_port}", "m", timeout=30)
        assert client.predict("serving_default", {"x": [1]})["y"] == [1]
        path.write_text(text.format(tmp_path, 2))
        until(lambda: client.predict("serving_default", {"x": [1]})["y"] == [2])
        assert server.end(signal.SIGTERM)[0] == 0


def test_ports_and_socket_open_after_the_models_are_loaded(folder, free_port, tmp_path, monkeypatch):
    path, open_while_loading = str(tmp_path / "grpc.sock"), []
    load = ModelServer._load

    def loads(self, *arguments):
        with socket.socket() as client:
            open_while_loading.append((client.connect_ex(("127.0.0.1", free_port)) == 0, os.path.exists(path)))
        return load(self, *arguments)

    monkeypatch.setattr(ModelServer, "_load", loads)
    server = model_server.start("m", str(folder), port=free_port, grpc_socket=path)
    try:
        assert open_while_loading == [(False, False)] and os.path.exists(path)
        with socket.socket() as client:
            assert client.connect_ex(("127.0.0.1", free_port)) == 0
    finally:
        server.stop()
