"""Workers find each other by the address of worker 0; a wrong one is an error of one line."""
import socket
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from models.training.workers import meeting
from runtime.cli import UserError
from runtime.sockets import addresses, listen


def meet(size, others):
    """What each worker gets: its Ring, or the text of a UserError. `others` are functions of the address."""
    listener = listen(addresses("127.0.0.1", 0)[0])
    address = listener.getsockname()[:2]

    def result(call):
        try:
            return call()
        except UserError as error:
            return str(error)

    with ThreadPoolExecutor(1 + len(others)) as pool:
        calls = [lambda: meeting.lead(listener, size)] + [lambda other=other: other(address) for other in others]
        results = [future.result() for future in [pool.submit(result, call) for call in calls]]
    listener.close()
    return results


def joining(rank, size):
    return lambda address: meeting.join(address, rank, size)


@pytest.mark.parametrize("size, said", [
    (2, b"GET / HTTP/1.1\r\n\n"), (3, b'{"rank": 1, "size": 3}\n'), (5, b'{"rank": [], "size": 5, "port": 1}\n')])
def test_all_meet_in_any_order_beside_a_stranger(size, said):
    def stranger(address):
        with socket.create_connection(address) as connection:
            connection.sendall(said)

    rings = [ring for ring in meet(size, [stranger] + [joining(rank, size) for rank in range(size - 1, 0, -1)]) if ring]
    rings.sort(key=lambda ring: ring.rank)
    with ThreadPoolExecutor(size) as pool:
        joined = list(pool.map(lambda ring: ring.gather([np.array([ring.rank])])[0].tolist(), rings))
    assert joined == [list(range(size))] * size
    for ring in rings:
        ring.close()


@pytest.mark.parametrize("rank, size", [(1, 3), (2, 2)])
def test_a_worker_of_another_training_is_an_error_of_both(rank, size):
    messages = meet(2, [joining(rank, size)])
    assert messages[0] == messages[1] and "\n" not in messages[0]
    assert f"worker {rank} of {size} has come to a training by 2 workers" in messages[0]


def test_a_worker_that_does_not_come_is_named(monkeypatch):
    monkeypatch.setattr(meeting, "PATIENCE", .3)
    message, = meet(4, [])
    assert "worker 1, 2, 3 has not come to 127.0.0.1:" in message and "docs/operations.md" in message


def test_no_worker_at_the_address(monkeypatch):
    monkeypatch.setattr(meeting, "PATIENCE", .3)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with pytest.raises(UserError, match="no worker takes a connection at 127.0.0.1:.*RECSYS_WORKERS_AT"):
            meeting.join(free.getsockname(), 1, 2)
