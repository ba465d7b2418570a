"""Memory and CPU time of running processes (Linux), with the processes that they have started, or their own alone."""
import contextlib
import os
import threading

INTERVAL = .05  # seconds


def of(pid):
    """Returns the MiB of a process and its descendants; pages that they share count once for each of them."""
    return sum(_field(process, "VmRSS") for process in _tree(pid))


def cpu(pid):
    """Returns the CPU seconds of a process and its descendants that run now, since each has started."""
    return sum(_cpu(process) for process in _tree(pid))


def _cpu(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as status:
        fields = status.read().rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def _tree(pid):
    """Yields the number of a process and those of its descendants."""
    yield pid
    for thread in os.listdir(f"/proc/{pid}/task"):  # the system lists a child at the thread that started it
        with contextlib.suppress(OSError):  # the thread or the child has ended meanwhile
            with open(f"/proc/{pid}/task/{thread}/children", encoding="ascii") as text:
                children = text.read().split()
            for child in children:
                yield from _tree(int(child))


def _field(pid, name):
    """A field of a process's status, in MiB."""
    with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith(name))


class Peak:
    """The most memory while the context is open, in MiB: `mib`. A subclass defines `_now`, the memory now."""

    def __enter__(self):
        self.mib, self._done = 0., threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *error):
        self._done.set()
        self._thread.join()

    def _watch(self):
        while True:
            self.mib = max(self.mib, self._now())
            if self._done.wait(INTERVAL):
                return


class OwnPeak(Peak):
    """That of this process alone; pages of files, which the system takes back where it needs memory, do not count."""

    def _now(self):
        return _field("self", "RssAnon")


class TreePeak(Peak):
    """That of this process and all processes that it has started, as of `of`; and their CPU seconds so far.

    `own_mib` is the same without pages of files, as in `OwnPeak`.
    """

    def __init__(self):
        self.own_mib, self._cpu = 0., {}  # {process: seconds when it was last seen}

    @property
    def cpu(self):
        """CPU seconds of all these processes, since each has started."""
        return sum(self._cpu.values())

    def _now(self):
        mib = own = 0.
        for pid in _tree(os.getpid()):
            with contextlib.suppress(OSError, StopIteration):  # the process has ended meanwhile
                self._cpu[pid] = _cpu(pid)
                mib, own = mib + _field(pid, "VmRSS"), own + _field(pid, "RssAnon")
        self.own_mib = max(self.own_mib, own)
        return mib
