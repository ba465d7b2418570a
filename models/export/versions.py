"""Folders of versions, `<out>/<number>/`, as a model server reads them: each is whole or does not exist.

A version is written as a hidden draft, brought to disk and renamed. Its process holds a lock on the draft, so the next
export can recognise the draft of a killed process and delete it.
"""
import fcntl
import os
import shutil
import tempfile
from contextlib import contextmanager

from runtime.files import sync, sync_tree

DRAFT = ".draft-"


def numbers(out):
    """Returns the numbers of the versions in a folder, in rising order."""
    return sorted(int(name) for name in os.listdir(out)
                  if name.isdigit() and os.path.isdir(os.path.join(out, name)))


@contextmanager
def draft(out):
    """Yields a new folder for a draft in `out`, which is made if missing; deletes it when the context ends."""
    os.makedirs(out, exist_ok=True)
    _delete_abandoned(out)
    folder = tempfile.mkdtemp(prefix=DRAFT, dir=out)
    handle = os.open(folder, os.O_RDONLY)
    try:
        _hold(handle)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


def publish(written, out):
    """Renames a written folder to the next version of `out`, once all of it is on disk. Returns the new folder."""
    sync_tree(written)
    os.chmod(written, 0o755)
    while True:
        folder = os.path.join(out, str((numbers(out) or [0])[-1] + 1))
        try:
            os.rename(written, folder)
            sync(out)
            return folder
        except OSError:  # another export has taken the number
            if not os.path.isdir(folder):
                raise


def prune(out, keep):
    """Deletes all but the `keep` newest versions. Each disappears at once, before its files are deleted."""
    for number in numbers(out)[:-keep]:
        with draft(out) as folder:
            os.rename(os.path.join(out, str(number)), os.path.join(folder, "old"))


def _delete_abandoned(out):
    """Deletes drafts that no process holds a lock on."""
    for name in os.listdir(out):
        folder = os.path.join(out, name)
        if name.startswith(DRAFT) and os.path.isdir(folder):
            handle = os.open(folder, os.O_RDONLY)
            if _hold(handle):
                shutil.rmtree(folder, ignore_errors=True)
            os.close(handle)


def _hold(handle):
    """Tries to take the lock of a draft. Returns whether it was free."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except OSError:  # another process holds it, or the file system has no locks; then no draft is deleted
        return False
