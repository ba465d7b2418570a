"""The processes that make pages: each is started again when it ends, for whatever reason.

This process starts them before it has threads, and only watches them: after a fork, the locks of threads would be held
for ever. The others go on meanwhile, and all of them accept connections at the same sockets.
"""
import contextlib
import multiprocessing
import time
from multiprocessing.connection import wait

from runtime import cli, parent_death

AT_ONCE = 5  # seconds: a process that ends sooner than this after its start is started again after PAUSE
PAUSE = 1
MANY = 2 ** 30  # the number of connections of a process that is not there: no other process gives one up for it


class Workers:
    """Processes 0..n-1 that run `serve(number)`."""

    def __init__(self, serve, counts):
        """`counts` is the shared array of the connections that each process holds."""
        self._serve, self._counts = serve, counts
        self._living, self._started = {}, {}  # number -> process, time of its start

    def run(self):
        """Starts them, and starts again each that ends. Ends by an exception, such as that of a signal."""
        try:
            for number in range(len(self._counts)):
                self._start(number)
            while True:
                wait([process.sentinel for process in self._living.values()], timeout=1)
                for number, process in list(self._living.items()):
                    if process.exitcode is not None:
                        self._restart(number, process.exitcode)
        finally:
            self._stop()

    def _restart(self, number, code):
        self._counts[number] = MANY
        cause = f"signal {-code}" if code < 0 else f"exit code {code}"
        cli.log.error("process %d of the shop ended (%s); it is started again", number + 1, cause)
        if time.monotonic() - self._started[number] < AT_ONCE:
            time.sleep(PAUSE)
        del self._living[number]
        try:
            self._start(number)
        except cli.UserError as error:
            if not self._living:
                raise
            cli.log.error("%s; the other processes go on", error)

    def _start(self, number):
        end_with_parent = parent_death.end_with_parent()

        def begin():
            end_with_parent()
            with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C and SIGTERM
                self._serve(number)

        process = multiprocessing.get_context("fork").Process(target=begin, daemon=True)
        try:
            process.start()
        except OSError as error:
            raise cli.UserError(f"--processes: no further process can be started ({error.strerror}); "
                                "give fewer") from error
        self._living[number], self._started[number] = process, time.monotonic()

    def _stop(self):
        for process in self._living.values():
            process.terminate()
        for process in self._living.values():
            process.join(timeout=5)
