"""The command line of the model server: the flags of `tensorflow_model_server` 1.15.

Further flags are `--host`, `--log_requests`, `--max_request_cost` and, as in later releases of TensorFlow Serving,
`--grpc_max_threads`. A boolean flag without a value is true. A flag of tensorflow_model_server that has no effect here
is accepted with a warning, or refused if the server would otherwise not do what is expected.
"""
import os

from runtime import cli
from runtime.cli import UserError, log
from serving.server import config
from serving.signatures import MODEL_NAME

NO_EFFECT = {  # flag: reason
    "max_num_load_retries": "a version that fails is tried again whenever its files change",
    "load_retry_interval_micros": "a version that fails is tried again whenever its files change",
    "num_load_threads": "each model has one thread that loads its versions",
    "num_unload_threads": "each model has one thread that unloads its versions",
    "flush_filesystem_caches": "the caches of the system are not flushed",
    "per_process_gpu_memory_fraction": "TensorFlow's default is used",
    "remove_unused_fields_from_bundle_metagraph": "unused fields are not kept in memory",
    "tensorflow_session_parallelism": "use --tensorflow_intra_op_parallelism",
    "platform_config_file": "TensorFlow is the only platform",
}
REFUSED = {  # flag: reason; a warning would not be enough
    "use_tflite_model": "TensorFlow Lite is not supported; export a SavedModel",
    "prefer_tflite_model": "TensorFlow Lite is not supported; export a SavedModel",
    "ssl_config_file": "gRPC is not encrypted; use a proxy for TLS",
}


def parse_args(argv=None):
    """Returns the parsed flags. Exits with code 2 and one line if they are wrong."""
    parser = _parser()
    args = parser.parse_args(argv)
    for name in ("port", "rest_api_port"):
        if not 0 <= getattr(args, name) < 2 ** 16:
            parser.error(f"argument --{name}: give a port between 0 and 65535")
    if args.port == args.rest_api_port != 0:
        parser.error("argument --rest_api_port: cannot be the same as --port")
    for name in ("file_system_poll_wait_seconds", "model_config_file_poll_wait_seconds"):
        if not 0 <= getattr(args, name) < 1e6:
            parser.error(f"argument --{name}: give 0 or more seconds")
    for name in ("rest_api_timeout_in_ms", "rest_api_num_threads", "grpc_max_threads", "max_request_cost"):
        if not 0 < getattr(args, name) < 1e9:
            parser.error(f"argument --{name}: give 1 or more")
    if not args.model_base_path and not args.model_config_file:
        parser.error("the following arguments are required: --model_base_path, or "
                     "--model_config_file")
    if not args.model_name or set(args.model_name) & set("/:"):
        parser.error("argument --model_name: give a name without / and :")
    for name in sorted(name for name in REFUSED if _is_set(getattr(args, name))):
        parser.error(f"argument --{name}: {REFUSED[name]}")
    for name in sorted(name for name in NO_EFFECT if _is_set(getattr(args, name))):
        log.warning("--%s has no effect here: %s", name, NO_EFFECT[name])
    return args


def _is_set(text):
    return (text or "false").lower() not in ("false", "0")


def _parser():
    parser = cli.Parser(
        prog="./run serve", allow_abbrev=False,
        description="Serves SavedModels over REST and gRPC with the interface of TensorFlow Serving 1.15. The flags "
                    "are those of tensorflow_model_server.")
    add = parser.add_argument
    _add_model_flags(add)
    _add_address_flags(add)
    _add_request_flags(add)
    _add_tensorflow_flags(add)
    add("--version", action="version", help="show the version of TensorFlow Serving's interface and exit",
        version="embedded model server with the interface of TensorFlow ModelServer 1.15.0")
    for name, why in NO_EFFECT.items():
        add(f"--{name}", nargs="?", const="true", help=f"no effect here: {why}")
    for name, why in REFUSED.items():
        add(f"--{name}", nargs="?", const="true", help=f"refused: {why}")
    return parser


def _add_model_flags(add):
    """Which models and versions are served; `add` is the `add_argument` of the parser, here and below."""
    add("--model_base_path", metavar="DIR", default="",
        help="folder with a sub-folder for each version, named by the number of the version")
    add("--model_name", default=MODEL_NAME, help="name of the model in requests")
    add("--model_config_file", metavar="FILE", default="",
        help="text protobuf of a ModelServerConfig with several models, instead of --model_base_path and --model_name")
    add("--model_config_file_poll_wait_seconds", type=float, default=0, metavar="S",
        help="seconds between two readings of --model_config_file; 0 reads it once")
    add("--file_system_poll_wait_seconds", type=float, default=1, metavar="S",
        help="seconds between two scans for new versions; 0 scans once")
    add("--allow_version_labels_for_unavailable_models", **_BOOLEAN,
        help="a new label may name a version that is not loaded")


