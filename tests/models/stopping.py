"""Trainings in processes of their own that meet a disaster at an exact moment.

The processes are forked from a server that has TensorFlow imported but no session.
"""
import importlib
import multiprocessing
import os
import resource
import signal
import sys
import time
from typing import NamedTuple, Tuple

import command

SMALL_FILES = 2000  # bytes; the pointer is smaller, weights are larger


class Moment(NamedTuple):
    """The call number `count` (from 1) of a function, `module:name` or `module:Class.name`."""
    function: str
    count: int = 1
    after: bool = False  # once the call has returned, not before it


def kill():
    os.kill(os.getpid(), signal.SIGKILL)


def interrupt():
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(.01)  # for the interpreter to see it


def terminate():
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(.01)


def fill_disk():
    """As far as files of this process are concerned: none grows beyond `SMALL_FILES`."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL_FILES, resource.RLIM_INFINITY))


def _train(arguments, moment, disaster, output):
    with open(output, "w") as out:
        os.dup2(out.fileno(), sys.stderr.fileno())
    sys.stderr = os.fdopen(os.dup(2), "w", 1)
    import train
    from models import graph

    session = graph.session
    graph.session = lambda: session(threads=1)  # sums in one order: equal to the last bit
    if moment:
        _at(moment, disaster)
    command.run(train.main, arguments)


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


def train(arguments, output, moment=None, disaster=kill) -> Tuple[int, str]:
    """Runs `train.main(arguments)` as the command does. Returns (exit code, or minus the signal's number; what it
    said on stderr, which is kept in the file `output`)."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["train", "models.training"])
    process = context.Process(target=_train, args=(arguments, moment, disaster, output))
    process.start()
    process.join(240)
    assert process.exitcode is not None, "still training"
    with open(output) as text:
        return process.exitcode, text.read().replace("\r", "\n")
