"""What tests/conftest.py does for all tests: the choice of slow ones, and fixtures that are made once."""
import multiprocessing
import os
import time
from typing import List, NamedTuple

import pytest

from tests import conftest
from tests.support.once import made_once


class Config(NamedTuple):
    """As much of pytest's configuration as the choice of tests reads."""
    args: List[str]
    options: dict

    def getoption(self, name):
        return self.options.get(name, "")


@pytest.mark.parametrize("args, options, with_slow", [
    (["tests"], {}, False), (["tests/models/training/test_resume.py"], {}, False), (["tests"], {"--all": True}, True),
    (["tests"], {"markexpr": "slow"}, True), (["tests/models/training/test_resume.py::test_x"], {}, True)])
def test_slow_tests_are_run_where_they_are_asked_for(args, options, with_slow):
    assert bool(conftest.with_slow(Config(args, options))) == with_slow


class Factory(NamedTuple):
    """A TempPathFactory whose base folder is given."""
    base: object

    def getbasetemp(self):
        return self.base


def make_slowly(folder):
    with open(os.path.join(folder, "makers"), "a") as makers:
        makers.write("x")
    time.sleep(.1)


def use(base, results):
    results.put(os.listdir(made_once(Factory(base), "shared", make_slowly)))


def test_a_shared_fixture_is_made_once(tmp_path, monkeypatch):
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    results = multiprocessing.Queue()
    workers = [multiprocessing.Process(target=use, args=(tmp_path, results)) for _ in range(4)]
    for worker in workers:
        worker.start()
    assert [results.get(timeout=60) for _ in workers] == [["makers"]] * 4
    for worker in workers:
        worker.join()
    assert (tmp_path / "shared" / "makers").read_text() == "x"


def test_a_shared_fixture_that_failed_is_made_anew(tmp_path, monkeypatch):
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)

    def fail(folder):
        os.mkdir(os.path.join(folder, "half"))
        raise ValueError("broken")

    with pytest.raises(ValueError):
        made_once(Factory(tmp_path), "shared", fail)
    assert os.listdir(made_once(Factory(tmp_path), "shared", make_slowly)) == ["makers"]