def _add_address_flags(add):
    """Where gRPC and REST listen, and with how many threads."""
    default = config.Settings()
    add("--host", default=default.host, help="address to listen on")
    add("--port", type=int, default=8500, help="gRPC port; 0 chooses a free one")
    add("--grpc_socket_path", metavar="PATH", default="",
        help="path of a Unix socket at which gRPC listens too; a socket that an ended process left is replaced")
    add("--grpc_max_threads", type=int, default=default.grpc_max_threads, help="threads that handle gRPC requests")
    add("--grpc_channel_arguments", type=_pairs, default=(), metavar="NAME=VALUE,...",
        help="options of the gRPC server")
    add("--rest_api_port", type=int, default=8501, help="REST port; 0 switches REST off")
    add("--rest_api_num_threads", type=int, default=default.rest_api_num_threads,
        help="threads that handle REST requests")
    add("--rest_api_timeout_in_ms", type=int, default=30000, help="time limit of a call in milliseconds")


def _add_request_flags(add):
    """How requests are limited, run together, logged and counted."""
    add("--max_request_cost", type=int, default=config.Settings().max_request_cost,
        help="most work of one request: its values, and its rows times the items that it ranks, or ten times the "
             "reviews that it explains")
    add("--log_requests", **dict(_BOOLEAN, default=True),
        help="log one line for each request: method, model, version, signature, status, milliseconds")
    add("--enable_batching", **_BOOLEAN, help="run small requests of one signature together")
    add("--batching_parameters_file", metavar="FILE", default="",
        help="text protobuf of BatchingParameters")
    add("--monitoring_config_file", metavar="FILE", default="",
        help="text protobuf of a MonitoringConfig; it switches Prometheus metrics on")


def _add_tensorflow_flags(add):
    """How TensorFlow loads and runs a model."""
    add("--tensorflow_intra_op_parallelism", type=int, default=0,
        help="threads of one TensorFlow operation; 0: as many as cores")
    add("--tensorflow_inter_op_parallelism", type=int, default=0,
        help="TensorFlow operations that run at the same time; 0: as many as cores")
    add("--saved_model_tags", default="serve", help="tags of the graph to load, separated by commas")
    add("--enable_model_warmup", **dict(_BOOLEAN, default=True),
        help="replay the warm-up requests that a version contains")


def _boolean(text):
    if text.lower() not in ("true", "1", "false", "0"):
        raise ValueError
    return text.lower() in ("true", "1")


def _pairs(text):
    pairs = [part.split("=", 1) for part in text.split(",") if part]
    return tuple((name, int(value) if value.lstrip("-").isdigit() else value)
                 for name, value in pairs)


_boolean.__name__, _pairs.__name__ = "boolean", "NAME=VALUE list"  # argparse shows them in error messages
_BOOLEAN = {"type": _boolean, "nargs": "?", "const": True, "default": False, "metavar": "true|false"}


def settings(args):
    """Returns the `config.Settings` of parsed flags. Raises `UserError` if a configuration file is wrong."""
    batching = None
    if args.enable_batching:
        batching = config.read_batching(args.batching_parameters_file) \
            if args.batching_parameters_file else config.Batching()
    elif args.batching_parameters_file:
        raise UserError("--batching_parameters_file has no effect without --enable_batching; add that flag")
    return config.Settings(
        host=args.host, port=args.port, rest_api_port=args.rest_api_port or None,
        poll_seconds=args.file_system_poll_wait_seconds, grpc_max_threads=args.grpc_max_threads,
        rest_api_num_threads=args.rest_api_num_threads,
        rest_api_timeout=args.rest_api_timeout_in_ms / 1000, max_request_cost=args.max_request_cost, batching=batching,
        metrics_path=args.monitoring_config_file and config.read_metrics_path(
            args.monitoring_config_file) or None,
        labels_before_versions=args.allow_version_labels_for_unavailable_models,
        intra_op_threads=args.tensorflow_intra_op_parallelism,
        inter_op_threads=args.tensorflow_inter_op_parallelism,
        tags=tuple(args.saved_model_tags.split(",")), warmup=args.enable_model_warmup,
        grpc_arguments=args.grpc_channel_arguments,
        grpc_socket=args.grpc_socket_path and os.path.abspath(args.grpc_socket_path) or None)


def models(args):
    """Returns the `config.Model`s of parsed flags, and the content of --model_config_file (None without that flag)."""
    if args.model_config_file:
        return config.read_models(args.model_config_file)
    return [config.Model(args.model_name, os.path.abspath(args.model_base_path))], None
