"""The Unix socket of `--grpc_socket_path`. A socket there is replaced, by gRPC, as in `tensorflow_model_server`.

Where a process still listens at it, a line in the log says so: from then on clients reach the new server only.
"""
import os
import socket
import stat

from runtime.cli import UserError, log

LONGEST = 107  # bytes of the path of a Unix socket, unix(7)
FLAG = "--grpc_socket_path"


def check(path):
    """Raises UserError where a server cannot listen at `path` (absolute)."""
    if len(os.fsencode(path)) > LONGEST:
        raise UserError(f"{FLAG} {path}: a path of a socket has {LONGEST} bytes at most; give a shorter one")
    if not os.path.isdir(os.path.dirname(path)):
        raise UserError(f"{FLAG} {path}: the folder does not exist; make it, or give another path")
    if os.path.lexists(path) and not stat.S_ISSOCK(os.lstat(path).st_mode):
        raise UserError(f"{FLAG} {path}: exists and is not a socket; delete it, or give another path")


def warn_if_live(path):
    """Logs where a process listens at a path that is about to be replaced."""
    if os.path.lexists(path) and _is_live(path):
        log.warning("%s %s: another process listens there; from now on its clients reach this server", FLAG, path)


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
