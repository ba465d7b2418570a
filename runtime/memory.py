"""What the C library does with the main memory that this process frees: kept for the next step, or handed back.

A step of training takes and frees arrays of 30 MiB and more, dozens of them. The C library hands such arrays back
to the system at once, and the system clears every page anew before it is used again: that was a third of the
time of a step at the shape of Amazon Toys & Games. A server is the other way round: after a body of many megabytes
or a version of a model it should be small again.

Standard library only. Where the C library is not GNU's, nothing here does anything.
"""
import ctypes

TRIM_THRESHOLD, MMAP_THRESHOLD, MMAP_MAX, ARENA_MAX = -1, -3, -4, -8  # malloc.h: mallopt(3)
NEVER = 2 ** 31 - 1  # bytes at the heap's end before they are handed back
PIECE, END = 4 * 2 ** 20, 16 * 2 ** 20  # bytes that a server hands back, in the middle and at the heap's end


def keep():
    """For training and evaluation: keeps what this process frees. May be called again."""
    _call("mallopt", MMAP_MAX, 0)
    _call("mallopt", TRIM_THRESHOLD, NEVER)
    _call("mallopt", ARENA_MAX, 1)  # with an arena for each thread, every arena would keep the tables it freed


def stay_small():
    """For the start of a server: pieces of megabytes go straight back, and its many threads share two heaps."""
    _call("mallopt", MMAP_THRESHOLD, PIECE)
    _call("mallopt", TRIM_THRESHOLD, END)
    _call("mallopt", ARENA_MAX, 2)


def release():
    """Hands back what is free now (malloc_trim(3))."""
    _call("malloc_trim", 0)


def _call(name, *arguments):
    try:
        function = getattr(ctypes.CDLL(None), name)
    except (AttributeError, OSError, TypeError):  # other systems, other C libraries
        return
    function(*arguments)
