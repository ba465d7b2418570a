"""`./run serve`: starts a model server on this machine that serves folders of SavedModel versions."""
import logging
import signal
import sys
import threading

from runtime import cli, memory
from serving.server import access_log, flags


def main(argv=None):
    args = flags.parse_args(argv)
    settings = flags.settings(args)
    models, content = flags.models(args)
    if args.log_requests:
        access_log.access.setLevel(logging.INFO)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    memory.stay_small()
    from serving.server.model_server import ModelServer

    server = ModelServer(settings, models)
    try:
        if args.model_config_file and args.model_config_file_poll_wait_seconds:
            server.follow(args.model_config_file, args.model_config_file_poll_wait_seconds, content)
        if server.rest_url and models:
            cli.log.info("Next: `curl %s/v1/models/%s` shows the state of the model; `./run shop --server %s` opens "
                         "the shop; Ctrl-C stops the server", server.rest_url, models[0].name, server.rest_url)
        threading.Event().wait()
    finally:
        server.stop()


if __name__ == "__main__":
    cli.run(main, timestamps=True)
