"""Spreads the connections of shared listening sockets over the processes that serve the shop.

Any process may accept a new connection. Where browsers keep connections open, one process can hold most of them: its
pages are then slow while another process is idle.
"""
from waitress.channel import HTTPChannel


def channel_class(channels, counts, number):
    """The class of the connections of one process.

    Where the process holds more connections than another one, an answer closes its connection, which HTTP allows at
    any time. The client connects again, and soon reaches another process.

    Args:
      channels: the map of the process's waitress server, which holds its connections.
      counts: array that all processes share, the number of connections that each of them holds.
      number: index of this process in `counts`.
    """
    counts[number] = len(channels)

    class Channel(HTTPChannel):
        def service(self):
            counts[number] = len(channels)
            if counts[number] > 1 + min(counts) and len(self.requests) == 1:
                self.requests[0].headers["CONNECTION"] = "close"  # as if the client had sent this header
            super().service()

    return Channel
