"""What every command of this project shares: one-line errors, logging, stage reports.

Standard library only, so that any room may use it.
"""
import argparse
import logging
import resource
import sys
import time
from contextlib import contextmanager

log = logging.getLogger("recsys")


class UserError(Exception):
    """A mistake the user can mend. The text is one line: what, where and what to do."""


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line and exit code 2."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("formatter_class", argparse.ArgumentDefaultsHelpFormatter)
        super().__init__(*args, **kwargs)

    def error(self, message):
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def run(main, argv=None):
    """Runs `main(argv)` as a command: a `UserError` is one line on stderr and exit code 2."""
    logging.basicConfig(format="%(message)s", stream=sys.stderr)  # libraries: warnings only
    log.setLevel(logging.INFO)
    try:
        sys.exit(main(argv) or 0)
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("stopped by Ctrl-C", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:  # the reader of our output (head, less) has gone
        sys.stderr.close()
        sys.exit(1)


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
