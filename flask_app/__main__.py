"""Serves the shop: `./run shop --run RUN`, which is `python -m flask_app --run RUN`."""
import os
import signal
import sys

import waitress

import command
from flask_app import SERVER_URL, create_app, runs
from serving import signatures

THREADS = 4  # pages made at the same time; more would only take turns


def parse_args(argv=None):
    parser = command.Parser(prog="shop", description="Serve the shop of a trained run.")
    parser.add_argument("--run", help="a run's name or folder; without it, the latest run")
    parser.add_argument("--server", default=SERVER_URL, metavar="URL", help="the model server")
    parser.add_argument("--model_name", default=signatures.MODEL_NAME, help="at the model server")
    parser.add_argument("--host", default="127.0.0.1", help="where the shop listens")
    parser.add_argument("--port", type=int, default=5000, help="of the shop; 0 for any free one")
    parser.add_argument("--runs", default="runs", metavar="DIR", help="where the runs are")
    parser.add_argument("--data", metavar="DIR", help="where the data sets are, if the run's moved")
    parser.add_argument("--pictures", action="store_true",
                        help="show the items' own pictures, loaded from the hosts that have them")
    args = parser.parse_args(argv)
    if not 0 <= args.port < 2 ** 16:
        parser.error("argument --port: a port is 0 to 65535")
    return args


def main(argv=None):
    args = parse_args(argv)
    run_dir = runs.find_run(args.run, args.runs)
    app = create_app(run_dir, args.server, data_dir=args.data, pictures=args.pictures,
                     model_name=args.model_name)
    server = listen(app, args.host, args.port)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    name = os.path.basename(os.path.abspath(run_dir))
    for host, port in addresses(server):
        print(f"the shop of run {name}: http://{host}:{port}/", flush=True)
    server.run()  # until Ctrl-C or SIGTERM; lets running requests end


def listen(app, host, port):
    """A waitress server of `app` that listens. Raises UserError where it cannot."""
    try:
        return waitress.create_server(
            app, host=host, port=port, threads=THREADS, ident=None, max_request_body_size=2 ** 16,
            max_request_header_size=2 ** 14, channel_timeout=30, connection_limit=200)
    except (OSError, ValueError, OverflowError) as error:
        raise command.UserError(f"cannot listen at {host}:{port} ({error}); is another shop there? "
                                "name a free port with --port") from error


def addresses(server):
    """[(host, port)] where a waitress server listens: a name may have several addresses."""
    return (getattr(server, "effective_listen", None)
            or [(server.effective_host, server.effective_port)])


if __name__ == "__main__":
    command.run(main)
