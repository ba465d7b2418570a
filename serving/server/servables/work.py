"""The work that requests ask for: a limit for one request, and an order that keeps small requests fast.

The cost of a request is its number of values, plus, for the signatures of this project, its rows times the cost of one
row: the items of the catalogue where it ranks, READ for each review of an item and a user where it explains. Where the
catalogue is ranked in two stages, it costs less, and more the more items are asked for. A request of one row is never
refused for the cost of its row, as it cannot be smaller. A request of many rows is expensive. One expensive request
runs at a time; a few wait, others are refused. Where each row of the outputs depends on its row of the inputs alone, it
runs in slices of its rows, in a thread of low priority. Before each slice the small requests that run may end, for
PATIENCE seconds at most; after a slice in which small ones came, as much time as the slice took belongs to them, but at
most PATIENCE: not every system has priorities of threads.
"""
import json
import os
import threading
import time
from contextlib import contextmanager
from typing import NamedTuple, Optional

import numpy as np

from serving import signatures as wire
from serving.server.servables import background
from serving.server.status import StatusError, invalid

FLAG = "--max_request_cost"
EXPENSIVE = 2 ** 14  # cost above which a request waits for its turn, and of a slice; a single row never waits
PATIENCE = .05  # seconds
LARGE_BODY = 2 ** 20  # bytes of a request; only one larger request is decoded at a time
READ = 10  # a review that is weighed takes as much time as so many items that are ranked
SCANNED, CANDIDATE = 1 / 16, 4  # what an item costs in the first and in the second of two stages
FIRST = 100  # items asked for, up to which the second stage has as many candidates as the export names
RANKING = (wire.RANK, wire.RANK_UNBOUGHT, wire.RANK_EXCLUDING, wire.RANK_EVIDENCE)
SLICED = RANKING + (wire.EXPLAIN, wire.SERVING_DEFAULT)  # each row of all outputs depends on its row alone


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

    def run(self, call, arrays, row_cost, sliced, seconds):
        """Returns what `call` returns, when it is the turn of this request.

        Args:
          call: (arrays, seconds, background) -> arrays; `background`: whether it runs in a thread of low priority.
          arrays: the inputs; those with a dimension have the same number of rows if `sliced`.
          row_cost: what a row costs besides its values.
          sliced: whether the rows may run one after another: each row of the outputs depends on its row alone. Where
            the second dimension of an output is that of the longest row, shorter slices are filled with zeros.
          seconds: time limit of the whole request.

        Raises:
          StatusError: the request costs more than the limit, or its turn did not come.
        """
        rows = max((len(array) for array in arrays if array.ndim), default=0)
        values = sum(array.size for array in arrays)
        self._check(rows, row_cost, values)
        if values <= EXPENSIVE and (rows <= 1 or rows * row_cost <= EXPENSIVE):
            with self._counted():
                return call(arrays, seconds, False)
        end = time.monotonic() + seconds
        with self._expensive.turn(seconds):
            if not sliced or rows <= 1:
                return call(arrays, end - time.monotonic(), False)
            step = max(1, EXPENSIVE // (row_cost + values // rows))
            return background.run(lambda: self._in_slices(call, arrays, rows, step, end))

    def _check(self, rows, row_cost, values):
        if values > self.limit or rows > 1 and rows * row_cost + values > self.limit:
            raise invalid(f"The request costs {rows * row_cost + values} ({rows} rows of {row_cost}, and {values} "
                          f"values); the limit is {self.limit} ({FLAG}). Send fewer rows in one request")

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
            piece = [array[first:first + step] if array.ndim else array for array in arrays]
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


class RowCost(NamedTuple):
    """What a row of a signature costs besides its values."""
    row: int
    least: int = 0  # items asked for (k), up to which a row costs `row`
    each: float = 0  # of an item beyond them
    most: float = float("inf")  # of all items beyond them

    def of(self, arrays):
        """Returns the cost of a row of a request with these inputs; k is the only number among them."""
        if not self.each:
            return self.row
        top = max((int(array) for array in arrays if not array.ndim and array.dtype.kind in "iu"), default=0)
        return self.row + int(min(self.each * max(0, top - self.least), self.most))


def row_costs(folder):
    """Returns {signature: RowCost} of an export of this project, by its assets; {} of any other SavedModel."""
    try:
        with open(os.path.join(folder, "assets", "meta.json"), encoding="utf-8") as file:
            meta = json.load(file)
        sizes, rank = meta["sizes"], meta.get("rank", {})
        items, reviews = int(sizes["I"]), int(sizes["R_item"]) + int(sizes["R_user"])
        ranking = RowCost(items)
        if rank.get("stages") == 2:
            candidates = int(rank["candidates"])
            ranking = RowCost(int(SCANNED * items) + CANDIDATE * candidates, FIRST, CANDIDATE * candidates / FIRST,
                              CANDIDATE * items)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}
    return dict({name: ranking for name in RANKING + (wire.FOLD_IN, wire.FOLD_IN_EVIDENCE)},
                **{name: RowCost(READ * reviews) for name in (wire.EXPLAIN, wire.FOLD_IN_EXPLAIN)},
                **{wire.SERVING_DEFAULT: RowCost(0)})
