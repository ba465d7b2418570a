"""What every command of this project shares: one-line errors, logging, stage reports.

Standard library only, so that any room may use it.
"""
import argparse
import logging
import os
import resource
import signal
import sys
import time
from contextlib import contextmanager

log = logging.getLogger("recsys")


class UserError(Exception):
    """A mistake the user can mend. The text is one line: what, where and what to do."""


class Terminated(KeyboardInterrupt):
    """SIGTERM, so that what minds Ctrl-C minds both."""


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line and exit code 2."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("formatter_class", argparse.ArgumentDefaultsHelpFormatter)
        super().__init__(*args, **kwargs)

    def error(self, message):
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")

    def settings(self, given):
        """{field: text} of a repeatable flag `--set FIELD=VALUE`."""
        wrong = next((setting for setting in given if "=" not in setting), None)
        if wrong is not None:
            self.error(f"--set {wrong}: give FIELD=VALUE")
        return dict(setting.split("=", 1) for setting in given)

    def require_plain(self, flag, name):
        """Refuses a name that is a path, or hidden."""
        if name and (os.path.basename(name) != name or name.startswith(".")):
            self.error(f"{flag} {name!r}: give a plain folder name, without / or a leading dot")

    def require_folder(self, flag, folder):
        """Makes the folder that a long command will write to, before it has worked for nothing."""
        try:
            os.makedirs(folder or ".", exist_ok=True)
        except OSError as error:
            self.error(f"{flag} {folder}: cannot be made ({error.strerror}); give another folder")


def run(main, argv=None, timestamps=False):
    """Runs `main(argv)` as a command: a `UserError` is one line on stderr and exit code 2.

    Ctrl-C is one line and exit code 130, a `Terminated` one line and 143; their text, if any, is the line.
    With `timestamps`, for servers, log lines start with time and level.
    """
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s" if timestamps else "%(message)s",
                        stream=sys.stderr)  # libraries: warnings only
    log.setLevel(logging.INFO)
    try:
        sys.exit(main(argv) or 0)
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt as stop:
        for number in (signal.SIGINT, signal.SIGTERM):  # a second one must not break the line off
            signal.signal(number, signal.SIG_IGN)
        terminated = isinstance(stop, Terminated)
        print(str(stop) or f"stopped by {'SIGTERM' if terminated else 'Ctrl-C'}", file=sys.stderr)
        sys.stderr = open(os.devnull, "w")  # destructors of what was half made have nothing to add
        sys.exit(143 if terminated else 130)
    except BrokenPipeError:  # the reader of our output (head, less) has gone
        sys.stderr.close()
        sys.exit(1)


@contextmanager
def terminable():
    """Within this context SIGTERM raises `Terminated`. For the main thread."""
    def terminate(number, frame):
        raise Terminated

    before = signal.signal(signal.SIGTERM, terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def stage(name):
    """Logs what a stage took: seconds, and the process's peak resident memory in MiB so far."""
    start = time.time()
    yield
    log.info("%s: %.1f s, peak memory %.0f MiB", name, time.time() - start, peak_memory())


def peak_memory():
    """Peak resident memory of this process so far, in MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2 ** (20 if sys.platform == "darwin" else 10)  # bytes on macOS, KiB elsewhere
