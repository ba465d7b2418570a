"""Starts all workers of a training on this machine, and reports in one line what ends them.

Each is a process of the same command, which finds its number in the environment. Needs no TensorFlow.
"""
import contextlib
import os
import signal
import sys
import tempfile
import threading
import time

from models.training.workers.seats import AT, LISTENER, LOST, NUMBER, STOPPED, WATCHED, how_to_go_on, require
from runtime import cli, project
from runtime.cli import UserError
from runtime.processes import GRACE, Children
from runtime.sockets import addresses, listen


def start(arguments, workers, engine, folder, batch_size):
    """Trains by several workers on this machine, all with these arguments of `train.py`.

    Raises UserError, with the cause and how to go on, where a worker fails without a line of its own; SystemExit where
    worker 0 has written one.
    """
    require(engine)
    if workers > batch_size:
        raise UserError(f"--workers {workers}: more than the {batch_size} pairs of a batch; give fewer workers, or a "
                        "larger --set batch_size")
    cli.log.info("Starting %d workers on this machine (engine %s).", workers, engine)
    with tempfile.TemporaryDirectory(prefix="workers-") as logs:
        try:
            with Children() as children, places(engine, workers) as found, contextlib.ExitStack() as opened:
                processes = []
                for rank, (environ, streams) in enumerate(found):
                    if rank:
                        streams["stderr"] = opened.enter_context(open(_log(logs, rank), "wb"))
                    processes.append(children.start(f"worker {rank}", project.module("train") + arguments, dict(
                        environ, **{WATCHED: "1"}, **threads(workers)), **streams))
                first = _first_failure(processes)
        except KeyboardInterrupt as stop:
            raise type(stop)(f"stopped; {how_to_go_on(folder)}") from None
        except SystemExit as stop:  # Children turn SIGTERM and SIGHUP into it
            raise cli.Terminated(f"stopped; {how_to_go_on(folder)}") from stop
        if first is None:
            return
        if processes[0].returncode > 0 and processes[0].returncode not in (LOST, STOPPED):
            sys.exit(processes[0].returncode)  # it has written why
        raise UserError(f"{_cause(first, processes[first].returncode, _log(logs, first))}; {how_to_go_on(folder)}")


def threads(workers):
    """Returns the environment that gives each worker of this machine its share of the cores."""
    share = str(max(1, (os.cpu_count() or 1) // workers))
    names = "NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS"
    return {name: os.environ.get(name, share) for name in names}


def _log(folder, rank):
    return os.path.join(folder, f"worker-{rank}")


def _first_failure(processes):
    """Waits until all workers have ended, or one has failed and worker 0 has had time to say so.

    Returns the number of the worker that failed first; None: all are done.
    """
    first = deadline = None
    while True:
        codes = [process.poll() for process in processes]
        failed = [rank for rank, code in enumerate(codes) if code not in (None, 0, LOST)]
        if first is None and failed:
            first = failed[0]
        if deadline is None and any(codes):
            deadline = time.monotonic() + GRACE
        late = deadline is not None and time.monotonic() > deadline
        if None not in codes or late or (first is not None and codes[0] is not None):
            if first is None and LOST in codes:
                return codes.index(LOST)
            return first
        time.sleep(.05)


def _cause(rank, code, log):
    """Returns what ended a worker, of its exit code and of the last line that it wrote."""
    if code < 0 or code == STOPPED:
        return f"worker {rank} was ended by {signal.Signals(-code if code < 0 else signal.SIGTERM).name}"
    if code == LOST or not os.path.exists(log):
        return "the workers have lost their connection"
    with open(log, encoding="utf-8", errors="replace") as text:
        lines = text.read().strip().splitlines() or [f"exit code {code}"]
    return f"worker {rank} has failed ({lines[-1]})"


@contextlib.contextmanager
def places(engine, workers):
    """Yields [(environment, arguments of Popen)] by which the workers of this machine find each other."""
    with _horovod(workers) if engine == "horovod" else _sockets(workers) as places:
        yield places


@contextlib.contextmanager
def _sockets(workers):
    with listen(addresses("127.0.0.1", 0)[0]) as listener:
        host, port = listener.getsockname()[:2]
        places = [({NUMBER: str(rank), AT: f"{host}:{port}"}, {}) for rank in range(workers)]
        places[0] = (dict(places[0][0], **{LISTENER: str(listener.fileno())}), {"pass_fds": [listener.fileno()]})
        yield places


@contextlib.contextmanager
def _horovod(workers):
    """Holds the server on which Horovod's workers find each other."""
    from horovod.runner.common.util.hosts import get_host_assignments, parse_hosts
    from horovod.runner.gloo_run import create_slot_env_vars
    from horovod.runner.http.http_server import RendezvousHandler, RendezvousHTTPServer

    server = RendezvousHTTPServer(("127.0.0.1", 0), RendezvousHandler, False)
    slots = get_host_assignments(parse_hosts(f"127.0.0.1:{workers}"), workers)
    server.init(slots)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    common = {"HOROVOD_GLOO_RENDEZVOUS_ADDR": "127.0.0.1",
              "HOROVOD_GLOO_RENDEZVOUS_PORT": str(server.server_address[1]), "HOROVOD_CONTROLLER": "gloo",
              "HOROVOD_CPU_OPERATIONS": "gloo", "HOROVOD_GLOO_IFACE": "lo"}
    try:
        yield [(dict(create_slot_env_vars(slot), **common), {}) for slot in slots]
    finally:
        server.shutdown()
        server.server_close()
