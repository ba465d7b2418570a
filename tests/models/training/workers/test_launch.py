"""`./run train --workers N`: one run, one line where something fails, no process left, and resumed by any number."""
import os
import signal
import socket
import subprocess
import sys

import numpy as np
import pytest

import train
from models.training.workers import seats
from runtime.cli import UserError
from runtime.project import ROOT
from tests.conftest import TINY_SIZES
from tests.models.training.test_resume import epochs_of, last_line, pointer, weights
from tests.support import ctrl_c, waiting

EPOCHS = 3


def flags(tiny_data, runs, *more):
    return ["--data", tiny_data.data_folder, "--runs", str(runs), "--name", "r", "-e", str(EPOCHS),
            "--set", "patience=9"] + TINY_SIZES + list(more)


class Training:
    """The command by several workers, in a process of its own."""

    def __init__(self, arguments):
        with ctrl_c.heeded():
            self.process = subprocess.Popen([sys.executable, "train.py"] + arguments, cwd=ROOT,
                                            stderr=subprocess.PIPE, universal_newlines=True)

    def workers(self):
        """{number: process id} of the workers that live."""
        found = {}
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/stat") as stat, open(f"/proc/{pid}/environ") as environ:
                    parent, variables = stat.read().rsplit(")", 1)[1].split()[1], environ.read().split("\0")
            except OSError:
                continue
            if int(parent) == self.process.pid:
                found.update({int(text.split("=")[1]): int(pid)
                              for text in variables if text.startswith((seats.NUMBER + "=", "HOROVOD_RANK="))})
        return found

    def end(self):
        """(exit code, what it wrote on stderr)."""
        stderr = self.process.communicate(timeout=240)[1].replace("\r", "\n")
        return self.process.returncode, stderr


