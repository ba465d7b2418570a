"""When files were last changed: part of the keys of caches."""
import os


def changed(path):
    """Nanoseconds since the epoch at which a file was last changed; 0 where there is no file."""
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return 0
