"""Serves the shop: `./run shop --run RUN`, which is `python -m flask_app --run RUN`."""
import multiprocessing
import os
import signal
import sys

import waitress

from flask_app.application import SERVER_URL, create_app
from flask_app.storage import runs
from flask_app.web import connection_sharing as sharing
from runtime import cli, processes, sockets
from serving import signatures

MOST_PROCESSES = 64
THREADS = 4  # pages made at the same time by a process; more would only take turns


def parse_args(argv=None):
    parser = cli.Parser(prog="shop", description="Serve the shop of a trained run.")
    parser.add_argument("--run", help="a run's name or folder; without it, the latest run")
    parser.add_argument("--server", default=SERVER_URL, metavar="URL", help="the model server")
    parser.add_argument("--model_name", default=signatures.MODEL_NAME, help="at the model server")
    parser.add_argument("--host", default="127.0.0.1", help="where the shop listens")
    parser.add_argument("--port", type=int, default=5000, help="of the shop; 0 for any free one")
    parser.add_argument("--processes", type=int, default=1,
                        help="that make pages, each on a core of its own and with a rate limit of its own")
    parser.add_argument("--runs", default="runs", metavar="DIR", help="where the runs are")
    parser.add_argument("--data", metavar="DIR", help="where the data sets are, if the run's moved")
    parser.add_argument("--pictures", action="store_true",
                        help="show the items' own pictures, loaded from the hosts that have them")
    args = parser.parse_args(argv)
    if not 0 <= args.port < 2 ** 16:
        parser.error("argument --port: a port is 0 to 65535")
    if not 1 <= args.processes <= MOST_PROCESSES:
        parser.error(f"argument --processes: give 1 to {MOST_PROCESSES}")
    return args


def main(argv=None):
    args = parse_args(argv)
    run_dir = runs.find_run(args.run, args.runs)
    app = create_app(run_dir, args.server, data_dir=args.data, pictures=args.pictures,
                     model_name=args.model_name)
    listeners = listen(args.host, args.port)
    name = os.path.basename(os.path.abspath(run_dir))
    for host, port in (listener.getsockname()[:2] for listener in listeners):
        print(f"the shop of run {name}: http://{f'[{host}]' if ':' in host else host}:{port}/", flush=True)
    held = multiprocessing.RawArray("i", args.processes)
    for number in range(1, args.processes):
        serve_beside(app, listeners, held, number)
    serve(app, listeners, held, 0)


def listen(host, port):
    """Listening sockets, one for each address of the host. Raises UserError where one cannot be had."""
    listeners = []
    try:
        for address in sockets.addresses(host, port):
            listeners.append(sockets.listen(address))
        return listeners
    except (OSError, ValueError) as error:
        for listener in listeners:
            listener.close()
        raise cli.UserError(f"cannot listen at {host}:{port} ({error}); is another shop there? "
                            "name a free port with --port") from error


def serve(app, listeners, held, number):
    """Serves until Ctrl-C or SIGTERM; lets running requests end. `held`, `number`: as in `sharing`."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    channels = {}
    server = waitress.create_server(
        app, channels, sockets=listeners, threads=THREADS, ident=None, max_request_body_size=2 ** 16,
        max_request_header_size=2 ** 14, channel_timeout=30, connection_limit=200)
    shared = sharing.channel_class(channels, held, number)
    for listener in channels.values():  # one for each socket; and what wakes them, to which it means nothing
        listener.channel_class = shared
    server.run()


def serve_beside(app, listeners, held, number):
    """Starts a process that serves too, until this one ends, however it ends."""
    end_with_parent = processes.end_with_parent()

    def begin():
        end_with_parent()
        serve(app, listeners, held, number)

    try:
        multiprocessing.get_context("fork").Process(target=begin, daemon=True).start()
    except OSError as error:
        raise cli.UserError(f"--processes: no further process can be started ({error.strerror}); "
                            "give fewer") from error


if __name__ == "__main__":
    cli.run(main)
