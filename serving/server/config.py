"""Settings of the model server, and reading of TensorFlow Serving's configuration files.

The files are text protobuf. tensorflow-serving-api lacks the messages of batching and monitoring, so their fields are
declared here, with the names and numbers of session_bundle_config.proto and monitoring_config.proto. TensorFlow's
messages are imported only when a file is read.
"""
import os
from typing import NamedTuple

from runtime.cli import UserError
from serving.server.status import StatusError, invalid

METRICS_PATH = "/monitoring/prometheus/metrics"
_CORES = os.cpu_count() or 1
_WRAPPED = {"max_batch_size", "batch_timeout_micros", "max_enqueued_batches", "num_batch_threads"}


class Model(NamedTuple):
    """A model to serve: its name, the folder of its versions, the policy that selects versions, and version labels."""
    name: str
    base_path: str
    policy: tuple = ("latest", 1)  # or ("all",), or ("specific", (version, ...))
    labels: tuple = ()  # of (label, version)


class Batching(NamedTuple):
    """Parameters of dynamic batching, with TensorFlow Serving's names and defaults."""
    max_batch_size: int = 1000  # rows
    batch_timeout_micros: int = 0  # how long the first request of a batch waits for others
    max_enqueued_batches: int = 10  # waiting batches of one signature
    num_batch_threads: int = _CORES  # batches that run at the same time
    allowed_batch_sizes: tuple = ()
    pad_variable_length_inputs: bool = False


class Settings(NamedTuple):
    """The settings of a server, without its models."""
    host: str = "127.0.0.1"
    port: int = 0  # of gRPC; 0: a free one
    rest_api_port: int = 0  # 0: a free one; None: no REST
    poll_seconds: float = 1  # time between two scans of the version folders; 0: one scan at the start
    grpc_max_threads: int = 4 * _CORES
    rest_api_num_threads: int = 4 * _CORES
    rest_api_timeout: float = 30  # time limit of a call in seconds
    max_request_cost: int = 10 ** 6  # see servables/work.py
    batching: Batching = None  # None: off
    metrics_path: str = None  # None: no metrics
    labels_before_versions: bool = False  # whether a label may name a version that is not loaded
    intra_op_threads: int = 0  # 0: as many as cores
    inter_op_threads: int = 0  # 0: as many as cores
    tags: tuple = ("serve",)
    warmup: bool = True
    grpc_arguments: tuple = ()  # of (name, value)
    grpc_socket: str = None  # path of a Unix socket for gRPC, besides the port


def models_of(message):
    """Returns the list of `Model`s of a `ModelServerConfig` message.

    Raises:
      StatusError: the message is invalid, with TensorFlow Serving's error text.
    """
    models = {}
    for config in message.model_config_list.config:
        if config.name in models:
            raise invalid(f"Illegal to list model {config.name} multiple times in config list")
        _check(config)
        message_policy = config.model_version_policy
        kind = message_policy.WhichOneof("policy_choice") or "latest"
        policy = {"latest": ("latest", max(1, message_policy.latest.num_versions)), "all": ("all",),
                  "specific": ("specific", tuple(message_policy.specific.versions))}[kind]
        models[config.name] = Model(config.name, config.base_path, policy,
                                    tuple(sorted(config.version_labels.items())))
    return list(models.values())


def _check(config):
    if not config.name:
        raise invalid("ModelConfig has no name")
    if config.model_type == 1 and config.model_platform:
        raise invalid("Illegal setting both ModelServerConfig::model_type (deprecated) and "
                      "ModelServerConfig::model_platform.")
    if config.model_type > 1:
        raise invalid(f"ModelServerConfig::model_type choice {config.model_type} not supported.")
    platform = "tensorflow" if config.model_type else config.model_platform
    if not platform:
        raise invalid("Illegal setting neither ModelServerConfig::model_type (deprecated) nor "
                      "ModelServerConfig::model_platform.")
    if platform != "tensorflow":
        raise invalid(f"Model {config.name} requests unsupported platform {platform}")
    if not os.path.isabs(config.base_path):
        raise invalid(f"Expected model {config.name} to have an absolute path or URI; got "
                      f"base_path()={config.base_path}")


