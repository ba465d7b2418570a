"""Sums and joins arrays of several processes, over TCP connections from each process to the next one.

Every process calls the same operations in the same order. An operation sends to the next process while it receives from
the one before. Where a process ends, the next one notices at once and ends its connections as well, and so on.

The sum is a ring all-reduce (Patarasuk and Yuan, "Bandwidth optimal all-reduce algorithms for clusters of
workstations", 2009): each process sends 2 (N - 1) / N times the vector, and all get the same bits.
"""
import queue
import socket
import threading

import numpy as np

IDLE, INTERVAL, PROBES = 30, 10, 3  # seconds, seconds, number: a host that is gone is noticed after a minute


class Lost(Exception):
    """Another worker has ended or cannot be reached. The text names it."""


class Ring:
    """The place of one process in a ring.

    Args:
      rank, size: number of this process, from 0, and of all processes, 2 or more.
      before, after: connected sockets, to receive from the process before and to send to the next one.
    """

    def __init__(self, rank, size, before, after):
        self.rank, self.size, self.before, self.after = rank, size, before, after
        self.sent = self.operations = 0  # bytes; operations begun
        for connection in (before, after):
            _keep_alive(connection)
        self.outgoing = queue.Queue()
        threading.Thread(target=self._send_all, daemon=True).start()

    def gather(self, arrays):
        """Returns, for each array [n, ..] of this process, those of all processes joined in the order of ranks.

        Lengths n may differ between processes; types and other axes may not. Raises Lost.
        """
        arrays = [np.ascontiguousarray(array) for array in arrays]
        self.operations += 1
        blocks = {self.rank: arrays}
        for step in range(self.size - 1):
            self._send_block(blocks[(self.rank - step) % self.size])
            blocks[(self.rank - step - 1) % self.size] = self._receive_block(arrays)
        self.outgoing.join()
        return [np.concatenate([blocks[rank][number] for rank in range(self.size)]) for number in range(len(arrays))]

    def sum(self, vector):
        """Returns the sum [n] over all processes of a vector [n]. Raises Lost."""
        self.operations += 1
        parts = [part.copy() for part in np.array_split(vector, self.size)]
        for step in range(self.size - 1):  # afterwards part rank + 1 is complete here
            self._send_block([parts[(self.rank - step) % self.size]])
            number = (self.rank - step - 1) % self.size
            parts[number] = parts[number] + self._receive_block([parts[number]])[0]
        for step in range(self.size - 1):
            self._send_block([parts[(self.rank + 1 - step) % self.size]])
            number = (self.rank - step) % self.size
            parts[number] = self._receive_block([parts[number]])[0]
        self.outgoing.join()  # the caller may write to what was handed over
        return np.concatenate(parts)

    def close(self):
        """Ends both connections, on which the other processes end as well unless they have finished."""
        self.outgoing.put(None)
        for connection in (self.before, self.after):
            connection.close()

    def _send_block(self, arrays):
        header = np.array([self.operations] + [len(array) for array in arrays], "<i8")
        for part in [header] + arrays:
            self.sent += part.nbytes
            self.outgoing.put(part.reshape(-1).view(np.uint8) if part.size else b"")

    def _send_all(self):
        while True:
            part = self.outgoing.get()
            if part is None:
                return
            try:
                self.after.sendall(part)
            except OSError:
                pass  # the next process has ended: this one learns it by what it receives
            self.outgoing.task_done()

    def _receive_block(self, like):
        """Returns arrays of the process before, of the types and inner axes of the arrays `like`."""
        header = self._receive(np.empty(1 + len(like), "<i8"))
        if header[0] != self.operations:
            raise Lost(f"worker {self._rank_before()} is at operation {header[0]} and not {self.operations}")
        return [self._receive(np.empty((length,) + array.shape[1:], array.dtype))
                for length, array in zip(header[1:], like)]

    def _receive(self, array):
        if not array.size:
            return array
        left = memoryview(array.reshape(-1).view(np.uint8))
        try:
            while left:
                count = self.before.recv_into(left)
                if not count:
                    raise ConnectionError("it has ended")
                left = left[count:]
        except OSError as error:
            self.close()
            raise Lost(f"the connection to worker {self._rank_before()} is lost ({error})") from error
        return array

    def _rank_before(self):
        return (self.rank - 1) % self.size


def _keep_alive(connection):
    """Has the system notice a host that is gone without a word; and sends small blocks at once."""
    connection.settimeout(None)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (("TCP_KEEPIDLE", IDLE), ("TCP_KEEPINTVL", INTERVAL), ("TCP_KEEPCNT", PROBES)):
        if hasattr(socket, name):  # not on every system
            connection.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
