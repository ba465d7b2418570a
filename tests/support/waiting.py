"""Waiting for what comes by itself."""
import time


def until(is_so, seconds=60):
    """Waits until something is so; fails when the time is over."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it never came"
        time.sleep(.02)