def read_models(path):
    """Returns the `Model`s of a `--model_config_file`, and the content of the file (bytes). Raises `UserError`."""
    from tensorflow_serving.config import model_server_config_pb2

    message, text = _parse(path, model_server_config_pb2.ModelServerConfig())
    try:
        return models_of(message), text
    except StatusError as error:
        raise UserError(f"{path}: {error.message}")


def read_batching(path):
    """Returns the `Batching` of a `--batching_parameters_file`. Raises `UserError`."""
    message, _ = _parse(path, _messages()["BatchingParameters"]())
    fields = {}
    for field, value in message.ListFields():
        if field.name in _WRAPPED:
            fields[field.name] = value.value
        elif field.name in Batching._fields:
            fields[field.name] = tuple(value) if field.name == "allowed_batch_sizes" else value
    batching = Batching(**fields)
    for name in _WRAPPED:
        least = 0 if name == "batch_timeout_micros" else 1
        if getattr(batching, name) < least:
            raise UserError(f"{path}: {name} is {getattr(batching, name)}; give {least} or more")
    sizes = batching.allowed_batch_sizes
    if any(a >= b for a, b in zip((0,) + sizes, sizes)):
        raise UserError(f"{path}: allowed_batch_sizes entries must be monotonically increasing")
    if sizes and sizes[-1] != batching.max_batch_size:
        raise UserError(f"{path}: final entry in allowed_batch_sizes must equal max_batch_size")
    return batching


def read_metrics_path(path):
    """Returns the metrics path of a `--monitoring_config_file`, None if metrics are off. Raises `UserError`."""
    message, _ = _parse(path, _messages()["MonitoringConfig"]())
    prometheus = message.prometheus_config
    return (prometheus.path or METRICS_PATH) if prometheus.enable else None


def _parse(path, message):
    """Fills `message` from a text protobuf file. Returns it and the content of the file (bytes)."""
    from google.protobuf import text_format

    try:
        with open(path, "rb") as file:
            content = file.read()
        text_format.Parse(content.decode(), message)
        return message, content
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror})")
    except (text_format.ParseError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: Error parsing text-format tensorflow.serving.{message.DESCRIPTOR.name}: "
                        f"{' '.join(str(error).split())}; correct the file. Invalid protobuf file: '{path}'")


def _messages():
    """Returns the message classes that tensorflow-serving-api lacks, by name."""
    from google.protobuf import descriptor_pb2, message_factory, wrappers_pb2

    wrappers = descriptor_pb2.FileDescriptorProto()
    wrappers_pb2.DESCRIPTOR.CopyToProto(wrappers)
    file = descriptor_pb2.FileDescriptorProto(
        name="served_settings.proto", package="served_settings", syntax="proto3", dependency=[wrappers.name])
    field, number = descriptor_pb2.FieldDescriptorProto, ".google.protobuf.Int64Value"
    described = {
        "BatchingParameters": [
            ("max_batch_size", 1, number), ("batch_timeout_micros", 2, number),
            ("max_enqueued_batches", 3, number), ("num_batch_threads", 4, number),
            ("thread_pool_name", 5, ".google.protobuf.StringValue"),
            ("allowed_batch_sizes", 6, field.TYPE_INT64),
            ("pad_variable_length_inputs", 7, field.TYPE_BOOL)],
        "PrometheusConfig": [("enable", 1, field.TYPE_BOOL), ("path", 2, field.TYPE_STRING)],
        "MonitoringConfig": [("prometheus_config", 1, ".served_settings.PrometheusConfig")]}
    for name, fields in described.items():
        descriptor = file.message_type.add(name=name)
        for field_name, field_number, kind in fields:
            kinds = {"type": kind} if isinstance(kind, int) else {
                "type": field.TYPE_MESSAGE, "type_name": kind}
            label = field.LABEL_REPEATED if field_name == "allowed_batch_sizes" else field.LABEL_OPTIONAL
            descriptor.field.add(name=field_name, number=field_number, label=label, **kinds)
    classes = message_factory.GetMessages([wrappers, file])
    return {name: classes[f"served_settings.{name}"] for name in described}
