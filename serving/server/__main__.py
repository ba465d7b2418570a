"""`./run serve`: starts a model server on this machine that serves folders of SavedModel versions."""
import logging
import signal
import sys

from runtime import cli, memory
from serving.server import access_log, flags, open_files, stopping


def main(argv=None):
    args = flags.parse_args(argv)
    settings = flags.settings(args)
    models, content = flags.models(args)
    if args.log_requests:
        access_log.access.setLevel(logging.INFO)
    memory.stay_small()
    open_files.allow_most()  # for all connections that the front ends accept
    with stopping.Stop() as stop:
        try:
            serve(args, settings, models, content, stop)
        except cli.Terminated:
            stop.number = signal.SIGTERM
    if stop.number == signal.SIGINT:
        raise KeyboardInterrupt
    print("stopped by SIGTERM", file=sys.stderr)


def serve(args, settings, models, content, stop):
    """Serves until one of the signals of `stop`, a `stopping.Stop`."""
    from serving.server.model_server import ModelServer

    server = ModelServer(settings, models)
    try:
        if args.model_config_file and args.model_config_file_poll_wait_seconds:
            server.follow(args.model_config_file, args.model_config_file_poll_wait_seconds, content)
        stop.hold()  # before the line that says that the server is ready
        server.log_start()
        if server.rest_url and models:
            cli.log.info("Next: `curl %s/v1/models/%s` shows the state of the model; `./run shop --server %s` opens "
                         "the shop; Ctrl-C stops the server", server.rest_url, models[0].name, server.rest_url)
        stop.wait()
    finally:
        stop.hold()  # a second signal must not interrupt the end
        server.stop()


if __name__ == "__main__":
    try:
        cli.run(main, timestamps=True)
    except SystemExit as end:
        stopping.exit_now(end.code)
