"""Expensive fixtures are made once for all workers of a test run: one makes them, the others wait and read."""
import fcntl
import os
import shutil


def made_once(tmp_path_factory, name, make):
    """The folder `name` of this test run, which is read only: a test that changes it works on a copy.

    Args:
      make: function of the folder's path that fills it; called by the first worker that needs it.
    """
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:  # each worker has a temporary folder of its own below that of the run
        shared = shared.parent
    folder, done = str(shared / name), shared / f"{name}.done"
    with open(str(shared / f"{name}.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)  # of a worker that failed
            os.makedirs(folder)
            make(folder)
            done.touch()
    return folder
