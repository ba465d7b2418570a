"""Processes that share listening sockets, each with its share of the connections.

Whichever process is first takes a new connection. Kept open, most of them may be one process's, whose pages then
are slow while another process has little to do.
"""
from waitress.channel import HTTPChannel


def channel_class(channels, held, number):
    """The class of the connections of one process.

    Where it holds more than its share, an answer ends its connection, as HTTP allows at any time: the client comes
    anew, and chance soon brings it to another process.

    Args:
      channels: the map of its waitress server, where each connection stands.
      held: shared by the processes, what each holds.
      number: of the process among them.
    """
    held[number] = len(channels)

    class Channel(HTTPChannel):
        def service(self):
            held[number] = len(channels)
            if held[number] > 1 + min(held) and len(self.requests) == 1:
                self.requests[0].headers["CONNECTION"] = "close"  # as if the client had asked for it
            super().service()

    return Channel
