"""The artefact made on Spark is that of a single process, byte for byte; where Spark ends, nothing is half-written."""
import os
import signal
import subprocess
import sys
import time

import pytest

from preprocessing import __main__ as preprocess
from preprocessing.sample import corpus as sample
from preprocessing.spark import pieces, session
from runtime.cli import UserError
from runtime.project import ROOT, module
from tests.preprocessing.spark.corpora import mixed, rows
from tests.preprocessing.writing import write_lines

SMALL = ["--word_dim", "5", "--topics", "3", "--min_reviews", "1", "--name", "made"]


def missing():
    """Why Spark cannot run here; '' where it can."""
    try:
        session.require("local[2]")
        return ""
    except UserError as error:
        return str(error)


pytestmark = pytest.mark.skipif(bool(missing()), reason=missing() or "Spark is here")


def content(folder):
    """{path: bytes} of all files below a folder."""
    found = {}
    for parent, _, names in os.walk(str(folder)):
        for name in names:
            path = os.path.join(parent, name)
            with open(path, "rb") as file:
                found[os.path.relpath(path, str(folder))] = file.read()
    return found


def both(folder, *arguments):
    """Preprocesses with each engine into folders of `folder`, and compares all files."""
    made = []
    for engine in (["python"], ["spark", "--master", "local[2]"]):
        data = folder / engine[0]
        data.mkdir()
        preprocess.main(list(arguments) + SMALL + ["--data_dir", str(data), "--engine"] + engine)
        assert os.listdir(str(data)) == ["made"]  # and nothing of Spark
        made.append(content(data / "made"))
    assert len(made[0]) >= 26 and set(made[0]) == set(made[1])
    assert [name for name in made[0] if made[0][name] != made[1][name]] == []


def test_a_compressed_file_with_metadata(tiny_data, tmp_path):
    reviews, meta = (os.path.join(tiny_data.sample_folder, name) for name in (sample.REVIEWS, sample.META))
    both(tmp_path, "--reviews", reviews, "--meta", meta)


@pytest.mark.parametrize("arguments", [
    ["--split", "users", "--tokens", "a-z", "--repeated", "first"], ["--split", "random", "--seed", "3"]],
    ids=["users", "random"])
def test_several_files_with_rows_that_are_dropped(arguments, tmp_path, monkeypatch):
    monkeypatch.setattr(pieces, "PIECE", 4001)
    monkeypatch.setattr(pieces, "CHUNK", 7)
    both(tmp_path, "--reviews", *mixed(tmp_path), *arguments)


def test_a_relative_path_and_the_split_by_time(tmp_path, monkeypatch):
    monkeypatch.setattr(pieces, "PIECE", 5003)
    monkeypatch.chdir(tmp_path)
    write_lines(tmp_path / "r.json", rows(203, 4))
    both(tmp_path, "--reviews", "r.json", "--split", "time")


def test_a_mistake_in_a_line_is_one_line_and_leaves_no_file(tmp_path):
    path = write_lines(tmp_path / "r.json", list(rows(150, 5)) + ["{"])
    with pytest.raises(UserError, match=r"r.json:\d+: not JSON"):
        preprocess.main(["--reviews", path, "--data_dir", str(tmp_path / "data"), "--engine", "spark", "--master",
                         "local[2]"] + SMALL)
    assert os.listdir(str(tmp_path)) == ["r.json"]


def test_a_master_that_spark_does_not_know_is_one_line(tmp_path):
    path = write_lines(tmp_path / "r.json", rows(50, 6))
    with pytest.raises(UserError, match="Spark at nowhere cannot start .*[Mm]aster") as error:
        preprocess.main(["--reviews", path, "--data_dir", str(tmp_path / "data"), "--engine", "spark", "--master",
                         "nowhere"] + SMALL)
    assert "\n" not in str(error.value) and os.listdir(str(tmp_path)) == ["r.json"]


@pytest.mark.parametrize("kind", ["pyspark.daemon", "java"])
def test_processes_that_are_killed_end_the_command_with_one_line_and_the_next_one_goes_on(kind, tmp_path):
    path = write_lines(tmp_path / "r.json.gz", (row for seed in range(80) for row in rows(99, seed)), zipped=True)
    command = ["--reviews", path, "--data_dir", str(tmp_path / "data"), "--engine", "spark", "--master",
               "local[2]"] + SMALL
    process = subprocess.Popen([sys.executable] + module("preprocessing") + command, cwd=ROOT, stderr=subprocess.PIPE)
    killed = []
    while not killed and process.poll() is None:
        time.sleep(.05)
        running = descendants(process.pid)
        if any("pyspark.daemon" in line for _, line in running):
            killed = [pid for pid, line in running if kind in line]
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
    log = process.communicate(timeout=300)[1].decode()
    assert process.returncode == 2 and killed, log
    last = log.splitlines()[-1]
    assert last.startswith("error: --engine spark: Spark at local[2] has failed (") and "Traceback" not in log
    assert os.listdir(str(tmp_path)) == ["r.json.gz"]
    preprocess.main(command)
    assert os.listdir(str(tmp_path / "data")) == ["made"]


def descendants(pid):
    """[(number, command line)] of the running processes that a process has started, directly or not (Linux)."""
    parents, lines = {}, {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", errors="replace") as stat, open(
                    f"/proc/{name}/cmdline", errors="replace") as line:
                parents[int(name)] = int(stat.read().rpartition(")")[2].split()[1])
                lines[int(name)] = line.read().replace("\0", " ")
        except OSError:  # it has ended
            continue

    def is_below(number):
        return number in parents and (parents[number] == pid or is_below(parents[number]))

    return [(number, line) for number, line in lines.items() if is_below(number)]
