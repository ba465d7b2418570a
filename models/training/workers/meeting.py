"""How the workers of a ring find each other: all connect to worker 0, which tells each one the address of the next.

Messages are lines of JSON. There is no encryption and no password: the network between the workers must be trusted.
"""
import json
import socket
import time

from models.training.workers.ring import Ring
from runtime.cli import UserError
from runtime.files import reason

PATIENCE = 600.  # seconds in which all workers have to come
ANSWER = 30.  # seconds in which a connected worker has to answer
LONGEST = 4096  # bytes of a message


def lead(listener, size):
    """Returns the Ring of worker 0, once all others have come to its listening socket; closes that.

    Raises UserError where one does not come, or belongs to a training of another number of workers.
    """
    deadline, waiting = time.monotonic() + PATIENCE, {}  # {rank: (connection, address of its listener)}
    while len(waiting) < size - 1:
        connection, message = _next(listener, deadline, sorted(set(range(1, size)) - set(waiting)))
        if message.get("size") != size or message.get("rank") not in set(range(1, size)) - set(waiting):
            problem = (f"worker {message.get('rank')} of {message.get('size')} has come to a training by {size} "
                       "workers, or has come twice; give every worker the same --workers and a number of its own")
            for other in [connection] + [other for other, _ in waiting.values()]:
                _write(other, {"problem": problem})
            raise UserError(problem)
        waiting[message["rank"]] = connection, [connection.getpeername()[0], message["port"]]
    for rank, (connection, _) in waiting.items():
        _write(connection, {"next": waiting[rank + 1][1] if rank + 1 < size else None})
    after = _connected(waiting[1][1], deadline)
    before, _ = _next(listener, deadline, [size - 1])
    for connection, _ in waiting.values():
        connection.close()
    listener.close()
    return Ring(0, size, before, after)


def join(address, rank, size):
    """Returns the Ring of another worker; `address` is the (host, port) at which worker 0 listens. Raises UserError."""
    deadline = time.monotonic() + PATIENCE
    first = _connected(address, deadline)
    family, host = first.family, first.getsockname()[0]
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.bind((host, 0))
        listener.listen(1)
        _write(first, {"rank": rank, "size": size, "port": listener.getsockname()[1]})
        first.settimeout(PATIENCE)
        answer = _read(first)
        if "next" not in answer:
            raise UserError(answer.get("problem", f"worker 0 at {_text(address)} has ended before all workers had "
                                       "come; see what it says, and start all again"))
        after = _connected(answer["next"] or address, deadline)
        if answer["next"] is None:
            _write(after, {"rank": rank, "port": 0})  # tells worker 0 that it is no stranger
        listener.settimeout(ANSWER)
        try:
            before, _ = listener.accept()
        except OSError as error:
            raise UserError(f"worker {rank - 1} does not connect ({reason(error)}); see that the workers reach each "
                            "other at every port") from error
    first.close()
    return Ring(rank, size, before, after)


def _next(listener, deadline, missing):
    """Returns the next connection to a listener that sends a message, and the message."""
    while True:
        listener.settimeout(max(.1, deadline - time.monotonic()))
        try:
            connection, _ = listener.accept()
        except OSError as error:
            raise UserError(f"worker {', '.join(map(str, missing))} has not come to {_text(listener.getsockname())} "
                            f"({reason(error)}); start it with the same flags, see docs/operations.md") from error
        connection.settimeout(ANSWER)
        message = _read(connection)
        if isinstance(message.get("rank"), int) and isinstance(message.get("port"), int):
            return connection, message
        connection.close()  # not of this project


def _connected(address, deadline):
    while True:
        try:
            return socket.create_connection(tuple(address), ANSWER)
        except OSError as error:
            if time.monotonic() > deadline or isinstance(error, socket.gaierror):
                raise UserError(f"no worker takes a connection at {_text(address)} ({reason(error)}); correct "
                                "RECSYS_WORKERS_AT, or start that worker") from error
            time.sleep(.2)


def _write(connection, message):
    connection.sendall(json.dumps(message).encode() + b"\n")


def _read(connection):
    """Returns the message that a connection sends, {} where it sends none."""
    line = b""
    try:
        while not line.endswith(b"\n") and len(line) < LONGEST:
            part = connection.recv(1)  # no byte of what follows the line
            if not part:
                return {}
            line += part
        message = json.loads(line.decode())
        return message if isinstance(message, dict) else {}
    except (OSError, ValueError):
        return {}


def _text(address):
    return f"{address[0]}:{address[1]}"
