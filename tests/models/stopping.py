"""Runs trainings in child processes that are killed, or meet another disaster, at an exact moment.

The processes are forked from a server that has imported TensorFlow but has no session.
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

KILLED = -signal.SIGKILL if sys.version_info >= (3, 7) else 255  # the only code that the server of Python 3.6 returns
LIMIT = 240  # seconds after which a training that hangs ends


class Moment(NamedTuple):
    """The call number `count`, from 1, of a function, among those calls that name a file or folder.

    The disaster happens before that call, or after it.
    """
    function: str  # module:name or module:Class.name
    count: int = 1
    after: bool = False
    naming: str = ""  # last part of a path among the arguments; "": every call counts


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
    """Makes every write of this process fail from now on (EFBIG)."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))


def fill(folder):
    """Fills the file system of a folder to the last byte."""
    path = os.path.join(folder, "filler")
    with open(path, "wb", buffering=0) as out, contextlib.suppress(OSError):
        while out.write(bytes(1000)):
            pass


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
        _at(moment, disaster)
    cli.run(train.main, arguments)


def _at(moment, disaster):
    module, name = moment.function.split(":")
    owner = importlib.import_module(module)
    while "." in name:
        first, name = name.split(".", 1)
        owner = getattr(owner, first)
    real, calls = getattr(owner, name), []

    def watched(*args, **kwargs):
        counted = not moment.naming or moment.naming in [os.path.basename(str(argument)) for argument in args]
        calls.extend([name] * counted)
        now = counted and len(calls) == moment.count
        if now and not moment.after:
            disaster()
        result = real(*args, **kwargs)
        if now and moment.after:
            disaster()
        return result

    setattr(owner, name, watched)


def train(arguments, moment=None, disaster=kill) -> Tuple[int, str]:
    """Runs `train.main(arguments)` as the command does.

    Returns:
      (exit code, or minus the number of the signal that ended it; its stderr).
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
