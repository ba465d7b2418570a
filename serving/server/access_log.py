"""One log line for each request: protocol, method, model, version, signature, status and milliseconds.

Requests are logged at level INFO by the logger `recsys.access`; the command switches it on unless
`--log_requests=false` is given. Requests that fail through a fault of the server (HTTP status 500, 503, 504, 429) are
always logged, at level ERROR with the cause.
"""
import logging
import time

access = logging.getLogger("recsys.access")
access.setLevel(logging.ERROR)  # a server inside another process logs faults only
FAULTS = (429, 500, 503, 504)  # HTTP statuses of a fault of the server, not of the request
MAX_TEXT = 200  # characters of one field; clients choose names and paths


class Request:
    """What one request asks for, as far as it is known yet."""

    def __init__(self, protocol, method):
        """`protocol` is "REST" or "gRPC"; `method` its method."""
        self.protocol, self.method, self._start = protocol, method, time.perf_counter()
        self._fields = {}  # name -> value

    def about(self, **fields):
        """Adds what is known: model, version, signature. None and the empty string leave a field as it is."""
        self._fields.update((name, value) for name, value in fields.items() if value not in (None, ""))

    def log(self, status, http_status, error=None, exc_info=False):
        """Logs the line. `status` is the one of the protocol, `error` the cause of a failure (None: no failure)."""
        level = logging.ERROR if http_status in FAULTS else logging.INFO
        if not access.isEnabledFor(level):
            return
        fields = "".join(f" {name}={_one_line(self._fields.get(name, '-'))}"
                         for name in ("model", "version", "signature"))
        milliseconds = (time.perf_counter() - self._start) * 1e3
        access.log(level, "%s %s%s status=%s %.1f ms%s", self.protocol, _one_line(self.method), fields, status,
                   milliseconds, "" if error is None else f": {_one_line(error)}", exc_info=exc_info)


def _one_line(value):
    """Returns the text of a value, at most MAX_TEXT characters; control characters are escaped, so that a client
    cannot forge log lines."""
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in str(value)[:MAX_TEXT])
