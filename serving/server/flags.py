"""The command line of `tensorflow_model_server` 1.15, and what each flag is here.

Besides its own there are `--host` and, as in later releases, `--grpc_max_threads`. A truth flag
may stand alone. A flag that is known there and has no effect here is accepted and told, once.
"""
import os

from runtime import cli
from runtime.cli import UserError, log
from serving.server import config
from serving.signatures import MODEL_NAME

NO_EFFECT = {  # flag: why
    "max_num_load_retries": "a version that fails is tried again whenever its files change",
    "load_retry_interval_micros": "a version that fails is tried again whenever its files change",
    "num_load_threads": "each model has a thread that loads",
    "num_unload_threads": "each model has a thread that loads",
    "flush_filesystem_caches": "the system's caches are left alone",
    "per_process_gpu_memory_fraction": "TensorFlow decides",
    "remove_unused_fields_from_bundle_metagraph": "nothing is kept that could be removed",
    "use_tflite_model": "TensorFlow Lite is not served",
    "tensorflow_session_parallelism": "give --tensorflow_intra_op_parallelism",
    "platform_config_file": "TensorFlow is the only platform",
    "ssl_config_file": "gRPC is not encrypted; put a proxy before it",
    "grpc_socket_path": "gRPC listens on --port alone",
}
REFUSED = {"ssl_config_file", "use_tflite_model", "grpc_socket_path"}  # to go on would mislead


def parse_args(argv=None):
    parser = _parser()
    args = parser.parse_args(argv)
    for name in ("port", "rest_api_port"):
        if not 0 <= getattr(args, name) < 2 ** 16:
            parser.error(f"argument --{name}: a port is 0 to 65535")
    if args.port == args.rest_api_port != 0:
        parser.error("argument --rest_api_port: cannot be the same as --port")
    for name in ("file_system_poll_wait_seconds", "model_config_file_poll_wait_seconds"):
        if not 0 <= getattr(args, name) < 1e6:
            parser.error(f"argument --{name}: 0 or more seconds")
    for name in ("rest_api_timeout_in_ms", "rest_api_num_threads", "grpc_max_threads"):
        if not 0 < getattr(args, name) < 1e9:
            parser.error(f"argument --{name}: 1 or more")
    if not args.model_base_path and not args.model_config_file:
        parser.error("the following arguments are required: --model_base_path, or "
                     "--model_config_file")
    if not args.model_name or set(args.model_name) & set("/:"):
        parser.error("argument --model_name: a name without / and :")
    for name in sorted(NO_EFFECT):
        if (getattr(args, name) or "false").lower() in ("false", "0"):
            continue
        if name in REFUSED:
            parser.error(f"argument --{name}: {NO_EFFECT[name]}")
        log.warning("--%s has no effect here: %s", name, NO_EFFECT[name])
    return args


def _parser():
    parser = cli.Parser(
        prog="./run serve", allow_abbrev=False,
        description="A model server on this machine, from folders of SavedModel versions; flags as "
                    "tensorflow_model_server's.")
    default = config.Settings()
    add = parser.add_argument
    add("--model_base_path", metavar="DIR", default="",
        help="folder with a sub-folder for each version, named by its number")
    add("--model_name", default=MODEL_NAME, help="the name that requests ask for")
    add("--model_config_file", metavar="FILE", default="",
        help="text protobuf of a ModelServerConfig, instead of the two above")
    add("--model_config_file_poll_wait_seconds", type=float, default=0, metavar="S",
        help="seconds between looks at that file; 0 looks once")
    add("--file_system_poll_wait_seconds", type=float, default=1, metavar="S",
        help="seconds between looks for new versions; 0 looks once")
    add("--allow_version_labels_for_unavailable_models", **_TRUTH,
        help="a new label may name a version that is not loaded")
    add("--host", default=default.host, help="address to listen on")
    add("--port", type=int, default=8500, help="gRPC port; 0 takes a free one")
    add("--grpc_max_threads", type=int, default=default.grpc_max_threads, help="that answer gRPC")
    add("--grpc_channel_arguments", type=_pairs, default=(), metavar="NAME=VALUE,...",
        help="options of the gRPC server")
    add("--rest_api_port", type=int, default=8501, help="REST port; 0 is no REST")
    add("--rest_api_num_threads", type=int, default=default.rest_api_num_threads,
        help="that answer REST")
    add("--rest_api_timeout_in_ms", type=int, default=30000, help="the longest a call may run")
    add("--enable_batching", **_TRUTH, help="run small requests together")
    add("--batching_parameters_file", metavar="FILE", default="",
        help="text protobuf of BatchingParameters")
    add("--monitoring_config_file", metavar="FILE", default="",
        help="text protobuf of a MonitoringConfig; turns metrics on")
    add("--tensorflow_intra_op_parallelism", type=int, default=0, help="threads; 0: as cores")
    add("--tensorflow_inter_op_parallelism", type=int, default=0, help="threads; 0: as cores")
    add("--saved_model_tags", default="serve", help="of the graph to load, with commas")
    add("--enable_model_warmup", **dict(_TRUTH, default=True),
        help="replay the warm-up requests that a version brings along")
    add("--version", action="version", help="show it and end",
        version="the contract of TensorFlow ModelServer 1.15.0, embedded")
    for name, why in NO_EFFECT.items():
        add(f"--{name}", nargs="?", const="true", help=f"no effect here: {why}")
    return parser


def _truth(text):
    if text.lower() not in ("true", "1", "false", "0"):
        raise ValueError
    return text.lower() in ("true", "1")


def _pairs(text):
    pairs = [part.split("=", 1) for part in text.split(",") if part]
    return tuple((name, int(value) if value.lstrip("-").isdigit() else value)
                 for name, value in pairs)


_truth.__name__, _pairs.__name__ = "truth", "NAME=VALUE list"
_TRUTH = {"type": _truth, "nargs": "?", "const": True, "default": False, "metavar": "true|false"}


def settings(args):
    """The `config.Settings` of parsed flags. Raises `UserError` where a file is wrong."""
    batching = None
    if args.enable_batching:
        batching = config.read_batching(args.batching_parameters_file) \
            if args.batching_parameters_file else config.Batching()
    elif args.batching_parameters_file:
        raise UserError("--batching_parameters_file: goes with --enable_batching; add it")
    return config.Settings(
        host=args.host, port=args.port, rest_api_port=args.rest_api_port or None,
        poll_seconds=args.file_system_poll_wait_seconds, grpc_max_threads=args.grpc_max_threads,
        rest_api_num_threads=args.rest_api_num_threads,
        rest_api_timeout=args.rest_api_timeout_in_ms / 1000, batching=batching,
        metrics_path=args.monitoring_config_file and config.read_metrics_path(
            args.monitoring_config_file) or None,
        labels_before_versions=args.allow_version_labels_for_unavailable_models,
        intra_op_threads=args.tensorflow_intra_op_parallelism,
        inter_op_threads=args.tensorflow_inter_op_parallelism,
        tags=tuple(args.saved_model_tags.split(",")), warmup=args.enable_model_warmup,
        grpc_arguments=args.grpc_channel_arguments)


def models(args):
    """The `config.Model`s of parsed flags, and the content of their file (None without one)."""
    if args.model_config_file:
        return config.read_models(args.model_config_file)
    return [config.Model(args.model_name, os.path.abspath(args.model_base_path))], None
