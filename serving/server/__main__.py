"""`./run serve`: a model server on this machine, from folders of SavedModel versions."""
import signal
import sys
import threading

from runtime import cli, memory
from serving.server import flags


def main(argv=None):
    args = flags.parse_args(argv)
    settings = flags.settings(args)
    models, content = flags.models(args)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    memory.stay_small()
    from serving.server.model_server import ModelServer

    server = ModelServer(settings, models)
    if args.model_config_file and args.model_config_file_poll_wait_seconds:
        server.follow(args.model_config_file, args.model_config_file_poll_wait_seconds, content)
    try:
        threading.Event().wait()
    finally:
        server.stop()


if __name__ == "__main__":
    cli.run(main)
