"""The limit of the number of open files."""
import subprocess
import sys

import pytest

resource = pytest.importorskip("resource")

RAISED = """
import resource
from serving.server import open_files
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))
open_files.allow_most()
print(resource.getrlimit(resource.RLIMIT_NOFILE) == (hard, hard) or hard == resource.RLIM_INFINITY)
resource.setrlimit(resource.RLIMIT_NOFILE, (32, 48))
open_files.allow_most()
print(resource.getrlimit(resource.RLIMIT_NOFILE))
resource.setrlimit = None  # nothing to do
open_files.allow_most()
"""


def test_the_soft_limit_becomes_the_hard_one():
    done = subprocess.run([sys.executable, "-c", RAISED], stdout=subprocess.PIPE, check=True)
    assert done.stdout.decode().split("\n") == ["True", "(48, 48)", ""]


def test_a_system_that_refuses_its_own_hard_limit_gets_a_number_of_files(monkeypatch):
    from serving.server import open_files

    given = []

    def setrlimit(_, limits):
        given.append(limits)
        if limits[0] == resource.RLIM_INFINITY:
            raise ValueError("current limit exceeds maximum limit")

    monkeypatch.setattr(resource, "getrlimit", lambda _: (256, resource.RLIM_INFINITY))
    monkeypatch.setattr(resource, "setrlimit", setrlimit)
    open_files.allow_most()
    assert given[-1] == (open_files.ENOUGH, resource.RLIM_INFINITY)
    given.clear()
    monkeypatch.setattr(resource, "getrlimit", lambda _: (2 * open_files.ENOUGH, resource.RLIM_INFINITY))
    open_files.allow_most()
    assert (open_files.ENOUGH, resource.RLIM_INFINITY) not in given  # which would be fewer than before
