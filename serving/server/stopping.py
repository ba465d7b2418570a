"""Ctrl-C and SIGTERM of the model server.

A signal handler that raises can interrupt any line, and a signal that arrives in the moment between the last check
and a wait is not noticed until the wait is over. Therefore, from `hold` on, the handlers only note the signal, and the
C library's part of them writes a byte to a pipe, at which `wait` waits: a byte that is there already ends it at once.
"""
import os
import select
import signal
import sys
import threading

from runtime.cli import Terminated

SIGNALS = (signal.SIGINT, signal.SIGTERM)
LONGEST = 15  # seconds for the end of a server that was told to stop; then the process ends without it
AFTERWARDS = 3  # seconds for the end of the process when the server has stopped: libraries may wait for their threads


class Stop:
    """The signals that stop a server, as a context of the main thread.

    Attributes:
      number: the first signal since `hold`, or None.
    """

    def __init__(self):
        self.number, self._holding = None, False

    def __enter__(self):
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._writer, False)
        self._handlers = {number: signal.signal(number, self._handle) for number in SIGNALS}
        self._wakeup = signal.set_wakeup_fd(self._writer)
        return self

    def __exit__(self, *error):
        signal.set_wakeup_fd(self._wakeup)
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        os.close(self._reader)
        os.close(self._writer)

    def _handle(self, number, frame):
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


def end_at_last(code, seconds):
    """Starts a timer that ends the process after `seconds` with the exit code `code`, even if threads still run."""
    def end():
        sys.stderr.flush()
        os._exit(code)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
