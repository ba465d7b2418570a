"""Waits for a condition."""
import time


def until(holds, seconds=60):
    """Waits until `holds()` is true; fails after so many seconds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "the condition did not hold in time"
        time.sleep(.02)
