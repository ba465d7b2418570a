"""Large arrays that are computed again by every process: in memory, or from a size on in a file without a name.

Pages of such a file are written to disk and leave the memory where other data need it, so that memory does not grow
with the arrays. The file is in the folder of `tempfile` (environment variable TMPDIR) and disappears with the array,
at the latest with the process. TMPDIR must not be kept in memory (tmpfs) for this to help.
"""
import os
import tempfile

import numpy as np

from runtime.cli import UserError
from runtime.files import reason

IN_MEMORY = 2 ** 28  # bytes up to which an array is in memory
ALIGNMENT = 64  # bytes; TensorFlow copies an array with another alignment


def zeros(shape, dtype=np.float32):
    """Returns an array of zeros; see `empty`. Pages of a new file are zeros, and take no memory until written."""
    array = empty(shape, dtype)
    if array.nbytes <= IN_MEMORY:
        array[...] = 0
    return array


def empty(shape, dtype=np.float32):
    """Returns an array of any values, aligned for TensorFlow. Raises UserError where there is no space for its file."""
    size = int(np.prod(shape, dtype=np.int64)) * np.dtype(dtype).itemsize
    if size > IN_MEMORY:
        try:
            with tempfile.TemporaryFile() as file:
                if hasattr(os, "posix_fallocate"):  # else a full disk would end the process at a write
                    os.posix_fallocate(file.fileno(), 0, size)
                else:
                    file.truncate(size)
                return np.asarray(np.memmap(file, dtype, "r+", shape=shape))
        except OSError as error:
            raise UserError(f"{tempfile.gettempdir()}: a temporary file of {size / 2 ** 30:.1f} GiB cannot be made "
                            f"({reason(error)}); free disk space, or set TMPDIR to another folder") from error
    raw = np.empty(size + ALIGNMENT, np.uint8)
    start = -raw.ctypes.data % ALIGNMENT
    return raw[start:start + size].view(dtype).reshape(shape)
