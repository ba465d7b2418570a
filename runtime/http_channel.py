"""Connections of a waitress server that one client cannot take from the others.

Waitress's own limits do not suffice: its time limit begins again with every byte that arrives and follows a clock
that can be set, and at its limit of connections it accepts nobody. Here the limit counts from the start of what a
connection does: a request that arrives, a response that is read, or nothing. Where there are too many connections, of
one address or of all, the one that is least useful is closed in favour of the new one: first those that never sent a
whole request, the oldest first.
"""
import math
import time

from waitress.channel import HTTPChannel

IDLE, ARRIVING, LEAVING = "idle", "arriving", "leaving"


class Limited(HTTPChannel):
    """A connection with these limits. The loop of one process uses all of its methods, in one thread."""
    most = most_of_one = shared = None  # see `limited`
    living = None  # the open connections, oldest first
    served = False  # whether a whole request has arrived

    def __init__(self, server, sock, addr, adj, map=None):
        self._phase, self._since = IDLE, time.monotonic()
        super().__init__(server, sock, addr, adj, map)
        if not self.connected:  # reset before it was accepted: waitress before 3.0.1 would never close it
            self.handle_close()
            return
        self.host = addr[0] if isinstance(addr, tuple) else str(addr)
        same = [channel for channel in self.living if channel.host == self.host]
        if len(same) > self.most_of_one and self.host != self.shared:
            self._make_room(same)
        elif len(self.living) > self.most:
            self._make_room(_of_most_frequent_host(self.living))

    def _make_room(self, channels):
        waiting = [channel for channel in channels if channel is not self and not channel.requests]
        # where all of them are being answered, the new one has to go
        min(waiting, key=lambda channel: channel.usefulness(), default=self).handle_close()

    def usefulness(self):
        """The smaller, the sooner a connection is closed where there are too many."""
        return self.served and self._phase == IDLE, self._since

    @property
    def last_activity(self):
        """For waitress, which closes a connection by the time of day: never too long ago. `readable` closes it here."""
        return math.inf

    @last_activity.setter
    def last_activity(self, _):
        phase = ARRIVING if self.request is not None else LEAVING if self.total_outbufs_len else IDLE
        if phase == IDLE or phase != self._phase:
            self._phase, self._since = phase, time.monotonic()

    def readable(self):
        """Waitress asks each connection before it waits for all of them, at least once a second."""
        if self.connected and not self.requests and time.monotonic() - self._since > self.adj.channel_timeout:
            self.handle_close()  # at once: waitress would wait until the client reads what is left of an answer
        return self.connected and super().readable()

    def writable(self):
        return self.connected and super().writable()

    def received(self, data):
        before = self.request
        result = super().received(data)
        if self.request is not before:
            self._phase = IDLE  # a request has ended or begun
            self.last_activity = None
        return result

    def service(self):
        self.served = True
        super().service()

    def add_channel(self, map=None):
        super().add_channel(map)
        self.living.append(self)

    def del_channel(self, map=None):
        super().del_channel(map)
        if self in self.living:
            self.living.remove(self)


def _of_most_frequent_host(channels):
    hosts = {}
    for channel in channels:
        hosts.setdefault(channel.host, []).append(channel)
    return max(hosts.values(), key=len)


def limited(most, most_of_one, base=Limited, shared=None):
    """A subclass of `base` for the connections of one process.

    Args:
      most: open connections in all; the `connection_limit` of the waitress server must be larger.
      most_of_one: open connections of one address.
      shared: an address without this second limit, that of a proxy; None: every address has it.
    """
    return type(base.__name__, (base,), {"most": most, "most_of_one": most_of_one, "shared": shared, "living": []})
