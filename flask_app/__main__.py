"""Serves the shop: `./run shop --run RUN`, which is `python -m flask_app --run RUN`."""
import os

if __name__ == "__main__":
    # Before numpy is imported: its products are small here, and waiting threads of OpenBLAS would take the cores
    # from the model server.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import ipaddress  # noqa: E402
import multiprocessing  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402

import waitress  # noqa: E402

from flask_app.application import (PROBE_TIMEOUT, RANKINGS_A_MINUTE, SERVER_URL, create_app,  # noqa: E402
                                   model_client)
from flask_app.web import connections  # noqa: E402
from flask_app.web.model_version import ModelVersion  # noqa: E402
from flask_app.web.worker_processes import Workers  # noqa: E402
from models.run_folder import layout  # noqa: E402
from runtime import cli, sockets  # noqa: E402
from serving import signatures  # noqa: E402

MOST_PROCESSES = 64
MOST_BODY = 2 ** 21  # bytes; the application refuses much smaller ones, politely, but only after they have arrived
LONGEST_HEADERS = 2 ** 18  # bytes of address and headers: the pages read the first parts of a long address, and say so
REQUEST_SECONDS = 30  # for a request to arrive, for an answer to be read, and for a connection without either
THREADS = 4  # pages that one process makes at the same time; with more threads each page would only take longer


def parse_args(argv=None):
    parser = cli.Parser(prog="./run shop", description="Serve the shop of a trained run. The model server must serve "
                                                       "the model that was exported from the same run.")
    parser.add_argument("--run", help="name or folder of a run; default: the latest run")
    parser.add_argument("--server", default=SERVER_URL, metavar="URL", help="address of the model server")
    parser.add_argument("--model_name", default=signatures.MODEL_NAME, help="name of the model at the model server")
    parser.add_argument("--host", default="127.0.0.1", help="address that the shop listens at")
    parser.add_argument("--port", type=int, default=5000, help="port that the shop listens at; 0: any free port")
    parser.add_argument("--host_names", type=lambda text: [name for name in text.split(",") if name], default=[],
                        metavar="NAME,...", help="names by which browsers may address the shop; default: any")
    parser.add_argument("--processes", type=int, default=1,
                        help="number of processes that make pages; each uses one core and has its own rate limit")
    parser.add_argument("--rankings_a_minute", type=int, default=RANKINGS_A_MINUTE, metavar="N",
                        help="rankings for tastes and filters that one address may request from each process, a "
                        "quarter of them at once")
    parser.add_argument("--trusted_proxy", type=ip_address, metavar="ADDRESS",
                        help="IP address of a reverse proxy in front of the shop: the last address in the header "
                        "X-Forwarded-For of its requests is that of the visitor, to whom the limits apply; default: "
                        "no proxy, the header is ignored")
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
    if args.rankings_a_minute < 1:
        parser.error("argument --rankings_a_minute: give 1 or more")
    return args


def ip_address(text):
    """The IP address as the web server writes it. Raises ValueError."""
    return str(ipaddress.ip_address(text))


def main(argv=None):
    args = parse_args(argv)
    run_folder = layout.folder_of(args.run, args.runs)
    app = create_app(run_folder, args.server, data_folder=args.data, pictures=args.pictures,
                     model_name=args.model_name, host_names=args.host_names, processes=args.processes,
                     rankings_a_minute=args.rankings_a_minute)
    listeners = listen(args.host, args.port)
    name = os.path.basename(os.path.abspath(run_folder))
    log_model_server(args.server, args.model_name, name)
    for host, port in (listener.getsockname()[:2] for listener in listeners):
        print(f"Shop of run {name}: http://{f'[{host}]' if ':' in host else host}:{port}/", flush=True)
    counts = multiprocessing.RawArray("i", args.processes)  # connections that each process holds
    signals = []

    def terminate(number, frame):
        signals.append("SIGTERM")
        raise cli.Terminated

    signal.signal(signal.SIGTERM, terminate)
    try:
        if args.processes == 1:
            serve(app, listeners, counts, 0, args.trusted_proxy)
        else:
            Workers(lambda number: serve(app, listeners, counts, number, args.trusted_proxy), counts).run()
    except KeyboardInterrupt:
        pass
    print(f"stopped by {signals[0] if signals else 'Ctrl-C'}", file=sys.stderr)


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
        raise cli.UserError(sockets.refusal(error, host, port, "--port")) from error


def serve(app, listeners, counts, number, trusted_proxy=None):
    """Serves until Ctrl-C or SIGTERM, then lets running requests end.

    Args:
      app: the application.
      listeners: listening sockets.
      counts, number: see connections.
      trusted_proxy: IP address whose requests name the visitor's address in X-Forwarded-For; None: that of nobody.
    """
    app.extensions["metrics"].begin(number)
    channels = {}
    proxy = {"trusted_proxy": trusted_proxy, "trusted_proxy_headers": {"x-forwarded-for"}} if trusted_proxy else {}
    server = waitress.create_server(
        app, channels, sockets=listeners, threads=THREADS, ident=None, max_request_body_size=MOST_BODY,
        max_request_header_size=LONGEST_HEADERS, channel_timeout=REQUEST_SECONDS,
        connection_limit=2 * connections.MOST, asyncore_use_poll=True, clear_untrusted_proxy_headers=True, **proxy)
    channel_class = connections.channel_class(channels, counts, number, trusted_proxy)
    for listener in channels.values():  # those of the sockets; the one that wakes the server ignores the attribute
        listener.channel_class = channel_class
    server.run()


if __name__ == "__main__":
    cli.run(main, timestamps=True)
