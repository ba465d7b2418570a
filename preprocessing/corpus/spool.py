"""Files without a name, for what may not fit into the memory: they vanish with the process, however it ends.

They are read by position and never mapped, so that the memory of a process does not grow with them.
"""
import json
import os
import tempfile
from array import array

import numpy as np

from runtime import files
from runtime.cli import UserError

PIECE = 2 ** 20  # bytes that are written at once


class _Nameless:
    """A file that grows at its end, and is read anywhere. Raises UserError where it cannot be written."""

    def __init__(self, folder):
        self._folder, self._waiting, self._size = folder, bytearray(), 0
        self._file = self._written(lambda: tempfile.TemporaryFile(dir=folder, buffering=0))

    def __del__(self):
        if hasattr(self, "_file"):
            self._file.close()

    def append(self, content):
        """Appends bytes; returns where they begin."""
        start = self._size
        self._waiting += content
        self._size += len(content)
        if len(self._waiting) >= PIECE:
            self.flush()
        return start

    def flush(self):
        """Writes what waits, so that it can be read."""
        content = memoryview(self._waiting)
        while content:
            content = content[self._written(lambda: self._file.write(content)):]
        self._waiting = bytearray()

    def content(self):
        """All bytes; they must be flushed."""
        return self.read(0, self._size)

    def read(self, start, size):
        """The `size` bytes at `start`."""
        return os.pread(self._file.fileno(), size, start)

    def _written(self, function):
        try:
            return function()
        except OSError as error:
            raise UserError(f"{self._folder or tempfile.gettempdir()}: cannot be written ({files.reason(error)}); free "
                            "space on the disk, or give another folder") from error


class NumberRows:
    """Rows of int32 numbers, each of its own length.

    Args:
      folder: where the file is; None: the folder for temporary files.
    """

    def __init__(self, folder=None):
        self._file, self._lengths, self._starts = _Nameless(folder), array("i"), array("q")

    def append(self, numbers):
        """Appends a row, a list of numbers."""
        self._lengths.append(len(numbers))
        self._starts.append(self._file.append(array("i", numbers).tobytes()))

    def extend(self, numbers, lengths):
        """Appends rows of lengths [n] int32, whose numbers [m] int32 stand one row behind the other."""
        start = self._file.append(numbers.tobytes())
        self._lengths.frombytes(lengths.tobytes())
        self._starts.frombytes((start + 4 * (np.cumsum(lengths, dtype=np.int64) - lengths)).tobytes())

    def content(self):
        """(numbers [m] int32, lengths [n] int32) of all rows, after `close`."""
        return np.frombuffer(self._file.content(), np.int32), self.lengths

    def close(self):
        """Ends appending."""
        self._file.flush()

    @property
    def lengths(self):
        """[n] int32, the length of each row."""
        return np.frombuffer(self._lengths, np.int32)

    def read(self, rows, most=None):
        """(numbers [m] int32, lengths [k]) of rows [k]: the first `most` numbers of each, one row behind the other."""
        lengths = self.lengths[rows]
        if most is not None:
            lengths = np.minimum(lengths, most)
        starts = np.frombuffer(self._starts, np.int64)[rows].tolist()
        pieces = [self._file.read(start, 4 * length) for start, length in zip(starts, lengths.tolist())]
        return np.frombuffer(b"".join(pieces), np.int32), lengths


class Texts:
    """Rows of JSON values, such as texts."""

    def __init__(self, folder=None):
        self._file, self._starts = _Nameless(folder), array("q", [0])

    def append(self, value):
        """Appends a row."""
        content = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
        self._starts.append(self._file.append(content) + len(content))

    def extend(self, content, ends):
        """Appends rows: what `content` of another one returns."""
        start = self._file.append(content)
        self._starts.frombytes((start + ends).tobytes())

    def content(self):
        """(bytes of all rows, [n] int64 where each ends), after `close`."""
        return self._file.content(), np.frombuffer(self._starts, np.int64)[1:]

    def close(self):
        """Ends appending."""
        self._file.flush()

    def read(self, row):
        """The value of a row."""
        start = self._starts[row]
        return json.loads(self._file.read(start, self._starts[row + 1] - start).decode("utf-8"))
