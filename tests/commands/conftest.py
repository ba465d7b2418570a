"""The copied script `run`, for the tests of what it calls and of the environment that it builds; a copy of a chain."""
import shutil

import pytest

from tests.commands import evaluated_copy
from tests.commands.run_script import Project


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


@pytest.fixture
def copied_run(tiny_run, tmp_path):
    """(folder of all runs, folder of a copy of the tiny run), with a copy of the data."""
    for part in ("data", "runs"):
        shutil.copytree(f"{tiny_run.folder}/{part}", str(tmp_path / part))
    return str(tmp_path / "runs"), str(tmp_path / "runs" / "tiny")


@pytest.fixture(scope="module")
def copy(tiny_run, tmp_path_factory):
    """A copy of the tiny chain, to be evaluated: its folder."""
    return evaluated_copy.made(tiny_run, tmp_path_factory.mktemp("copy") / "tiny")
