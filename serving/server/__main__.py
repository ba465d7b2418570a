"""`./run serve`: a model server on this machine, from a folder of SavedModel versions."""
import signal
import sys
import threading

import command
from serving.server import DEFAULT_HOST
from serving.signatures import MODEL_NAME


def parse_args(argv=None):
    parser = command.Parser(prog="./run serve", description=__doc__)
    parser.add_argument("--model_base_path", required=True, metavar="DIR",
                        help="folder with a sub-folder for each version, named by its number")
    parser.add_argument("--model_name", default=MODEL_NAME, help="the name that requests ask for")
    parser.add_argument("--host", default=DEFAULT_HOST, help="address to listen on")
    parser.add_argument("--port", type=int, default=8500, help="gRPC port; 0 takes a free one")
    parser.add_argument("--rest_api_port", type=int, default=8501, help="REST port; 0 is no REST")
    parser.add_argument("--file_system_poll_wait_seconds", type=float, default=1, metavar="S",
                        help="seconds between looks for new versions; 0 looks once")
    args = parser.parse_args(argv)
    for name in ("port", "rest_api_port"):
        if not 0 <= getattr(args, name) < 2 ** 16:
            parser.error(f"argument --{name}: a port is 0 to 65535")
    if args.port == args.rest_api_port != 0:
        parser.error("argument --rest_api_port: cannot be the same as --port")
    if not 0 <= args.file_system_poll_wait_seconds < 1e6:
        parser.error("argument --file_system_poll_wait_seconds: 0 or more seconds")
    if not args.model_name or set(args.model_name) & set("/:"):
        parser.error("argument --model_name: a name without / and :")
    return args


def main(argv=None):
    args = parse_args(argv)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    from serving.server.model_server import ModelServer

    server = ModelServer(args.model_name, args.model_base_path, args.host, args.port,
                         args.rest_api_port or None, args.file_system_poll_wait_seconds)
    try:
        threading.Event().wait()
    finally:
        server.stop()


if __name__ == "__main__":
    command.run(main)
