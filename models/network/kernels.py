"""What all numba kernels share. Numba is optional: without it `numba` is None, and TensorFlow does the work.

Work is cut into a fixed number of parts, whatever the number of threads is, so that the same seed gives the same
sums. Loops over columns are functions of their own, because numba does not vectorise them inside a parallel loop.
"""
from runtime import openmp

openmp.let_idle_threads_sleep()

try:
    import numba
except ImportError:
    numba = None

PARTS = 8


if numba is not None:
    @numba.njit(cache=True)
    def add(total, scale, values):
        """Adds scale * values to total, in place; both have the same length."""
        for column in range(len(total)):
            total[column] += scale * values[column]
