"""Listening sockets: for servers, and to hold a port for a server that starts later."""
import errno
import socket


def addresses(host, port):
    """The addresses of a host and port, as `socket.getaddrinfo` returns them; a name may have several.

    Raises:
      OSError: the host is unknown. UnicodeError: the host is no valid name.
      OverflowError: the port is not within 0 to 65535.
    """
    if not 0 <= port < 2 ** 16:  # getaddrinfo would take the port modulo 65536
        raise OverflowError(f"a port is 0 to {2 ** 16 - 1}")
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)


def listen(address):
    """A socket that listens at an element of `addresses`; port 0 takes a free port. Raises OSError if it is taken."""
    family, kind, protocol, _, endpoint = address
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # old connections may linger
        listener.bind(endpoint)
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener


def refusal(error, host, port, flag):
    """The text of a `UserError` where `addresses` or `listen` raised `error`; `flag` is the one that chose the port."""
    reason = getattr(error, "strerror", None) or error
    number = getattr(error, "errno", None)
    if isinstance(error, (socket.gaierror, UnicodeError)) or number in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
        return f"cannot listen at the address {host}: {reason}; give --host an address of this machine"
    if number == errno.EACCES:
        return f"cannot listen at port {port} of {host}: {reason}; ports below 1024 are for root, give {flag} another"
    return f"cannot listen at port {port} of {host}: {reason}; stop the program that uses it, or give {flag} another"
