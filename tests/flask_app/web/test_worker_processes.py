"""A shop of two processes: each answers, one that ends is started again, and all stop together."""
import contextlib
import http.client
import os
import signal
import subprocess
import sys
import urllib.request

import pytest

from runtime.project import ROOT
from tests.support import ctrl_c
from tests.support.waiting import until


@pytest.fixture
def two(folders, tmp_path):
    """(a shop of two processes, its address); it logs to the file `log`."""
    with open(str(tmp_path / "log"), "w") as log, ctrl_c.heeded():
        process = subprocess.Popen(
            [sys.executable, "-m", "flask_app", "--port", "0", "--processes", "2", "--runs", str(folders / "runs"),
             "--data", str(folders / "data")], cwd=ROOT, stdout=subprocess.PIPE, stderr=log)
    try:
        address = process.stdout.readline().decode().split()[-1]
        until(lambda: len(children_of(process)) == 2)
        yield process, address
    finally:
        process.kill()
        process.communicate(timeout=60)


def answers(address):
    """Whether a shop answers a request over a new connection."""
    try:
        with urllib.request.urlopen(address + "healthz", timeout=60) as answer:
            return answer.status == 200
    except OSError:
        return False


def children_of(process):
    """The processes that make pages, without the one that watches them."""
    with open(f"/proc/{process.pid}/task/{process.pid}/children") as children:
        return [int(child) for child in children.read().split()]


@contextlib.contextmanager
def paused(pid):
    """In this context a process does nothing."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def test_each_of_two_processes_answers(two):
    process, address = two
    assert all(answers(address) for _ in range(20))
    for pid in children_of(process):
        with paused(pid):  # then only the other process answers
            assert all(answers(address) for _ in range(5))


def connections_of(pid, port):
    """The number of connections at a port of this machine that a process holds."""
    files = [f"/proc/{pid}/fd/{name}" for name in os.listdir(f"/proc/{pid}/fd")]
    held = {os.readlink(file) for file in files if os.path.islink(file)}
    with open("/proc/net/tcp") as table:
        rows = [line.split() for line in list(table)[1:]]  # proc(5)
    open_at = {f"socket:[{row[9]}]" for row in rows if int(row[1].split(":")[1], 16) == port and row[3] == "01"}
    return len(held & open_at)  # of sockets, not of rows: a table that changes while it is read may repeat a row


def test_kept_connections_are_spread_evenly_over_the_processes(two):
    process, address = two
    host, port = address[len("http://"):].rstrip("/").split(":")
    clients = [http.client.HTTPConnection(host, int(port), timeout=60) for _ in range(12)]

    def shares():
        for client in clients:
            client.request("GET", "/healthz")
            assert client.getresponse().read()
        return [connections_of(pid, int(port)) for pid in children_of(process)]

    until(lambda: shares() == [6, 6])
    assert [shares() for _ in range(5)] == [[6, 6]] * 5  # from now on no connection is closed


def test_both_processes_stop_at_sigterm(two):
    process, address = two
    assert answers(address)
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0 and not answers(address)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_process_that_ends_is_started_again_and_logged(two, tmp_path, number):
    process, address = two
    killed, other = children_of(process)
    with paused(other):
        assert answers(address)  # so the first one serves: what a signal raises right after a fork may be swallowed
    os.kill(killed, number)
    until(lambda: len(set(children_of(process)) - {killed}) == 2)
    assert other in children_of(process) and all(answers(address) for _ in range(10))
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0
    log = (tmp_path / "log").read_text()
    assert log.count("of the shop ended") == 1 and "it is started again" in log
    assert log.splitlines()[-1] == "stopped by SIGTERM" and "Traceback" not in log


def test_the_others_answer_while_a_process_is_away(two):
    process, address = two
    killed, _ = children_of(process)
    with paused(process.pid):  # a paused supervisor does not start the process again
        os.kill(killed, signal.SIGKILL)
        assert all(answers(address) for _ in range(10))


def test_the_second_process_ends_where_the_first_is_killed(two):
    process, address = two
    assert answers(address)
    process.kill()
    until(lambda: not answers(address))
