"""Child processes that end with their parent, and ports that are held for them."""
import contextlib
import http.client
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request

from runtime import cli, parent_death
from runtime.sockets import addresses, listen

GRACE = 5.0  # seconds between SIGTERM and SIGKILL


class Failed(SystemExit):
    """A command failed. Where nobody handles it, the process exits with the exit code of the command."""


class Children:
    """Running child processes, as a context: when the context ends, for any reason, all of them have ended.

    Each child leads its own process group, so that Ctrl-C reaches it only through this class, and its own children end
    with it. SIGTERM and SIGHUP end the context as Ctrl-C does. Several threads may start and run children; when the
    context is ending, no further child is started. The output of a child goes to that of the parent by default.
    """

    def __init__(self):
        self.living = {}  # title: subprocess.Popen
        self.handlers = {}
        self.starting, self.leaving = threading.Lock(), False

    def __enter__(self):
        self._handle(signal.SIGINT, signal.default_int_handler)  # a shell's `&` ignores SIGINT in the background
        self._handle(signal.SIGTERM, _exit_by_signal)
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup ignores SIGHUP: keep that
            self._handle(signal.SIGHUP, _exit_by_signal)
        return self

    def _handle(self, number, handler):
        self.handlers[number] = signal.signal(number, handler)

    def __exit__(self, kind, *exception):
        if kind is KeyboardInterrupt:
            sys.stderr.write("\n")  # ends the line of a progress bar
        for number in self.handlers:  # a second Ctrl-C must not leave some of them running
            signal.signal(number, signal.SIG_IGN)
        with self.starting:
            self.leaving = True
        for number in (signal.SIGTERM, signal.SIGKILL):
            self._signal_all(number)
        for number, handler in self.handlers.items():
            signal.signal(number, handler)

    def _signal_all(self, number):
        living = list(self.living.values())  # a copy: threads remove children that have ended
        for process in living:
            if process.poll() is None:
                os.killpg(process.pid, number)
        deadline = time.monotonic() + GRACE
        for process in living:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))

    def start(self, title, arguments, environ=None, **streams):
        """Starts `python <arguments>` in the current folder. Returns its `subprocess.Popen`.

        Args:
          title: a name for log lines, different for each running child.
          arguments: list of text.
          environ: {name: value} of further environment variables.
          streams: `stdout` and `stderr` of `subprocess.Popen`; default: those of the parent.
        """
        with self.starting:
            if self.leaving:
                sys.exit(1)
            self.living[title] = process = subprocess.Popen(
                parent_death.command([sys.executable] + arguments), stdin=subprocess.DEVNULL, start_new_session=True,
                **streams,
                env=dict(os.environ, PYTHONUNBUFFERED="1", no_proxy="127.0.0.1,localhost", **(environ or {})))
        return process

    def run(self, title, arguments):
        """Runs `python <arguments>` until it ends. Raises Failed, with its exit code, where it fails."""
        code = self.start(title, arguments).wait()
        self.living.pop(title)
        _exit_if_failed(title, code)

    def wait_until_ready(self, url, timeout):
        """Waits until `url` answers with status 200. Exits if a child ends, or after `timeout` seconds."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # no proxy for this machine's own address
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            self.exit_if_one_ended()
            with contextlib.suppress(OSError, http.client.HTTPException):
                if opener.open(url, timeout=2).status == 200:
                    return
            time.sleep(0.2)
        cli.log.error("%s did not answer 200 within %d s", url, timeout)
        sys.exit(1)

    def watch(self):
        """Waits until a child ends, which is always a failure, and exits."""
        while True:
            self.exit_if_one_ended()
            time.sleep(0.5)

    def exit_if_one_ended(self):
        """Exits with the exit code of a child that has ended (1 if that is 0), if there is one."""
        for title, process in self.living.items():
            if process.poll() is not None:
                _exit_if_failed(title, process.returncode or 1)


def _exit_by_signal(number, frame):
    sys.exit(128 + number)


def _exit_if_failed(title, code):
    if code:
        code = code if code > 0 else 128 - code  # a signal's number, as a shell reports it
        cli.log.error("%s: ended with exit code %d; see its last lines above", title, code)
        raise Failed(code)


@contextlib.contextmanager
def hold_ports(ports):
    """Holds ports until the context ends, so that no other process can take them.

    Args:
      ports: {flag: (host, port)}.

    Raises:
      cli.UserError: some ports cannot be taken; it names them, and flags with ports that are free.
    """
    with contextlib.ExitStack() as sockets:
        failed = {}
        for flag, (host, port) in ports.items():
            try:
                sockets.enter_context(listen(addresses(host, port)[0]))
            except (OSError, OverflowError) as error:
                failed[flag] = f"{flag} {port} at {host} ({getattr(error, 'strerror', error)})"
        if failed:
            raise cli.UserError(
                f"cannot listen: {', '.join(failed.values())}; end the program that "
                f"uses it, perhaps another demo, or add {_free_flags(failed)}")
        yield


def _free_flags(flags):
    """`--port 40001 ...`: each flag with a port that is free now."""
    with contextlib.ExitStack() as sockets:
        ports = [sockets.enter_context(listen(addresses("127.0.0.1", 0)[0])).getsockname()[1] for _ in flags]
    return " ".join(f"{flag} {port}" for flag, port in zip(flags, ports))
