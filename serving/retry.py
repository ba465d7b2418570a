"""Retries and circuit breaker of the model server's client.

All calls only read, so that each may be repeated. A call that could not reach the server, or that found it
unavailable, is repeated a few times after a short random pause, as long as the time limit of the call allows. After
several failed calls in a row the circuit opens: calls fail at once without contacting the server, except for one trial
call a second. The first trial call that succeeds closes the circuit. Therefore a server that restarts is not flooded
with requests, and the callers of an unreachable server do not wait.
"""
import random
import threading
import time

from serving.errors import CIRCUIT_OPEN, TIMEOUT, UNAVAILABLE, UNREACHABLE, ModelServerError

PAUSE = 0.05  # longest pause before the first retry, in seconds; it doubles with each retry
FAILURES = 5  # failed calls in a row that open the circuit, by default
OPEN_SECONDS = 1.0  # time between two trial calls while the circuit is open


class RetryPolicy:
    """Repeats the calls of one client and keeps its circuit breaker. Safe to use from several threads."""

    def __init__(self, retries, seconds, failures=FAILURES, clock=time.monotonic, sleep=time.sleep, seed=None):
        """
        Args:
          retries: how often a failed call is repeated at most.
          seconds: no retry begins later than this after the first attempt.
          failures: failed calls in a row that open the circuit.
          clock, sleep: the time source and the pause; tests replace them.
          seed: of the random pauses.
        """
        self._retries, self._seconds, self._failures_to_open = retries, seconds, failures
        self._clock, self._sleep = clock, sleep
        self._random, self._lock = random.Random(seed), threading.Lock()
        self._failures, self._next_trial, self._last_error = 0, 0., None

    def call(self, function, *args):
        """Returns `function(*args)`. Raises its last `ModelServerError`, or one with reason `CIRCUIT_OPEN`."""
        self._check_circuit()
        end = self._clock() + self._seconds
        for attempt in range(self._retries + 1):
            try:
                result = function(*args)
            except ModelServerError as error:
                retry = error.reason in (UNREACHABLE, UNAVAILABLE) and attempt < self._retries
                pause = self._random.uniform(.5, 1) * PAUSE * 2 ** attempt
                if not retry or self._clock() + pause >= end:
                    self._record(error)
                    raise
                self._sleep(pause)
            else:
                self._record(None)
                return result

    def _check_circuit(self):
        with self._lock:
            seconds_left = self._next_trial - self._clock()
            if self._failures < self._failures_to_open:
                return
            if seconds_left > 0:
                raise ModelServerError(
                    CIRCUIT_OPEN, f"the last {self._failures} calls failed; the next trial is in {seconds_left:.1f} s; "
                    f"last error: {self._last_error}")
            self._next_trial = self._clock() + OPEN_SECONDS  # this call is the trial; other calls fail until then

    def _record(self, error):
        """Records the outcome of a call. A request that the server rejects has reached the server: no failure."""
        with self._lock:
            if error is None or error.reason not in (UNREACHABLE, UNAVAILABLE, TIMEOUT):
                self._failures = 0
            else:
                self._failures, self._last_error = self._failures + 1, error
                self._next_trial = self._clock() + OPEN_SECONDS
