"""The connections of the web server: limits for one client, polite refusals, and shares of several processes."""
from waitress.task import ErrorTask

from flask_app.web.headers import HEADERS
from runtime import http_channel
from runtime.cli import log

MOST, MOST_OF_ONE = 200, 100  # open connections of a process, in all and of one address
TEXTS = {413: "The request is too large. Please shorten your texts.",
         431: "The address or the headers of the request are too long."}
OTHER = "The request is not valid HTTP."


class Refusal(ErrorTask):
    """The answer to what never reaches the application: too large, or no HTTP. It has the headers of every answer."""

    def execute(self):
        error = self.request.error
        log.info("refused: %d %s", error.code, error.reason)
        error.to_response = lambda *_: (
            f"{error.code} {error.reason}",
            [("Content-Type", "text/plain; charset=utf-8")] + list(HEADERS.items()),
            (TEXTS.get(error.code, OTHER) + "\n").encode())
        super().execute()


def channel_class(channels, counts, number, trusted_proxy=None):
    """The class of the connections of one process.

    Any process may accept a new connection. Where browsers keep connections open, one process can hold most of them:
    its pages are then slow while another process is idle. Therefore, where the process holds more connections than
    another one, an answer closes its connection, which HTTP allows at any time. The client connects again, and soon
    reaches another process.

    Args:
      channels: the map of the process's waitress server, which holds its connections.
      counts: array that all processes share, the number of connections that each of them holds.
      number: index of this process in `counts`.
      trusted_proxy: IP address that may hold all connections, as it passes on those of many visitors; None: none may.
    """
    counts[number] = len(channels)

    class Channel(http_channel.Limited):
        error_task_class = Refusal

        def service(self):
            counts[number] = len(channels)
            if counts[number] > 1 + min(counts) and len(self.requests) == 1:
                self.requests[0].headers["CONNECTION"] = "close"  # as if the client had sent this header
            super().service()

    return http_channel.limited(MOST, MOST_OF_ONE, Channel, trusted_proxy)
