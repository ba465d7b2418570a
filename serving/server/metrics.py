"""Counters and durations in Prometheus' text format, with TensorFlow Serving's names.

`:tensorflow:serving:request_count` by model and status;
`:tensorflow:serving:request_latency` by model, API and entry point, a histogram in microseconds;
`:tensorflow:cc:saved_model:load_attempt_count` by path and outcome.
"""
import threading
import time
from bisect import bisect_left
from contextlib import contextmanager

from serving.server.status import StatusError

COUNT, LATENCY = ":tensorflow:serving:request_count", ":tensorflow:serving:request_latency"
LOADS = ":tensorflow:cc:saved_model:load_attempt_count"
LIMITS = [10 * 1.8 ** power for power in range(33)]  # upper bounds of the histogram's buckets, in microseconds


class Metrics:
    """The counters and histograms of one server. Safe to use from several threads."""

    def __init__(self):
        self._lock = threading.Lock()
        self._counters = {COUNT: {}, LOADS: {}}  # name -> labels -> number
        self._durations = {}  # labels -> [counts of the buckets, sum in microseconds]

    @contextmanager
    def request(self, model, api, entry):
        """Counts and times the request that the context handles.

        `model` is the name of a served model or the empty string, so that clients cannot create labels without limit.
        """
        start, status = time.perf_counter(), "OK"
        try:
            yield
        except StatusError as error:
            status = error.code
            raise
        except Exception:
            status = "INTERNAL"
            raise
        finally:
            microseconds = (time.perf_counter() - start) * 1e6
            self.count(COUNT, model_name=model, status=status)
            labels = _labels(model_name=model, API=api, entrypoint=entry)
            with self._lock:
                histogram = self._durations.setdefault(labels, [[0] * (len(LIMITS) + 1), 0.])
                histogram[0][bisect_left(LIMITS, microseconds)] += 1
                histogram[1] += microseconds

    def count(self, name, **labels):
        """Adds one to a counter."""
        with self._lock:
            counter = self._counters[name]
            counter[_labels(**labels)] = counter.get(_labels(**labels), 0) + 1

    def page(self):
        """Returns the text that Prometheus reads."""
        lines = []
        with self._lock:
            for name, counter in self._counters.items():
                lines.append(f"# TYPE {name} counter")
                lines += [f"{name}{{{labels}}} {number}" for labels, number in counter.items()]
            lines.append(f"# TYPE {LATENCY} histogram")
            for labels, (counts, total) in self._durations.items():
                below = 0
                for limit, number in zip(LIMITS + ["+Inf"], counts):
                    below += number
                    bound = limit if limit == "+Inf" else f"{limit:g}"
                    lines.append(f'{LATENCY}_bucket{{{labels},le="{bound}"}} {below}')
                lines += [f"{LATENCY}_sum{{{labels}}} {total:.0f}",
                          f"{LATENCY}_count{{{labels}}} {below}"]
        return "\n".join(lines) + "\n"


def _labels(**labels):
    return ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())


def _escaped(value):
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
