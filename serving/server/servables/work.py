"""The work that requests ask for: a limit for one request, and an order that keeps small requests fast.

The cost of a request is its number of values, plus, for the signatures of this project, what `costs.py` says of its
rows and of its texts. A request of one row is never refused for the cost of its row, as it cannot be smaller; its texts
could be fewer. A request of many rows or texts is expensive. One expensive request runs at a time; a few wait, others
are refused. Where the rows of the outputs do not depend on each other, it runs in slices of its rows, in a thread of
low priority. Before each slice the small requests that run may end, for PATIENCE seconds at most; after a slice in
which small ones came, as much time as the slice took belongs to them, but at most PATIENCE: not every system has
priorities of threads.
"""
import threading
import time
from contextlib import contextmanager

import numpy as np

from serving.server.servables import background
from serving.server.status import StatusError, invalid

FLAG = "--max_request_cost"
EXPENSIVE = 2 ** 14  # cost above which a request waits for its turn, and of a slice; a single row never waits
PATIENCE = .05  # seconds
LARGE_BODY = 2 ** 20  # bytes of a request; only one larger request is decoded at a time


class Turns:
    """One holder at a time, in a queue of limited length. Safe to use from several threads."""

    def __init__(self, waiting):
        """`waiting` is how many may wait."""
        self._places, self._slot = threading.BoundedSemaphore(waiting + 1), threading.BoundedSemaphore(1)

    @contextmanager
    def turn(self, seconds):
        """Holds the turn inside the context. Raises `StatusError` if too many wait or `seconds` are over."""
        if not self._places.acquire(blocking=False):
            raise StatusError("UNAVAILABLE", "The queue of expensive requests is full; try again, or send fewer rows")
        try:
            if not self._slot.acquire(timeout=seconds):
                raise StatusError("DEADLINE_EXCEEDED", "Timed out in the queue of expensive requests")
            try:
                yield
            finally:
                self._slot.release()
        finally:
            self._places.release()


class Work:
    """The order of the requests of one server. Safe to use from several threads."""

    def __init__(self, limit, threads):
        """`limit` is the largest cost of a request, `threads` the number of requests that one front end handles."""
        waiting = max(1, threads // 2 - 1)  # with the running one at most half of the threads
        self.limit, self._expensive, self._bodies = limit, Turns(waiting), Turns(waiting)
        self._changed, self._small, self._came = threading.Condition(), 0, 0  # small requests now, and so far

    @contextmanager
    def body(self, size, seconds):
        """Inside the context a body of `size` bytes may be decoded and held. Raises `StatusError`."""
        if size <= LARGE_BODY:
            yield
            return
        with self._bodies.turn(seconds):
            yield

    def run(self, call, arrays, cost, sliced, seconds):
        """Returns what `call` returns, when it is the turn of this request.

        Args:
          call: (arrays, seconds, background) -> arrays; `background`: whether it runs in a thread of low priority.
          arrays: the inputs.
          cost: `costs.Cost` of the request.
          sliced: whether the rows may run one after another. Then each array has as many rows as the outputs, or is
            given whole to each slice: a number, or an array of one row. Where the second dimension of an output is
            that of the longest row, shorter slices are filled with zeros.
          seconds: time limit of the whole request.

        Raises:
          StatusError: the request costs more than the limit, or its turn did not come.
        """
        rows = max((len(array) for array in arrays if array.ndim), default=0)
        values = sum(array.size for array in arrays)
        self._check(rows, cost, values)
        if values <= EXPENSIVE and cost.texts <= max(EXPENSIVE, cost.row) and (
                rows <= 1 or rows * cost.row <= EXPENSIVE):
            with self._counted():
                return call(arrays, seconds, False)
        end = time.monotonic() + seconds
        with self._expensive.turn(seconds):
            if not sliced or rows <= 1:
                return call(arrays, end - time.monotonic(), False)
            repeated = sum(array.size for array in arrays if len(np.atleast_1d(array)) < rows)
            step = max(EXPENSIVE, repeated) // (cost.row + (values - repeated) // rows)
            return background.run(lambda: self._in_slices(call, arrays, rows, max(1, step), end))

    def _check(self, rows, cost, values):
        of_rows = rows * cost.row if rows > 1 else 0
        total = of_rows + cost.texts + values
        if total > self.limit:
            raise invalid(f"The request costs {total} ({of_rows} for its {rows} rows, {cost.texts} for its texts, "
                          f"{values} for its values); the limit is {self.limit} ({FLAG}). Send fewer rows, or fewer "
                          "texts, in one request")

    @contextmanager
    def _counted(self):
        with self._changed:
            self._small += 1
            self._came += 1
        try:
            yield
        finally:
            with self._changed:
                self._small -= 1
                self._changed.notify_all()

    def _in_slices(self, call, arrays, rows, step, end):
        parts = []
        for first in range(0, rows, step):
            with self._changed:
                self._changed.wait_for(lambda: not self._small, timeout=PATIENCE)
            start, came = time.monotonic(), self._came
            if start >= end:
                raise StatusError("DEADLINE_EXCEEDED", "Timed out between two slices of an expensive request")
            piece = [array[first:first + step] if array.ndim and len(array) == rows else array for array in arrays]
            parts.append(call(piece, end - start, True))
            if self._came > came and first + step < rows:
                time.sleep(min(time.monotonic() - start, PATIENCE))
        return [_joined(columns) for columns in zip(*parts)]


def _joined(parts):
    """Concatenates arrays; where their second dimensions differ, shorter ones are filled with zeros."""
    if parts[0].ndim > 1:
        longest = max(part.shape[1] for part in parts)
        parts = [np.pad(part, [(0, 0), (0, longest - part.shape[1])] + [(0, 0)] * (part.ndim - 2), "constant")
                 if part.shape[1] < longest else part for part in parts]
    return np.concatenate(parts)
