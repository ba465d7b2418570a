"""The number of files and connections that this process may have open at the same time.

Many systems start a process with a soft limit of 1,024 (macOS: 256), which it may raise up to its hard limit.
"""
import contextlib

try:
    import resource
except ImportError:  # Windows
    resource = None

ENOUGH = 10240  # what macOS allows where its hard limit is "unlimited"


def allow_most():
    """Raises the soft limit to the hard one, as far as the system allows it."""
    if resource is None:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for wanted in (hard, ENOUGH):
        if soft in (wanted, resource.RLIM_INFINITY) or wanted == ENOUGH < soft:
            return
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            return
