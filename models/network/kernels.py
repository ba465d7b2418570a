"""What kernels of numba share. Numba is optional: without it `numba` is None, and TensorFlow does the work.

Work is cut into parts that do not depend on the number of threads: the same seed gives the same sums.
Loops over columns are functions of their own: inside a parallel one they would not become vector code.
"""
import os

import numpy as np

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # read by numba: idle threads leave the cores to TensorFlow

try:
    import numba
except ImportError:
    numba = None

PARTS = 8
ALIGNMENT = 64  # bytes; TensorFlow copies what a numpy function returns elsewhere


def empty(shape, dtype=np.float32):
    """An array that TensorFlow takes over without a copy."""
    size = int(np.prod(shape)) * np.dtype(dtype).itemsize
    raw = np.empty(size + ALIGNMENT, np.uint8)
    start = -raw.ctypes.data % ALIGNMENT
    return raw[start:start + size].view(dtype).reshape(shape)


if numba is not None:
    @numba.njit(cache=True)
    def add(total, scale, values):
        """total += scale * values, of one length."""
        for column in range(len(total)):
            total[column] += scale * values[column]
