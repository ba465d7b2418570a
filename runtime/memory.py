"""Settings of the C library's allocator: whether freed memory is kept for the next use or returned to the system.

A training step allocates and frees dozens of arrays of 30 MiB and more. By default the C library returns such arrays
to the system at once, and the system clears every page before it is used again, which was a third of the time of a
step for data of the size of Amazon Toys & Games. A server has the opposite need: after a request of many megabytes, or
after a model version was unloaded, it should be small again.

Standard library only. With a C library other than GNU's, nothing here has an effect.
"""
import ctypes

TRIM_THRESHOLD, MMAP_THRESHOLD, MMAP_MAX, ARENA_MAX = -1, -3, -4, -8  # malloc.h: mallopt(3)
NEVER = 2 ** 31 - 1  # bytes free at the end of the heap before they are returned
PIECE, END = 4 * 2 ** 20, 16 * 2 ** 20  # bytes that a server returns: of one allocation, and at the end of the heap


def keep():
    """For training and evaluation: keeps the memory that this process frees. It may be called several times."""
    _call("mallopt", MMAP_MAX, 0)
    _call("mallopt", TRIM_THRESHOLD, NEVER)
    _call("mallopt", ARENA_MAX, 1)  # with one arena per thread, every arena would keep the arrays that it freed


def stay_small():
    """For the start of a server: large allocations are returned when freed, and all threads share two arenas."""
    _call("mallopt", MMAP_THRESHOLD, PIECE)
    _call("mallopt", TRIM_THRESHOLD, END)
    _call("mallopt", ARENA_MAX, 2)


def release():
    """Returns all memory that is free now to the system (malloc_trim(3))."""
    _call("malloc_trim", 0)


def _call(name, *arguments):
    try:
        function = getattr(ctypes.CDLL(None), name)
    except (AttributeError, OSError, TypeError):  # other systems, other C libraries
        return
    function(*arguments)
