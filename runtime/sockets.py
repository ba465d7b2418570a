"""Listening sockets, for whoever serves, or holds a port for somebody who will."""
import socket


def addresses(host, port):
    """What a host and port stand for, as `socket.getaddrinfo` gives it: a name may have several addresses.

    Raises:
      OSError: the host is none of this machine's, or unknown. UnicodeError: it is no name.
      OverflowError: the port is not 0 to 65535.
    """
    if not 0 <= port < 2 ** 16:  # getaddrinfo would take the rest of a division
        raise OverflowError(f"a port is 0 to {2 ** 16 - 1}")
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)


def listen(address):
    """A socket that listens at one of `addresses`; a port 0 is any free one. Raises OSError where it is taken."""
    family, kind, protocol, _, place = address
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # mind no old connections
        listener.bind(place)
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener
