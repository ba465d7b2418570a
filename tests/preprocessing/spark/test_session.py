"""What is missing for Spark is one line that names the remedy, before any file is read."""
import os
import socket
import sys

import pytest

from preprocessing import __main__ as preprocess
from preprocessing.spark import session
from runtime.cli import UserError
from tests.preprocessing.writing import record, write_lines


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """A function that makes pyspark of a version, and a program java, the only ones that are found."""
    def install(version, java=True):
        for name, text in (("pyspark/__init__.py", ""), ("pyspark/version.py", f"__version__ = {version!r}\n"),
                           ("py4j/__init__.py", "")):
            (tmp_path / "site" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "site" / name).write_text(text)
        for name in ("pyspark", "py4j"):
            monkeypatch.delitem(sys.modules, name, raising=False)
        monkeypatch.syspath_prepend(str(tmp_path / "site"))
        monkeypatch.delenv("JAVA_HOME", raising=False)
        monkeypatch.setenv("PATH", str(tmp_path))
        if java:
            (tmp_path / "java").write_text("#!/bin/sh\n")
            (tmp_path / "java").chmod(0o755)

    return install


def refused(master="local[2]"):
    with pytest.raises(UserError) as error:
        session.require(master)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_without_pyspark_the_command_ends_and_writes_nothing(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark", None)  # as if it were not installed
    with pytest.raises(UserError, match="pyspark is not installed: .*-r requirements/spark.txt"):
        preprocess.main(["--reviews", write_lines(tmp_path / "r", [record()] * 9), "--name", "x", "--data_dir",
                         str(tmp_path / "data"), "--engine", "spark"])
    assert os.listdir(str(tmp_path)) == ["r"]


def test_pyspark_of_another_major_version(installed):
    installed(f"{7 - session.MAJOR}.0.1")
    assert f"pyspark {7 - session.MAJOR}.0.1 is installed, and this Python needs pyspark {session.MAJOR}" in refused()


def test_without_java(installed, monkeypatch, tmp_path):
    installed(f"{session.MAJOR}.0.0", java=False)
    assert "java is no program; install Java 17" in refused()
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert f"{tmp_path}/bin/java is no program" in refused()


def test_a_master_that_is_away(installed):
    installed(f"{session.MAJOR}.0.0")
    with socket.socket() as held:  # nobody listens, and no other process can
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        assert f"spark://127.0.0.1:{port}: no master answers there (Connection refused)" in refused(
            f"spark://127.0.0.1:{port}")
        held.listen(1)
        session.require(f"spark://127.0.0.1:1,127.0.0.1:{port}")
    for wrong in ("spark://", "spark://host", "spark://127.0.0.1:x", "spark://127.0.0.1:99999999"):
        assert "no master answers there" in refused(wrong)


def test_a_master_without_spark_is_refused(capsys):
    with pytest.raises(SystemExit) as stop:
        preprocess.parse_args(["--reviews", "r", "--name", "x", "--master", "local"])
    error = capsys.readouterr().err
    assert stop.value.code == 2 and "--master local: this is for --engine spark" in error and error.count("\n") == 1
