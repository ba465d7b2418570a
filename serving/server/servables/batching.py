"""Dynamic batching: runs small requests of one signature together.

The rules are TensorFlow Serving's. The first request of a batch leads it: its thread waits until the batch is full or
the timeout is over, then for a free slot (a limited number of batches run at the same time), then runs the batch; the
other requests wait for their rows of the result. Requests share a batch only if they have the same signature and their
tensors differ in the first dimension only. If a batch fails, its requests are run one by one, so that an invalid
request does not affect the others.
"""
import threading
from collections import Counter

import numpy as np

from serving.server.status import StatusError, invalid


class _Task:
    """A request: its arrays, its number of rows, and its outputs or error."""

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
        """`limits` is a `config.Batching`; `slots` a semaphore that limits how many batches run at the same time."""
        self._limits, self._slots = limits, slots
        self._lock = threading.Lock()  # guards `_open` and `_waiting`
        self._open, self._waiting = {}, Counter()  # key -> open batch; signature -> number of waiting batches

    def run(self, signature, call, arrays, seconds):
        """Runs `call(arrays)` in a batch with other requests.

        Args:
          signature: only requests with the same signature share a batch.
          call: arrays -> arrays; each row of the outputs depends on the same row of the inputs only.
          arrays: the inputs, always in the same order; all have the same first dimension.
          seconds: longest wait for a slot.

        Returns:
          The rows of the outputs that belong to this request.

        Raises:
          StatusError: the request cannot be batched, the queue is full, or the run failed.
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
        """Returns what the arrays of a batch must share: the shape of a row, or only its rank if rows are padded."""
        padded = self._limits.pad_variable_length_inputs and array.size
        return array.ndim if padded else array.shape[1:]

    def _close(self, key, batch):
        """Closes the batch for further requests. The caller holds the lock."""
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
        except BaseException as error:  # the waiting requests must get any error, or they would wait for ever
            for task in batch.tasks:
                task.error = error
        finally:
            if slot:
                self._slots.release()
            with self._lock:
                self._waiting[signature] -= 1
                self._waiting += Counter()  # removes entries that are zero
            batch.done.set()

    def _process(self, call, batch):
        try:
            self._run_together(batch.tasks, call)
        except StatusError:
            if len(batch.tasks) == 1:
                raise
            for task in batch.tasks:
                try:
                    self._run_together([task], call)
                except StatusError as error:
                    task.error = error

    def _run_together(self, tasks, call):
        """Runs several requests as one and assigns each its rows of the outputs."""
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
    """Concatenates arrays, with rows padded to one shape, and appends the first row of the last array `more` times."""
    shape = np.max([array.shape[1:] for array in arrays], 0).astype(int)
    arrays = [_padded(array, shape) for array in arrays]
    return np.concatenate(arrays + [arrays[-1][:1]] * more)


def _padded(array, shape):
    """Returns an array whose rows are padded at the end with its first value, as TensorFlow Serving does."""
    if array.shape[1:] == tuple(shape):
        return array
    wide = np.full((len(array),) + tuple(shape), array.ravel()[0], array.dtype)
    wide[tuple(slice(0, length) for length in array.shape)] = array
    return wide
