"""The memory of running processes (Linux): resident with the processes that they have started, or their own alone."""
import threading

INTERVAL = .05  # seconds


def of(pid):
    """Returns the MiB of a process and its descendants; pages that they share count once for each of them."""
    with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as status:
        line = next(line for line in status if line.startswith("VmRSS"))
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as children:
        return int(line.split()[1]) / 1024 + sum(of(int(child)) for child in children.read().split())


class OwnPeak:
    """The most memory that this process has of its own while the context is open: `mib`.

    Pages of files, which the system takes back where it needs memory, do not count.
    """

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
            with open("/proc/self/status", encoding="ascii", errors="replace") as status:
                line = next(line for line in status if line.startswith("RssAnon"))
            self.mib = max(self.mib, int(line.split()[1]) / 1024)
            if self._done.wait(INTERVAL):
                return
