"""Which worker of a training this process is, by flags and environment, and how what ends it is reported.

A worker finds its number in the environment, where `launch.py`, the user or horovodrun has set it. Needs no TensorFlow.
"""
import contextlib
import importlib.util
import os
import socket
import sys
from typing import NamedTuple

from models.run_folder import layout, progress
from models.training.workers import meeting
from models.training.workers.ring import Lost
from runtime.cli import UserError
from runtime.files import reason, sha256_of
from runtime.sockets import addresses, listen

ENGINES = ("sockets", "horovod")
NUMBER, AT = "RECSYS_WORKER", "RECSYS_WORKERS_AT"  # environment: number from 0; HOST:PORT at which worker 0 listens
LISTENER = "RECSYS_WORKERS_LISTENER"  # set for worker 0 by `launch`: the number of its listening socket
WATCHED = "RECSYS_WORKERS_WATCHED"  # set by `launch`, which itself reports what ends the training
HOROVOD = "0.28.1"
INSTALL = "install it as docs/environments.md tells (requirements/horovod.txt), or leave out --engine"
LOST = 75  # exit code of a watched worker that cannot reach another one: not the cause of the failure
STOPPED = 143  # exit code of a watched worker that a signal has ended


class Seat(NamedTuple):
    """Which worker this process is."""
    rank: int
    size: int
    engine: str
    watched: bool  # by a process that reports failures


def seat(workers, engine):
    """Returns the Seat of this process by its environment; None for one process alone, or one that starts workers.

    Raises UserError where the environment contradicts the flags, or the engine is missing.
    """
    name = "HOROVOD_RANK" if engine == "horovod" else NUMBER
    if workers == 1 or name not in os.environ:
        return None
    require(engine)
    rank, size = os.environ[name], os.environ.get("HOROVOD_SIZE") if engine == "horovod" else str(workers)
    if size != str(workers) or rank not in map(str, range(workers)):
        raise UserError(f"{name}={rank}{f', HOROVOD_SIZE={size}' if engine == 'horovod' else ''}: --workers {workers} "
                        f"needs numbers 0 to {workers - 1}; correct the flag or the environment")
    return Seat(int(rank), workers, engine, WATCHED in os.environ)


def require(engine):
    """Raises UserError where an engine is not installed, or in another version."""
    if engine != "horovod":
        return
    if sys.version_info >= (3, 8):
        raise UserError(f"--engine horovod: Horovod {HOROVOD} is for the published leg alone, Python 3.7 with "
                        "TensorFlow 1.15; leave out --engine")
    spec = importlib.util.find_spec("horovod")
    if spec is None:
        raise UserError(f"--engine horovod: Horovod is not installed: {INSTALL}")
    with open(os.path.join(spec.submodule_search_locations[0], "__init__.py"), encoding="utf-8") as source:
        if f"'{HOROVOD}'" not in source.read():
            raise UserError(f"--engine horovod: another version of Horovod than {HOROVOD} is installed: {INSTALL}")
    if importlib.util.find_spec("cloudpickle") is None:
        raise UserError(f"--engine horovod: its package cloudpickle is not installed: {INSTALL}")


def is_installed(engine):
    """Whether an engine is installed here, in the right version."""
    try:
        require(engine)
    except UserError:
        return False
    return True


def join(taken, config_record, meta):
    """Returns the Team of a Seat, once all workers are there. Raises UserError, Lost.

    Args:
      config_record, meta: settings and data as JSON values, which must be the same for all workers.
    """
    from models.training.workers import engines, team

    if taken.engine == "horovod":
        engine = engines.HorovodEngine()
    else:
        engine = engines.RingEngine(_ring(taken))
    return team.Team(engine, sha256_of([config_record, meta]))


def _ring(taken):
    if LISTENER in os.environ:
        return meeting.lead(socket.socket(fileno=int(os.environ[LISTENER])), taken.size)
    host, _, port = os.environ.get(AT, "").rpartition(":")
    try:
        found = addresses(host, int(port)) if host else None
    except (OSError, ValueError, OverflowError) as error:
        raise UserError(f"{AT}={os.environ[AT]}: no address of a host ({reason(error)}); give HOST:PORT of worker 0") \
            from error
    if not found:
        raise UserError(f"{NUMBER} is set, and {AT} is not HOST:PORT; give every worker the address of worker 0")
    if taken.rank:
        return meeting.join(found[0][4][:2], taken.rank, taken.size)
    try:
        return meeting.lead(listen(found[0]), taken.size)
    except OSError as error:
        raise UserError(f"{AT}={os.environ[AT]}: worker 0 cannot listen there ({reason(error)}); give another port, "
                        "at an address of its own host") from error


@contextlib.contextmanager
def reporting(taken, folder):
    """Within this context of one worker, what ends the training is one line, or none where another process writes it.

    Args:
      taken: Seat, or None.
      folder: of the run.
    """
    try:
        yield
    except KeyboardInterrupt as stop:
        if taken and taken.watched:
            sys.exit(STOPPED)
        raise type(stop)(f"stopped; {how_to_go_on(folder)}") from None
    except Lost as lost:
        if taken.watched:
            sys.exit(LOST)
        raise UserError(f"{folder}: {lost}; {how_to_go_on(folder)}") from lost


def how_to_go_on(folder):
    """Returns, for messages, the last good checkpoint of a stopped run and the command that resumes it."""
    if not os.path.isfile(os.path.join(folder, layout.CONFIG)):
        return "no run was written"
    return f"{progress.last_good(folder)}; resume with {progress.resume_command(folder)}"
