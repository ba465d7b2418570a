"""Serves the shop: `./run shop --run RUN`, which is `python -m flask_app --run RUN`."""
import os

if __name__ == "__main__":
    # Before numpy is imported: its products are small here, and waiting threads of OpenBLAS would take the cores
    # from the model server.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import multiprocessing  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402

import waitress  # noqa: E402

from flask_app.application import PROBE_TIMEOUT, SERVER_URL, create_app, model_client  # noqa: E402
from flask_app.web import connection_sharing  # noqa: E402
from flask_app.web.model_version import ModelVersion  # noqa: E402
from models.run_folder import layout  # noqa: E402
from runtime import cli, processes, sockets  # noqa: E402
from serving import signatures  # noqa: E402

MOST_PROCESSES = 64
THREADS = 4  # pages that one process makes at the same time; with more threads each page would only take longer


def parse_args(argv=None):
    parser = cli.Parser(prog="./run shop", description="Serve the shop of a trained run. The model server must serve "
                                                       "the model that was exported from the same run.")
    parser.add_argument("--run", help="name or folder of a run; default: the latest run")
    parser.add_argument("--server", default=SERVER_URL, metavar="URL", help="address of the model server")
    parser.add_argument("--model_name", default=signatures.MODEL_NAME, help="name of the model at the model server")
    parser.add_argument("--host", default="127.0.0.1", help="address that the shop listens at")
    parser.add_argument("--port", type=int, default=5000, help="port that the shop listens at; 0: any free port")
    parser.add_argument("--processes", type=int, default=1,
                        help="number of processes that make pages; each uses one core and has its own rate limit")
    parser.add_argument("--runs", default=layout.RUNS, metavar="DIR", help="folder that holds the runs")
    parser.add_argument("--data", metavar="DIR",
                        help="folder that holds the data sets, if they were moved since the training")
    parser.add_argument("--pictures", action="store_true",
                        help="show the items' own pictures, which browsers load from other hosts")
    args = parser.parse_args(argv)
    if not 0 <= args.port < 2 ** 16:
        parser.error("argument --port: a port is 0 to 65535")
    if not 1 <= args.processes <= MOST_PROCESSES:
        parser.error(f"argument --processes: give 1 to {MOST_PROCESSES}")
    return args


def main(argv=None):
    args = parse_args(argv)
    run_folder = layout.folder_of(args.run, args.runs)
    app = create_app(run_folder, args.server, data_folder=args.data, pictures=args.pictures,
                     model_name=args.model_name)
    listeners = listen(args.host, args.port)
    name = os.path.basename(os.path.abspath(run_folder))
    log_model_server(args.server, args.model_name, name)
    for host, port in (listener.getsockname()[:2] for listener in listeners):
        print(f"Shop of run {name}: http://{f'[{host}]' if ':' in host else host}:{port}/", flush=True)
    counts = multiprocessing.RawArray("i", args.processes)  # connections that each process holds
    for number in range(1, args.processes):
        start_process(app, listeners, counts, number)
    serve(app, listeners, counts, 0)


def log_model_server(url, model_name, run):
    """Logs which model server the shop uses and, where it is not ready, what to do."""
    client = model_client(url, model_name, PROBE_TIMEOUT)  # its own: a failure must not delay the first page
    state, folder = ModelVersion(client, model_name)(), os.path.join(layout.MODELS, run)
    if client.ready():
        cli.log.info("Model server %s: %s", url, state)
    else:
        cli.log.warning("Model server %s: %s. Until it is ready, pages with ranked items or weighed reviews answer "
                        "with status 503. Start it with ./run serve --model_base_path %s (the folder that ./run export "
                        "--run %s --out %s writes), or give another address with --server.",
                        url, state, folder, run, folder)


def listen(host, port):
    """Listening sockets, one for each address of the host. Raises UserError where an address cannot be used."""
    listeners = []
    try:
        for address in sockets.addresses(host, port):
            listeners.append(sockets.listen(address))
        return listeners
    except (OSError, ValueError) as error:
        for listener in listeners:
            listener.close()
        raise cli.UserError(f"cannot listen at {host}:{port} ({error}); another shop may be running there, "
                            "choose a free port with --port") from error


def serve(app, listeners, counts, number):
    """Serves until Ctrl-C or SIGTERM, then lets running requests end. `counts`, `number`: see connection_sharing."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    channels = {}
    server = waitress.create_server(
        app, channels, sockets=listeners, threads=THREADS, ident=None, max_request_body_size=2 ** 16,
        max_request_header_size=2 ** 14, channel_timeout=30, connection_limit=200)
    channel_class = connection_sharing.channel_class(channels, counts, number)
    for listener in channels.values():  # those of the sockets; the one that wakes the server ignores the attribute
        listener.channel_class = channel_class
    server.run()


def start_process(app, listeners, counts, number):
    """Starts a further process that serves; it ends when this process ends, for whatever reason."""
    end_with_parent = processes.end_with_parent()

    def begin():
        end_with_parent()
        serve(app, listeners, counts, number)

    try:
        multiprocessing.get_context("fork").Process(target=begin, daemon=True).start()
    except OSError as error:
        raise cli.UserError(f"--processes: no further process can be started ({error.strerror}); "
                            "give fewer") from error


if __name__ == "__main__":
    cli.run(main, timestamps=True)
