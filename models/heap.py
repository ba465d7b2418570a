"""Main memory of a step is kept for the next one.

A step takes and frees arrays of 30 MiB and more, dozens of them. The C library hands such arrays back to the
system at once, and the system clears every page anew before it is used again: that was a third of the time
of a step of training at the shape of Amazon Toys & Games.
"""
import ctypes

# malloc.h of the GNU C library: mallopt(3), malloc_trim(3)
TRIM_THRESHOLD, MMAP_MAX = -1, -4
NEVER = 2 ** 31 - 1  # bytes at the heap's end before they are handed back


def keep():
    """Keeps what this process frees. Does nothing where the C library is not GNU's. May be called again."""
    _call("mallopt", MMAP_MAX, 0)
    _call("mallopt", TRIM_THRESHOLD, NEVER)


def release():
    """Hands back what is free now: before other work that takes arrays of other sizes."""
    _call("malloc_trim", 0)


def _call(name, *arguments):
    try:
        function = getattr(ctypes.CDLL(None), name)
    except (AttributeError, OSError, TypeError):  # other systems, other C libraries
        return
    function(*arguments)
