"""Each command that writes, where a file cannot grow beyond some size: one line, and the output is as it was.

`train` has tests of its own, in tests/models/training/test_resume.py.
"""
import contextlib
import os
import resource
import shutil

import pytest

import tensorflow_serving
from commands import evaluate
from preprocessing import __main__ as preprocess
from preprocessing.sample import corpus as sample
from runtime import stages
from runtime.cli import UserError
from tests import conftest as tiny

# Bytes of a file: every file is too large, or larger ones, or the largest ones.
LIMITS = [1, pytest.param(3000, marks=pytest.mark.slow), pytest.param(40000, marks=pytest.mark.slow)]


@contextlib.contextmanager
def no_file_grows_beyond(size):
    """In this context the write that would make a file larger fails (EFBIG)."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture(scope="module")
def chain(tiny_export, tmp_path_factory):
    """A copy of the exported tiny run, with an evaluation."""
    folder = str(tmp_path_factory.mktemp("chain") / "copy")
    shutil.copytree(tiny_export, folder)
    evaluate.main(["--run", os.path.join(folder, "runs", "tiny")])
    sample.main(["--out", os.path.join(folder, "raw")] + tiny.TINY_CORPUS)
    return folder


COMMANDS = {
    "preprocess": lambda folder: preprocess.main([
        "--reviews", os.path.join(folder, "raw", sample.REVIEWS), "--name", "tiny", "--data_dir",
        os.path.join(folder, "data"), "--word_dim", "8", "--topics", "5"]),
    "evaluate": lambda folder: evaluate.main(["--run", os.path.join(folder, "runs", "tiny")]),
    "export": lambda folder: tensorflow_serving.main([
        "--run", os.path.join(folder, "runs", "tiny"), "--out", os.path.join(folder, "serve")])}


@pytest.mark.parametrize("size", LIMITS)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_that_cannot_be_written_is_one_line_and_changes_nothing(chain, command, size):
    before, names = stages.digests_below(chain), every_name(chain)
    with no_file_grows_beyond(size), pytest.raises(UserError, match="cannot be written") as error:
        COMMANDS[command](chain)
    assert "\n" not in str(error.value)
    assert stages.digests_below(chain) == before and every_name(chain) == names


def every_name(folder):
    """The paths of all files and folders, hidden ones as well."""
    return sorted(os.path.join(parent, name) for parent, folders, names in os.walk(folder) for name in folders + names)
