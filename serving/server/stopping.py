"""Ctrl-C and SIGTERM of the model server.

A signal handler that raises can interrupt any line, and a signal that arrives in the moment between the last check
and a wait is not noticed until the wait is over. Therefore, from `hold` on, the handlers only note the signal, and the
C library's part of them writes a byte to a pipe, at which `wait` waits: a byte that is there already ends it at once.

A version that is being loaded cannot be interrupted, and the libraries may take long to end. Therefore a thread ends
the process LONGEST seconds after the first signal, and `exit_now` ends it without the libraries.
"""
import contextlib
import os
import select
import signal
import sys
import threading
import weakref
from multiprocessing import connection

from runtime.cli import Terminated

SIGNALS = (signal.SIGINT, signal.SIGTERM)
LONGEST = 5  # seconds for the end of a server that was told to stop; then the process ends without it


class Stopping:
    """As `threading.Event`, but with a `wait` that the clock of the machine does not lengthen.

    Before Python 3.11 a wait of `threading` with a time limit ends by that clock: set back by an hour, it waits an hour
    longer (docs.python.org/3/whatsnew/3.11.html#threading).
    """

    def __init__(self):
        self._reader, self._writer = os.pipe()
        self._set = False
        weakref.finalize(self, _close, self._reader, self._writer)

    def set(self):
        if not self._set:
            self._set = True
            os.write(self._writer, b"x")

    def wait(self, seconds):
        """Waits until it is set, at most `seconds`. Returns whether it is."""
        return bool(connection.wait([self._reader], seconds))


def _close(*descriptors):
    for descriptor in descriptors:
        os.close(descriptor)


class Stop:
    """The signals that stop a server, as a context of the main thread.

    Attributes:
      number: the first signal since `hold`, or None.
    """

    def __init__(self):
        self.number, self._holding = None, False

    def __enter__(self):
        self._reader, self._writer = os.pipe()
        self._guarded, self._first = os.pipe()  # a byte for each signal, written by the handler
        for writer in (self._writer, self._first):
            os.set_blocking(writer, False)
        self._ended = threading.Event()
        threading.Thread(target=self._guard, name="guard", daemon=True).start()
        self._handlers = {number: signal.signal(number, self._handle) for number in SIGNALS}
        self._wakeup = signal.set_wakeup_fd(self._writer)
        return self

    def __exit__(self, *error):
        signal.set_wakeup_fd(self._wakeup)
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._ended.set()
        os.close(self._first)  # ends the thread, which may wait for a signal
        os.close(self._reader)
        os.close(self._writer)

    def _guard(self):
        """Ends the process LONGEST seconds after the first signal, unless the context has ended before."""
        with open(self._guarded, "rb", buffering=0) as signals:
            number = signals.read(1)
        if number and not self._ended.wait(LONGEST):
            ctrl_c = number[0] == signal.SIGINT
            os.write(2, f"stopped by {'Ctrl-C' if ctrl_c else 'SIGTERM'} after {LONGEST} s\n".encode())
            os._exit(130 if ctrl_c else 0)

    def _handle(self, number, frame):
        with contextlib.suppress(OSError):  # the pipe is full
            os.write(self._first, bytes([number]))
        if not self._holding:
            raise Terminated if number == signal.SIGTERM else KeyboardInterrupt
        self.number = self.number or number

    def hold(self):
        """From now on a signal does not raise but ends `wait`."""
        self._holding = True

    def wait(self):
        """Waits until one of the signals has arrived since `hold`."""
        while self.number is None:
            select.select([self._reader], [], [])
            os.read(self._reader, 512)  # the handler itself runs before this returns


def exit_now(code):
    """Ends the process with an exit code at once: nothing of the server is left, and no thread is waited for."""
    for stream in (sys.__stdout__, sys.__stderr__):
        with contextlib.suppress(OSError, ValueError):  # nobody reads it, or it is closed
            stream.flush()
    os._exit(code or 0)
