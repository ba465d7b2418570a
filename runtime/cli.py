"""The parts that all commands share: arguments, errors of one line, signals, log lines and reports of stages.

It imports the standard library only, so that every package may import it.
"""
import argparse
import errno
import logging
import os
import resource
import signal
import sys
import time
from contextlib import contextmanager

log = logging.getLogger("recsys")


class UserError(Exception):
    """A mistake that the user can correct. The text is one line: what is wrong, where, and what to do."""


def unreadable_format(where, found, read, remedy):
    """Returns the UserError of a file whose format has another number than the one this code reads.

    Args:
      where: the file.
      found, read: the number in the file, and the number that this code reads.
      remedy: what to do where the file is older, such as "train again".
    """
    if isinstance(found, int) and found > read:
        remedy = f"it is from a newer version of this project: use that, or {remedy}"
    return UserError(f"{where}: format {found}, but this version reads format {read}; {remedy}")


class Terminated(KeyboardInterrupt):
    """Raised on SIGTERM; code that handles Ctrl-C (KeyboardInterrupt) handles it as well."""


class _Help(argparse.ArgumentDefaultsHelpFormatter):
    """Adds the default to the help of each flag that has one; a list without brackets and quotes."""

    def _get_help_string(self, action):
        without = action.required or action.default is False or action.default in (None, "", [])
        if isinstance(action.default, list) and not without:
            return f"{action.help} (default: {' '.join(map(str, action.default))})"
        return action.help if without else super()._get_help_string(action)


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line and end with exit code 2."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("formatter_class", _Help)
        super().__init__(*args, **kwargs)

    def error(self, message):
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")

    def settings(self, given):
        """{field: text} of the values of a repeatable flag `--set FIELD=VALUE`."""
        wrong = next((setting for setting in given if "=" not in setting), None)
        if wrong is not None:
            self.error(f"--set {wrong}: give FIELD=VALUE")
        return dict(setting.split("=", 1) for setting in given)

    def require_plain(self, flag, name):
        """Exits with an error if a name is a path or begins with a dot."""
        if name and (os.path.basename(name) != name or name.startswith(".")):
            self.error(f"{flag} {name!r}: give a plain folder name, without / or a leading dot")

    def require_seed(self, seed, most=2 ** 32 - 1):
        """Exits with an error where the value of --seed is below 0 or above `most`; default: what numpy takes."""
        if not 0 <= seed <= most:
            self.error(f"--seed {seed}: give a number from 0 to {most}")

    def require_folder(self, flag, folder):
        """Makes the folder that a long command will write to; exits with an error if it cannot be made."""
        try:
            os.makedirs(folder or ".", exist_ok=True)
        except OSError as error:
            self.error(f"{flag} {folder}: cannot be made ({error.strerror}); give another folder")


def run(main, argv=None, timestamps=False):
    """Runs `main(argv)` as a command: a `UserError` is one line on stderr and exit code 2.

    Ctrl-C is one line and exit code 130, SIGTERM (`Terminated`) one line and 143; the line is their text, if they have
    one.
    A character that the terminal does not have is printed as `?`.
    With `timestamps`, for servers, log lines start with time and level.
    """
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s" if timestamps else "%(message)s",
                        stream=sys.stderr)  # libraries log warnings only
    log.setLevel(logging.INFO)
    for output in (sys.stdout, sys.stderr):
        if hasattr(output, "reconfigure"):  # from Python 3.7 on
            output.reconfigure(errors="replace" if output is sys.stdout else "backslashreplace")
    try:
        with terminable(), plain_interrupts():
            code = main(argv) or 0
        if sys.stdout is not None:
            sys.stdout.flush()  # here, where an error can be reported
        sys.exit(code)
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt as stop:
        for number in (signal.SIGINT, signal.SIGTERM):  # a second signal must not interrupt the print
            signal.signal(number, signal.SIG_IGN)
        terminated = isinstance(stop, Terminated)
        print(str(stop) or f"stopped by {'SIGTERM' if terminated else 'Ctrl-C'}", file=sys.stderr)
        sys.stderr = open(os.devnull, "w")  # destructors of unfinished objects would print warnings
        sys.exit(143 if terminated else 130)
    except BrokenPipeError:  # the program that reads our output (head, less) has ended
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        if not _output_fails(error):
            raise
        print(f"error: the output cannot be written ({error.strerror}); send it to another place", file=sys.stderr)
        sys.stdout = open(os.devnull, "w")  # else Python writes what is left when it ends, and fails again
        sys.exit(2)


def _output_fails(error):
    """Whether an error is that of standard output on a full disk: then one more line cannot be written either."""
    if error.errno != errno.ENOSPC or error.filename is not None:
        return False
    try:
        sys.stdout.write("\n")
        sys.stdout.flush()
        return False
    except OSError:
        return True


@contextmanager
def terminable():
    """Within this context SIGTERM raises `Terminated`. Only the main thread may use it."""
    def terminate(number, frame):
        raise Terminated

    before = signal.signal(signal.SIGTERM, terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def plain_interrupts():
    """Within this context a signal that arrives in C code raises its own KeyboardInterrupt, too.

    Wrappers generated by SWIG, as those of TensorFlow, go on with the interrupt pending, and Python then raises
    `SystemError: <built-in function ...> returned a result with an error set`, with the interrupt as its cause.
    """
    try:
        yield
    except SystemError as error:
        if isinstance(error.__cause__, KeyboardInterrupt):
            raise error.__cause__ from None
        raise


@contextmanager
def stage(name):
    """Logs the seconds that a stage took, and the peak resident memory of the process so far in MiB."""
    start = time.monotonic()
    yield
    log.info("%s: %.1f s, peak memory %.0f MiB", name, time.monotonic() - start, peak_memory())


def peak_memory():
    """Peak resident memory of this process so far, in MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2 ** (20 if sys.platform == "darwin" else 10)  # bytes on macOS, KiB elsewhere
