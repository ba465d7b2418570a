"""Memory that is free inside the process, given back to the system.

glibc keeps what was freed between pieces in use; after a version of a model or a body of many
megabytes that is a lot.
"""
import ctypes
import gc


_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8  # of mallopt


def settle():
    """Has pieces of megabytes go straight back when they are freed; for the start of a process.

    Left alone, glibc learns from one large body to keep as much for ever, in every thread.
    """
    tune = getattr(ctypes.CDLL(None), "mallopt", None)
    if tune:
        tune(_MMAP_THRESHOLD, 4 * 2 ** 20)
        tune(_TRIM_THRESHOLD, 16 * 2 ** 20)
        tune(_ARENA_MAX, 2)  # not one for each of the threads, which are many


def collect():
    """Frees what only points at itself, as a graph of TensorFlow does, and gives all back."""
    gc.collect()
    give_back()


def give_back():
    """Gives back what is free. Does nothing where the C library cannot."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim:
        trim(0)
