"""Ports are held, and children never outlive their parent."""
import os
import select
import signal
import socket
import subprocess
import sys
import threading

import pytest

from runtime import cli, processes
from runtime.project import ROOT


def test_a_held_port_is_refused_and_free_after_the_context():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        port = server.getsockname()[1]
    ports = {"--port": ("127.0.0.1", port)}
    with processes.hold_ports(ports):
        with pytest.raises(cli.UserError, match=rf"--port {port} .* add --port \d+"):
            with processes.hold_ports(ports):
                pass
    with processes.hold_ports(ports):
        pass


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_number_that_is_no_port_is_refused(port):
    with pytest.raises(cli.UserError, match=f"--port {port} "):
        with processes.hold_ports({"--port": ("127.0.0.1", port)}):
            pass


FAMILY = """
import os, signal, subprocess, sys, time
if sys.argv[2] == "ignores SIGTERM":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
pipe = os.open(sys.argv[1], os.O_WRONLY)
os.write(pipe, b"x")
if len(sys.argv) == 3:
    subprocess.Popen([sys.executable] + sys.argv + ["grandchild"])
time.sleep(600)
"""
PARENT = """
import sys
from runtime import cli, processes
def main(argv):
    with processes.Children() as children:
        children.start("family", sys.argv[1:])
        children.watch()
cli.run(main)
"""
IN_BACKGROUND = "trap '' INT; exec \"$@\""  # a command that ignores SIGINT, as `&` makes it


class Pipe:
    """A named pipe: each process writes a byte to it, and it is at its end when all have ended."""

    def __init__(self, path):
        os.mkfifo(path)
        self.path = path
        self.reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)

    def read(self):
        assert select.select([self.reader], [], [], 60)[0], "no process wrote, none ended"
        return os.read(self.reader, 1)

    def wait_for_both(self):
        assert [self.read(), self.read()] == [b"x", b"x"]


@pytest.fixture
def pipe(tmp_path):
    pipe = Pipe(str(tmp_path / "pipe"))
    (tmp_path / "family.py").write_text(FAMILY)
    yield pipe
    os.close(pipe.reader)


def family(pipe, reaction):
    return [os.path.join(os.path.dirname(pipe.path), "family.py"), pipe.path, reaction]


@pytest.mark.parametrize("reaction", ["ends on SIGTERM", "ignores SIGTERM"])
def test_children_and_grandchildren_end_with_the_context(pipe, reaction, monkeypatch):
    monkeypatch.setattr(processes, "GRACE", 0.3)
    with processes.Children() as children:
        children.start("family", family(pipe, reaction))
        pipe.wait_for_both()
    assert pipe.read() == b""


@pytest.mark.parametrize("number, code", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_all_children_even_in_the_background(pipe, number, code):
    parent = subprocess.Popen(
        ["sh", "-c", IN_BACKGROUND, "sh", sys.executable, "-c", PARENT] + family(pipe, "ends on SIGTERM"), cwd=ROOT,
        stderr=subprocess.DEVNULL)
    pipe.wait_for_both()
    parent.send_signal(number)
    assert parent.wait(timeout=60) == code
    assert pipe.read() == b""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="uses prctl of Linux")
def test_children_end_even_when_the_parent_is_killed(pipe):
    parent = subprocess.Popen([sys.executable, "-c", PARENT] + family(pipe, "ends on SIGTERM") + ["alone"],
                              cwd=ROOT, stderr=subprocess.DEVNULL)
    assert pipe.read() == b"x"
    parent.kill()
    assert parent.wait(timeout=60) == -signal.SIGKILL
    assert pipe.read() == b""


def test_a_child_that_ends_also_ends_the_others(pipe):
    with pytest.raises(SystemExit) as exit:
        with processes.Children() as children:
            children.start("family", family(pipe, "ends on SIGTERM"))
            pipe.wait_for_both()
            children.start("short", ["-c", "pass"])
            children.watch()
    assert exit.value.code == 1
    assert pipe.read() == b""


SERVER = """
import http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    answers = [503, 503, 200]
    def do_GET(self):
        self.send_response(self.answers.pop(0))
        self.end_headers()
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


def free_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return server.getsockname()[1]


def test_a_server_is_ready_when_it_answers_200():
    port = free_port()
    with processes.Children() as children:
        children.start("server", ["-c", SERVER, str(port)])
        children.wait_until_ready(f"http://127.0.0.1:{port}/", timeout=60)


@pytest.mark.parametrize("code, timeout, exit_code", [
    ("import sys; sys.exit(9)", 60, 9),  # dies before it is ready
    ("import time; time.sleep(600)", .3, 1)])  # never is ready
def test_a_server_that_is_not_ready_ends_the_wait(code, timeout, exit_code):
    with pytest.raises(SystemExit) as exit:
        with processes.Children() as children:
            children.start("server", ["-c", code])
            children.wait_until_ready(f"http://127.0.0.1:{free_port()}/", timeout=timeout)
    assert exit.value.code == exit_code


def test_threads_may_run_children_while_one_of_them_fails():
    """The context ends with the exit code of the failure, and no thread starts another child."""
    ended = []

    def several(children):
        try:
            for number in range(1000):
                children.run(f"{threading.current_thread().name} {number}", ["-S", "-c", ""])
        except SystemExit as stop:
            ended.append(stop.code)

    with pytest.raises(SystemExit) as exit:
        with processes.Children() as children:
            threads = [threading.Thread(target=several, args=(children,)) for _ in range(3)]
            for thread in threads:
                thread.start()
            children.run("failing", ["-c", "import sys, time; time.sleep(.5); sys.exit(7)"])
    for thread in threads:
        thread.join(30)
    assert exit.value.code == 7 and len(ended) == 3
    assert all(process.poll() is not None for process in children.living.values())


def test_a_child_takes_further_variables_and_its_output_can_be_read():
    with processes.Children() as children:
        child = children.start("a child", ["-c", "import os; print(os.environ['NUMBER'])"], {"NUMBER": "7"},
                               stdout=subprocess.PIPE)
        assert child.communicate() == (b"7\n", None)
