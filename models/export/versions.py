"""Folders of versions, `<out>/<number>/`, as a model server watches them: each whole, or not there.

A version is written as a hidden draft, brought to disk and renamed. A draft is held by a lock for as long as
its process lives, so that what a killed one left behind is known and swept away by the next.
"""
import fcntl
import os
import shutil
import tempfile
from contextlib import contextmanager

from runtime.files import sync

DRAFT = ".draft-"


def numbers(out):
    """Numbers of the versions in a folder, rising."""
    return sorted(int(name) for name in os.listdir(out)
                  if name.isdigit() and os.path.isdir(os.path.join(out, name)))


@contextmanager
def draft(out):
    """A folder for a draft below `out`, which is made; gone when the context is left."""
    os.makedirs(out, exist_ok=True)
    _sweep(out)
    folder = tempfile.mkdtemp(prefix=DRAFT, dir=out)
    handle = os.open(folder, os.O_RDONLY)
    try:
        _hold(handle)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


def publish(written, out):
    """Makes a written folder the next version of `out`, once all of it is on disk. Returns its folder."""
    for place, _, names in os.walk(written):
        for name in names:
            sync(os.path.join(place, name))
        sync(place)
    os.chmod(written, 0o755)
    while True:
        folder = os.path.join(out, str((numbers(out) or [0])[-1] + 1))
        try:
            os.rename(written, folder)
            sync(out)
            return folder
        except OSError:  # another export took the number
            if not os.path.isdir(folder):
                raise


def prune(out, keep):
    """Deletes all but the newest versions, each whole and at once for whoever looks."""
    for number in numbers(out)[:-keep]:
        with draft(out) as folder:
            os.rename(os.path.join(out, str(number)), os.path.join(folder, "old"))


def _sweep(out):
    """Deletes drafts that no process holds."""
    for name in os.listdir(out):
        folder = os.path.join(out, name)
        if name.startswith(DRAFT) and os.path.isdir(folder):
            handle = os.open(folder, os.O_RDONLY)
            if _hold(handle):
                shutil.rmtree(folder, ignore_errors=True)
            os.close(handle)


def _hold(handle):
    """Whether the lock of a draft was free, and is now held."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except OSError:  # held; or a file system without locks, where nothing is swept
        return False
