"""Trainings in processes of their own that meet a disaster at an exact moment.

A moment is named by what the training does at it: a call of a function, or a file of the run that is brought to disk
or put in its place; and by the number of epochs that are complete by then.

The processes are forked from a server that has TensorFlow imported but no session.
"""
import contextlib
import fnmatch
import importlib
import json
import multiprocessing
import os
import resource
import signal
import sys
import time
from typing import NamedTuple, Tuple

from runtime import cli

KILLED = -signal.SIGKILL if sys.version_info >= (3, 7) else 255  # the server of Python 3.6 hides the signal
LIMIT = 240  # seconds after which a training that hangs is ended


class Call(NamedTuple):
    """The moment of a call of a function, `module:name` or `module:Class.name`."""
    function: str
    epochs: int  # complete by then: the pointer's `last`; calls before that epoch do not count
    count: int = 1  # which of these calls, from 1
    after: bool = False  # once the call has returned, not before it


class Renamed(NamedTuple):
    """The moment when a finished draft is put in its place."""
    path: str  # of the place, below the run's folder; the folder itself is `.`
    epochs: int
    after: bool = False


class Synced(NamedTuple):
    """The moment when a file is brought to disk."""
    path: str  # of the file, below the run's folder; a pattern of fnmatch
    epochs: int


def kill():
    os.kill(os.getpid(), signal.SIGKILL)


def interrupt():
    signal.signal(signal.SIGINT, signal.default_int_handler)  # processes in the background ignore SIGINT
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(.01)  # for the interpreter to see it


def terminate():
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(.01)


def limit_files():
    """No file of this process grows from now on: every write fails (EFBIG)."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))


def fill(folder):
    """Leaves no byte free in the file system of a folder."""
    path = os.path.join(folder, "filler")
    with open(path, "wb", buffering=0) as out, contextlib.suppress(OSError):
        while out.write(bytes(1000)):
            pass


class Watch:
    """Has a disaster happen at a moment of the training of the run in `folder`."""

    def __init__(self, folder, moment, disaster):
        self.folder, self.moment, self.disaster = folder, moment, disaster
        self.left = moment.count if isinstance(moment, Call) else 1  # calls that are still to come
        if isinstance(moment, Call):
            module, name = moment.function.split(":")
            owner = importlib.import_module(module)
            while "." in name:
                first, name = name.split(".", 1)
                owner = getattr(owner, first)
            self._wrap(owner, name, lambda *args: True)
        elif isinstance(moment, Renamed):
            for name in ("rename", "replace"):
                self._wrap(os, name, lambda source, target, *args: self._path(target) == moment.path)
        else:
            self._wrap(os, "fsync", lambda handle: fnmatch.fnmatch(
                self._path(os.readlink(f"/proc/self/fd/{handle}")), moment.path))

    def _wrap(self, owner, name, is_meant):
        """Replaces a function by one that calls it and has the disaster happen before or after a call that is meant."""
        function, after = getattr(owner, name), getattr(self.moment, "after", False)

        def watched(*args, **kwargs):
            if self.left and is_meant(*args) and self._epochs() == self.moment.epochs:
                self.left -= 1
                if not self.left and not after:
                    self.disaster()
                result = function(*args, **kwargs)
                if not self.left and after:
                    self.disaster()
                return result
            return function(*args, **kwargs)

        setattr(owner, name, watched)

    def _path(self, path):
        return os.path.relpath(os.path.realpath(path), os.path.realpath(self.folder))

    def _epochs(self):
        """The number of complete epochs."""
        try:
            with open(os.path.join(self.folder, "checkpoint.json"), encoding="utf-8") as text:
                return json.load(text)["last"]
        except FileNotFoundError:
            return 0


def _train(arguments, moment, disaster, stderr):
    signal.alarm(LIMIT)
    os.dup2(stderr.fileno(), 2)
    stderr.close()
    sys.stderr = os.fdopen(os.dup(2), "w", 1)
    import train
    from models import graph

    session = graph.session
    graph.session = lambda threads=0: session(threads=1)  # sums in one order: equal to the last bit
    if moment:
        runs, name = (arguments[arguments.index(flag) + 1] for flag in ("--runs", "--name"))
        Watch(os.path.join(runs, name), moment, disaster)
    cli.run(train.main, arguments)


def train(arguments, moment=None, disaster=kill) -> Tuple[int, str]:
    """Runs `train.main(arguments)` as the command does.

    Returns:
      (exit code, or minus the number of the signal that ended it; what it wrote on stderr).
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["train", "models.training.trainer"])
    reader, writer = context.Pipe(duplex=False)
    process = context.Process(target=_train, args=(arguments, moment, disaster, writer))
    process.start()
    writer.close()
    with os.fdopen(os.dup(reader.fileno()), encoding="utf-8") as stderr:
        text = stderr.read().replace("\r", "\n")
    process.join()
    return process.exitcode, text
