"""What all numba kernels share. Numba is optional: without it `numba` is None, and TensorFlow does the work.

Work is cut into a fixed number of parts, whatever the number of threads is, so that the same seed gives the same
sums. Loops over columns are functions of their own, because numba does not vectorise them inside a parallel loop.
"""
import numpy as np

from runtime import openmp

openmp.let_idle_threads_sleep()

try:
    import numba
except ImportError:
    numba = None

PARTS = 8
ALIGNMENT = 64  # bytes; TensorFlow copies an array that a numpy function returns with another alignment


def empty(shape, dtype=np.float32):
    """Returns an uninitialised array that TensorFlow can use without a copy."""
    size = int(np.prod(shape)) * np.dtype(dtype).itemsize
    raw = np.empty(size + ALIGNMENT, np.uint8)
    start = -raw.ctypes.data % ALIGNMENT
    return raw[start:start + size].view(dtype).reshape(shape)


if numba is not None:
    @numba.njit(cache=True)
    def add(total, scale, values):
        """Adds scale * values to total, in place; both have the same length."""
        for column in range(len(total)):
            total[column] += scale * values[column]
