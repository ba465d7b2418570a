"""How often a call that fails is made again, and when it is not made at all.

For calls that change nothing at the server. A try that found nobody, or a server that cannot serve
now, is made again after a short, random pause, a few times, and not once the time of the call is
over. After so many calls in a row have failed the circuit is open: calls fail at once, but for one
a second that tries; the first that succeeds closes it. So a server that comes back is not met by a
crowd, and one that is away costs its callers no waiting.
"""
import random
import threading
import time

from serving.errors import CIRCUIT_OPEN, TIMEOUT, UNAVAILABLE, UNREACHABLE, ModelServerError

PAUSE = 0.05  # seconds before the second try, at most; it doubles
FAILURES = 5  # calls in a row that open the circuit, unless another number is given
OPEN_SECONDS = 1.0  # between two calls that try, while it is open


class Patience:
    """The state that all calls of a client share. Safe to use from several threads."""

    def __init__(self, retries, seconds, failures=FAILURES, clock=time.monotonic, sleep=time.sleep,
                 seed=None):
        """`retries`: tries after the first; `seconds`: after which none is begun; `failures`: calls
        in a row that open the circuit."""
        self._retries, self._seconds, self._most = retries, seconds, failures
        self._clock, self._sleep = clock, sleep
        self._random, self._lock = random.Random(seed), threading.Lock()
        self._failures, self._next_try, self._last = 0, 0., None

    def call(self, function, *args):
        """The result of `function(*args)`. Raises its last `ModelServerError`, or the circuit's."""
        self._check()
        end = self._clock() + self._seconds
        for number in range(self._retries + 1):
            try:
                result = function(*args)
            except ModelServerError as error:
                again = error.reason in (UNREACHABLE, UNAVAILABLE) and number < self._retries
                pause = self._random.uniform(.5, 1) * PAUSE * 2 ** number
                if not again or self._clock() + pause >= end:
                    self._ended(error)
                    raise
                self._sleep(pause)
            else:
                self._ended(None)
                return result

    def _check(self):
        with self._lock:
            left = self._next_try - self._clock()
            if self._failures < self._most:
                return
            if left > 0:
                raise ModelServerError(
                    CIRCUIT_OPEN, f"{self._failures} calls in a row have failed; the next is made "
                    f"in {left:.1f} s; the last: {self._last}")
            self._next_try = self._clock() + OPEN_SECONDS  # this call tries; others wait for it

    def _ended(self, error):
        """Notes how a call ended. One that the server refused has reached it."""
        with self._lock:
            if error is None or error.reason not in (UNREACHABLE, UNAVAILABLE, TIMEOUT):
                self._failures = 0
            else:
                self._failures, self._last = self._failures + 1, error
                self._next_try = self._clock() + OPEN_SECONDS
