"""The copied script `run`, for the tests of what it calls and of the environment that it builds; a copy of a chain."""
import pytest

from tests.commands import evaluated_copy
from tests.commands.run_script import Project


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


@pytest.fixture(scope="module")
def copy(tiny_run, tmp_path_factory):
    """A copy of the tiny chain, to be evaluated: its folder."""
    return evaluated_copy.made(tiny_run, tmp_path_factory.mktemp("copy") / "tiny")
