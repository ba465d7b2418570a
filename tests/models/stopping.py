"""Trainings in processes of their own that meet a disaster at an exact moment.

The processes are forked from a server that has TensorFlow imported but no session.
"""
import contextlib
import importlib
import multiprocessing
import os
import resource
import signal
import sys
import time
from typing import NamedTuple, Tuple

from runtime import cli

KILLED = -signal.SIGKILL if sys.version_info >= (3, 7) else 255  # all that a server of 3.6 tells
LIMIT = 240  # seconds after which a training that hangs ends


class Moment(NamedTuple):
    """The call number `count` (from 1) of a function, `module:name` or `module:Class.name`."""
    function: str
    count: int = 1
    after: bool = False  # once the call has returned, not before it


def kill():
    os.kill(os.getpid(), signal.SIGKILL)


def interrupt():
    signal.signal(signal.SIGINT, signal.default_int_handler)  # tests in the background ignore it
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


def _train(arguments, moment, disaster, said):
    signal.alarm(LIMIT)
    os.dup2(said.fileno(), 2)
    said.close()
    sys.stderr = os.fdopen(os.dup(2), "w", 1)
    import train
    from models import graph

    session = graph.session
    graph.session = lambda threads=0: session(threads=1)  # sums in one order: equal to the last bit
    if moment:
        _at(moment, disaster)
    cli.run(train.main, arguments)


def _at(moment, disaster):
    place, name = moment.function.split(":")
    owner = importlib.import_module(place)
    while "." in name:
        first, name = name.split(".", 1)
        owner = getattr(owner, first)
    real, calls = getattr(owner, name), []

    def watched(*args, **kwargs):
        calls.append(name)
        if len(calls) == moment.count and not moment.after:
            disaster()
        result = real(*args, **kwargs)
        if len(calls) == moment.count and moment.after:
            disaster()
        return result

    setattr(owner, name, watched)


def train(arguments, moment=None, disaster=kill) -> Tuple[int, str]:
    """Runs `train.main(arguments)` as the command does.

    Returns:
      (exit code, or minus the number of the signal that ended it; what it said on stderr).
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["train", "models.training.trainer"])
    reader, writer = context.Pipe(duplex=False)
    process = context.Process(target=_train, args=(arguments, moment, disaster, writer))
    process.start()
    writer.close()
    with os.fdopen(os.dup(reader.fileno()), encoding="utf-8") as said:
        text = said.read().replace("\r", "\n")
    process.join()
    return process.exitcode, text
