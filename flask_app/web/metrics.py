"""Counts and durations of requests in Prometheus' text format, for `/metrics`.

  deeprecsys_shop_requests_total{endpoint, status}    counter; status is the class of the code: "2xx" to "5xx"
  deeprecsys_shop_request_seconds{endpoint}           histogram of the time until an answer is made

An endpoint is the name of a route of the shop, never a path: clients cannot create labels, and no id is named. The
processes of one shop count in shared memory, each in a part of its own, so that every process answers for all of them
and one that is killed leaves no lock behind; a process that is started again goes on with the counts of its number.
"""
import multiprocessing
import threading
from bisect import bisect_left

LIMITS = (.005, .01, .025, .05, .1, .25, .5, 1., 2., 5.)  # upper bounds of the histogram's buckets, in seconds
CLASSES = ("1xx", "2xx", "3xx", "4xx", "5xx")
COUNT, SECONDS = "deeprecsys_shop_requests_total", "deeprecsys_shop_request_seconds"
UNKNOWN = "unknown"  # endpoint of an address that the shop does not have
_WIDTH = len(CLASSES) + len(LIMITS) + 2  # numbers of an endpoint: its counts, its buckets, the sum of its seconds
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """The numbers of one shop. Safe to use from several threads and from forked processes.

    Args:
      endpoints: names of all routes.
      processes: number of processes; each but the first calls `begin` before it counts.
    """

    def __init__(self, endpoints, processes=1):
        self._rows = {name: row for row, name in enumerate(sorted(set(endpoints)) + [UNKNOWN])}
        self._size = len(self._rows) * _WIDTH
        self._numbers = multiprocessing.RawArray("d", processes * self._size)
        self._start, self._lock = 0, threading.Lock()

    def begin(self, process):
        """Makes this process count in the part of its number, from 0."""
        self._start, self._lock = process * self._size, threading.Lock()

    def count(self, endpoint, status, seconds):
        """Counts one answer."""
        row = self._start + self._rows.get(endpoint, self._rows[UNKNOWN]) * _WIDTH
        with self._lock:
            self._numbers[row + min(max(status // 100, 1), 5) - 1] += 1
            self._numbers[row + len(CLASSES) + bisect_left(LIMITS, seconds)] += 1
            self._numbers[row + _WIDTH - 1] += seconds

    def page(self):
        """The text that Prometheus reads: the sums over all processes."""
        numbers = [sum(self._numbers[at::self._size]) for at in range(self._size)]
        counts, histograms = [f"# TYPE {COUNT} counter"], [f"# TYPE {SECONDS} histogram"]
        for name, row in self._rows.items():
            of_row = numbers[row * _WIDTH:(row + 1) * _WIDTH]
            counts += [f'{COUNT}{{endpoint="{name}",status="{status}"}} {number:.0f}'
                       for status, number in zip(CLASSES, of_row) if number]
            below = 0
            for limit, number in zip(LIMITS + ("+Inf",), of_row[len(CLASSES):-1] if any(of_row) else ()):
                below += number
                histograms.append(f'{SECONDS}_bucket{{endpoint="{name}",le="{limit}"}} {below:.0f}')
            if below:
                histograms += [f'{SECONDS}_sum{{endpoint="{name}"}} {of_row[-1]:.6f}',
                               f'{SECONDS}_count{{endpoint="{name}"}} {below:.0f}']
        return "\n".join(counts + histograms) + "\n"
