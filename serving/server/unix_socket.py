"""The Unix socket of `--grpc_socket_path`: a path that a dead process left is freed, one that is in use is an error."""
import os
import socket
import stat

from runtime.cli import UserError

LONGEST = 107  # bytes of the path of a Unix socket, unix(7)
FLAG = "--grpc_socket_path"


def claim(path):
    """Makes sure that a server can listen at `path` (absolute): removes a socket at which no process listens.

    Raises:
      UserError: a process listens there, the path is something else than a socket, or it cannot be used.
    """
    if len(os.fsencode(path)) > LONGEST:
        raise UserError(f"{FLAG} {path}: a path of a socket has {LONGEST} bytes at most; give a shorter one")
    if not os.path.isdir(os.path.dirname(path)):
        raise UserError(f"{FLAG} {path}: the folder does not exist; make it, or give another path")
    try:
        kind = os.lstat(path).st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(kind):
        raise UserError(f"{FLAG} {path}: exists and is not a socket; delete it, or give another path")
    if _is_live(path):
        raise UserError(f"{FLAG} {path}: a process listens there; stop it, or give another path")
    try:
        os.unlink(path)
    except OSError as error:
        raise UserError(f"{FLAG} {path}: the socket of an ended process cannot be deleted ({error.strerror}); delete "
                        "it, or give another path")


def identity(path):
    """What tells the socket at a path from one that another process puts there later; None if there is none."""
    try:
        status = os.lstat(path)
    except OSError:
        return None
    return status.st_dev, status.st_ino


def release(path, own):
    """Removes the socket of a server that stops, if it is still the one with the identity `own`."""
    if own and identity(path) == own:
        try:
            os.unlink(path)
        except OSError:
            pass  # gone since


def _is_live(path):
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(5)
        try:
            probe.connect(path)
        except ConnectionRefusedError:
            return False
        except OSError:  # a full queue of connections, or no permission: somebody listens
            return os.path.exists(path)
        return True
