"""The copied script `run`, for the tests of what it calls and of the environment that it builds."""
import pytest

from tests.commands.run_script import Project


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)
