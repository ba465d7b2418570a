"""An export that is killed, or that finds the disk full, leaves the older versions and no incomplete one."""
import os
import shutil
import signal
import subprocess
import sys

import pytest

from models.export import publish, versions
from runtime.cli import UserError
from runtime.files import DRAFT, draft_folder
from runtime.project import ROOT

KILLED = """
import os, signal, sys
import tensorflow_serving
from models.export import {module} as module

def killed(*arguments, **named):
    os.kill(os.getpid(), signal.SIGKILL)

module.{name} = killed
tensorflow_serving.main(sys.argv[1:])
"""


def drafts(out):
    return [name for name in os.listdir(out) if name.startswith(DRAFT)]


@pytest.fixture
def old(tmp_path):
    """A folder with a version 4 in it."""
    (tmp_path / "serve" / "4").mkdir(parents=True)
    (tmp_path / "serve" / "4" / "saved_model.pb").write_bytes(b"old")
    return str(tmp_path / "serve")


def is_unchanged(out):
    """Whether version 4 is the only version and has its old content."""
    with open(os.path.join(out, "4", "saved_model.pb"), "rb") as raw:
        return versions.numbers(out) == [4] and raw.read() == b"old"


@pytest.mark.parametrize("module, name", [
    ("saved_model", "_assets"), pytest.param("versions", "sync_tree", marks=pytest.mark.slow)
], ids=["half written", "written, not on disk"])
def test_a_killed_export_leaves_no_incomplete_version(tiny_run, old, module, name):
    program = KILLED.format(module=module, name=name)
    done = subprocess.run([sys.executable, "-c", program, "--run", tiny_run.run_folder, "--out", old],
                          cwd=ROOT, timeout=120, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert done.returncode == -signal.SIGKILL
    assert is_unchanged(old) and len(drafts(old)) == 1
    with draft_folder(old):  # the next export deletes it
        assert len(drafts(old)) == 1
    assert not drafts(old)


def test_the_draft_of_a_running_export_is_not_deleted(tmp_path):
    out = str(tmp_path)
    with draft_folder(out) as one, draft_folder(out) as other:
        assert sorted(map(os.path.basename, (one, other))) == sorted(drafts(out))
    assert not drafts(out)


def test_pruning_keeps_the_newest(tmp_path):
    for name in ("1", "3", "20", "x"):
        (tmp_path / name / "variables").mkdir(parents=True)
    versions.prune(str(tmp_path), 2)
    assert sorted(os.listdir(str(tmp_path))) == ["20", "3", "x"]


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 2 MiB."""
    folder = str(tmp_path / "small")
    os.mkdir(folder)
    mount = shutil.which("mount")
    made = mount and subprocess.run([mount, "-t", "tmpfs", "-o", "size=2m", "none", folder],
                                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
    if not made:
        pytest.skip("no permission to mount a small file system")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_full_disk_is_reported_and_old_versions_are_kept(tiny_run, small_disk):
    out = os.path.join(small_disk, "serve")
    os.makedirs(os.path.join(out, "4"))
    with open(os.path.join(out, "4", "saved_model.pb"), "wb") as old:
        old.write(b"old")
    with open(os.path.join(small_disk, "filling"), "wb") as filling:
        filling.write(b"0" * int(1.8 * 2 ** 20))
    with pytest.raises(UserError, match="cannot be written.*[Nn]o space left on device.*versions there are unchanged"):
        publish.export(tiny_run.run_folder, out)
    assert is_unchanged(out) and not drafts(out)