def has_ended(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


def stopped_in_epoch_2(tiny_data, runs, stop, *more):
    """Starts a training of two workers, calls `stop(training, workers)` once epoch 1 is complete; returns its end."""
    training = Training(flags(tiny_data, runs, "--workers", "2", *more))
    waiting.until((runs / "r" / "checkpoint.json").exists, 240)
    workers = training.workers()
    assert sorted(workers) == [0, 1]
    stop(training, workers)
    code, stderr = training.end()
    waiting.until(lambda: all(map(has_ended, workers.values())))
    return code, stderr


def kill(number):
    return lambda training, workers: os.kill(workers[number], signal.SIGKILL)


def assert_close(folder, whole):
    ours, theirs = weights(folder, "epoch-3"), weights(whole, "epoch-3")
    assert set(ours) == set(theirs)
    for name, value in theirs.items():
        np.testing.assert_allclose(ours[name], value, atol=1e-4, err_msg=name)


@pytest.fixture(scope="module")
def whole(tiny_data, tmp_path_factory):
    """The folder of a run that one process trained."""
    runs = tmp_path_factory.mktemp("whole")
    train.main(flags(tiny_data, runs))
    return runs / "r"


def test_a_killed_worker_ends_the_run_in_one_line_and_one_process_resumes_it(whole, tiny_data, tmp_path):
    code, stderr = stopped_in_epoch_2(tiny_data, tmp_path, kill(1))
    line = last_line(stderr)
    assert code == 2 and stderr.count("error: ") == 1, stderr
    assert line.startswith("error: worker 1 was ended by SIGKILL; last good checkpoint: ")
    assert "resume with ./run train --name r" in line and line.endswith(" --resume")
    done = epochs_of(tmp_path / "r")
    assert 1 <= done < EPOCHS and not list((tmp_path / "r").glob("**/.draft-*"))
    train.main(["--runs", str(tmp_path), "--name", "r", "--resume"])
    assert pointer(tmp_path / "r")["finished"]
    assert_close(tmp_path / "r", whole)
    assert set(os.listdir(str(tmp_path / "r"))) == set(os.listdir(str(whole)))


def test_an_interrupted_training_is_resumed_by_more_workers(whole, tiny_data, tmp_path):
    code, stderr = stopped_in_epoch_2(
        tiny_data, tmp_path, lambda training, workers: training.process.send_signal(signal.SIGINT))
    assert code == 130 and last_line(stderr).startswith("stopped; last good checkpoint: "), stderr
    assert stderr.count("stopped") == 1 and "--resume" in last_line(stderr)
    code, stderr = Training(["--runs", str(tmp_path), "--name", "r", "--resume", "--workers", "3"]).end()
    assert code == 0 and "Traceback" not in stderr, stderr
    assert_close(tmp_path / "r", whole)


@pytest.mark.slow
def test_a_killed_worker_0_is_reported(tiny_data, tmp_path):
    code, stderr = stopped_in_epoch_2(tiny_data, tmp_path, kill(0))
    assert code == 2 and last_line(stderr).startswith("error: worker 0 was ended by SIGKILL; last good"), stderr
    assert stderr.count("error: ") == 1


@pytest.mark.slow
def test_no_worker_outlives_a_killed_command(tiny_data, tmp_path):
    code, _ = stopped_in_epoch_2(tiny_data, tmp_path, lambda training, workers: training.process.kill())
    assert code == -signal.SIGKILL


@pytest.mark.slow
def test_a_loss_that_is_not_finite_is_one_line(tiny_data, tmp_path):
    code, stderr = Training(flags(tiny_data, tmp_path, "--workers", "2", "-l", "1e30")).end()
    assert code == 2 and stderr.count("error: ") == 1 and "lower --lr" in last_line(stderr), stderr


@pytest.mark.slow
def test_horovod_trains_the_same_run(whole, tiny_data, tmp_path):
    pytest.importorskip("horovod", reason="Horovod is not installed: requirements/horovod.txt")
    code, stderr = stopped_in_epoch_2(tiny_data, tmp_path, kill(1), "--engine", "horovod")
    assert code == 2 and "error: worker 1 was ended by SIGKILL; last good" in last_line(stderr), stderr
    code, stderr = Training(["--runs", str(tmp_path), "--name", "r", "--resume", "--workers", "2",
                             "--engine", "horovod"]).end()
    assert code == 0, stderr
    assert_close(tmp_path / "r", whole)


def refused(tiny_data, tmp_path, *more):
    with pytest.raises(UserError) as error:
        train.main(flags(tiny_data, tmp_path, *more))
    assert "\n" not in str(error.value) and not os.listdir(str(tmp_path))
    return str(error.value)


def test_more_workers_than_pairs_of_a_batch(tiny_data, tmp_path):
    assert "--workers 33: more than the 32 pairs of a batch" in refused(tiny_data, tmp_path, "--workers", "33")


def test_without_horovod_or_with_another_version_nothing_is_written(tiny_data, tmp_path, tmp_path_factory, monkeypatch):
    both = "--workers", "2", "--engine", "horovod"
    if sys.version_info >= (3, 8):
        assert "for the published leg alone" in refused(tiny_data, tmp_path, *both)
        monkeypatch.setattr(sys, "version_info", (3, 7))
    monkeypatch.setitem(sys.modules, "horovod", None)  # as if it were not installed
    assert "Horovod is not installed: " in refused(tiny_data, tmp_path, *both)
    site = tmp_path_factory.mktemp("site")
    (site / "horovod").mkdir()
    (site / "horovod" / "__init__.py").write_text("__version__ = '0.19.0'\n")
    monkeypatch.delitem(sys.modules, "horovod")
    monkeypatch.syspath_prepend(str(site))
    assert "another version of Horovod than 0.28.1" in refused(tiny_data, tmp_path, *both)


def test_the_version_of_horovod_that_is_required_is_the_one_that_is_named_for_installation():
    with open(os.path.join(ROOT, "requirements", "horovod.txt"), encoding="utf-8") as pins:
        assert f"horovod=={seats.HOROVOD} " in pins.read()


@pytest.mark.parametrize("number, at, message", [
    ("2", "127.0.0.1:21999", "RECSYS_WORKER=2: --workers 2 needs numbers 0 to 1"),
    ("one", "127.0.0.1:21999", "RECSYS_WORKER=one: --workers 2 needs numbers 0 to 1"),
    ("0", None, "RECSYS_WORKERS_AT is not HOST:PORT"),
    ("1", "127.0.0.1", "RECSYS_WORKERS_AT is not HOST:PORT"),
    ("1", "127.0.0.1:no", "RECSYS_WORKERS_AT=127.0.0.1:no: no address of a host"),
    ("0", "192.0.2.1:21999", "worker 0 cannot listen there")])
def test_an_environment_that_names_no_worker(tiny_data, tmp_path, monkeypatch, number, at, message):
    monkeypatch.setenv("RECSYS_WORKER", number)
    if at:
        monkeypatch.setenv("RECSYS_WORKERS_AT", at)
    assert message in refused(tiny_data, tmp_path, "--workers", "2")


@pytest.mark.slow
def test_workers_that_are_started_one_by_one_with_other_settings_write_nothing(tiny_data, tmp_path):
    """As on several hosts."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    both = []
    for rank in range(2):
        environ = dict(os.environ, RECSYS_WORKER=str(rank), RECSYS_WORKERS_AT=f"127.0.0.1:{port}")
        arguments = flags(tiny_data, tmp_path, "--workers", "2", "-s", str(rank))
        both.append(subprocess.Popen([sys.executable, "train.py"] + arguments, cwd=ROOT, stderr=subprocess.PIPE,
                                     universal_newlines=True, env=environ))
    for process in both:
        stderr = process.communicate(timeout=240)[1]
        assert process.returncode == 2 and "different data or settings" in stderr, stderr
    assert not os.listdir(str(tmp_path))
