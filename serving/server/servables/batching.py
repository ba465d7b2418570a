"""Dynamic batching: small requests of one signature run as one.

The rules are TensorFlow Serving's. The first request of a batch leads it: it waits until the batch
is full or the time is up, and for one of the slots in which batches run, then runs all, in its own
thread; the others wait for their share. Only requests of one signature, whose tensors differ in the
first dimension alone, share a batch. Where a batch fails, its requests run one by one, so that a
wrong one harms nobody else.
"""
import threading
from collections import Counter

import numpy as np

from serving.server.status import StatusError, invalid


class _Task:
    """A request: its arrays, its rows, and what came of it."""

    def __init__(self, arrays, rows):
        self.arrays, self.rows = arrays, rows
        self.outputs, self.error = None, None


class _Batch:
    def __init__(self):
        self.tasks, self.rows = [], 0
        self.closed, self.done = threading.Event(), threading.Event()

    def add(self, task):
        self.tasks.append(task)
        self.rows += task.rows


class Batcher:
    """The batches of one loaded version. Safe to use from several threads."""

    def __init__(self, limits, slots):
        """`limits` is a `config.Batching`, `slots` a semaphore: so many batches run at a time."""
        self._limits, self._slots = limits, slots
        self._lock = threading.Lock()  # guards the next two
        self._open, self._waiting = {}, Counter()  # by key; batches that wait, by signature

    def run(self, signature, call, arrays, seconds):
        """`call(arrays)`, in company.

        Args:
          signature: only requests of the same share a batch.
          call: arrays -> arrays, row by row alike.
          arrays: the inputs, always in the same order; all with the same first dimension.
          seconds: the longest to wait for a slot.

        Returns:
          The rows of the outputs that belong to this request.
        """
        rows = self._rows(arrays)
        if not rows:
            return call(arrays)
        key = (signature,) + tuple((array.dtype.str, self._kind(array)) for array in arrays)
        task = _Task(arrays, rows)
        with self._lock:
            batch = self._open.get(key)
            if batch and batch.rows + rows > self._limits.max_batch_size:
                self._close(key, batch)
                batch = None
            leads = batch is None
            if leads:
                if self._waiting[signature] >= self._limits.max_enqueued_batches:
                    raise StatusError("UNAVAILABLE", "The batch scheduling queue to which this "
                                                     "task was submitted is full")
                self._waiting[signature] += 1
                batch = self._open[key] = _Batch()
            batch.add(task)
            if batch.rows == self._limits.max_batch_size:
                self._close(key, batch)
        if leads:
            self._lead(signature, key, batch, call, seconds)
        batch.done.wait()
        if task.error:
            raise task.error
        return task.outputs

    def _rows(self, arrays):
        for array in arrays:
            if not array.ndim:
                raise invalid("Batching Run() input tensors must have at least one dimension")
            if len(array) != len(arrays[0]):
                raise invalid("Batching Run() input tensors must have equal 0th-dimension size")
        rows = len(arrays[0]) if arrays else 0
        if rows > self._limits.max_batch_size:
            raise invalid(f"Task size {rows} is larger than maximum batch size "
                          f"{self._limits.max_batch_size}")
        return rows

    def _kind(self, array):
        """What arrays of a batch share: the shape of a row, or its rank where rows are padded."""
        padded = self._limits.pad_variable_length_inputs and array.size
        return array.ndim if padded else array.shape[1:]

    def _close(self, key, batch):
        """Nobody joins the batch any more. Under the lock."""
        batch.closed.set()
        if self._open.get(key) is batch:
            del self._open[key]

    def _lead(self, signature, key, batch, call, seconds):
        slot = False
        try:
            batch.closed.wait(self._limits.batch_timeout_micros / 1e6)
            slot = self._slots.acquire(timeout=seconds)
            with self._lock:
                self._close(key, batch)
            if not slot:
                raise StatusError("RESOURCE_EXHAUSTED", "Run() timeout exceeded while waiting in "
                                                        "batching queue")
            self._process(call, batch)
        except BaseException as error:  # whatever it is, those who wait must be told
            for task in batch.tasks:
                task.error = error
        finally:
            if slot:
                self._slots.release()
            with self._lock:
                self._waiting[signature] -= 1
                self._waiting += Counter()  # drops what is at zero
            batch.done.set()

    def _process(self, call, batch):
        try:
            self._share(batch.tasks, call)
        except StatusError:
            if len(batch.tasks) == 1:
                raise
            for task in batch.tasks:
                try:
                    self._share([task], call)
                except StatusError as error:
                    task.error = error

    def _share(self, tasks, call):
        """Runs the requests as one, and gives each its rows."""
        rows = sum(task.rows for task in tasks)
        total = next((size for size in self._limits.allowed_batch_sizes if size >= rows), rows)
        joined = [_joined(column, total - rows) for column in zip(*(task.arrays for task in tasks))]
        outputs = call(joined)
        for output in outputs:
            if not output.ndim:
                raise StatusError("FAILED_PRECONDITION", "Batched output tensor has 0 dimensions")
            if len(output) != total:
                raise StatusError(
                    "FAILED_PRECONDITION", "Batched output tensor's 0th dimension does not equal "
                    "the sum of the 0th dimension sizes of the input tensors")
        first = 0
        for task in tasks:
            task.outputs = [output[first:first + task.rows] for output in outputs]
            first += task.rows


def _joined(arrays, more):
    """Arrays one after the other, rows padded to one shape, and a row of the last `more` times."""
    shape = np.max([array.shape[1:] for array in arrays], 0).astype(int)
    arrays = [_padded(array, shape) for array in arrays]
    return np.concatenate(arrays + [arrays[-1][:1]] * more)


def _padded(array, shape):
    """An array, its rows padded at the ends with its first value, as TensorFlow Serving does."""
    if array.shape[1:] == tuple(shape):
        return array
    wide = np.full((len(array),) + tuple(shape), array.ravel()[0], array.dtype)
    wide[tuple(slice(0, length) for length in array.shape)] = array
    return wide
