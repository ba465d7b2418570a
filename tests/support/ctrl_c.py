"""Child processes that heed Ctrl-C, which a shell makes its background commands ignore."""
import contextlib
import signal


@contextlib.contextmanager
def heeded():
    """Processes that are started inside heed SIGINT.

    Without `preexec_fn`, whose code would run between fork and exec beside threads of gRPC, where it may hang.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL if before is None else before)
