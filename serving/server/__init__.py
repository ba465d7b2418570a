"""An embedded model server that keeps TensorFlow Serving's contract, REST and gRPC.

    flags.py, config.py   command line and configuration files
    rest.py, rpc.py       the two halves: addresses, methods, status codes
    http_server.py        carries REST
    json_request.py, json_tensor.py, json_response.py, json_examples.py, messages.py
                          what travels: JSON and protobuf <-> arrays
    models.py             which models there are, their labels
    versions.py, version_folders.py
                          the folder of a model: which versions are loaded, in what state
    saved_model.py        one loaded version; batching.py: requests run together; warmup.py
    examples.py           classify, regress and multi-inference
    metrics.py            what Prometheus reads
    model_server.py       all of it together
    status.py             codes and errors

Importing the package is cheap; TensorFlow is imported when a server starts.
"""
import os

from serving.server import config


def start(model_name, base_path, **settings):
    """Starts a server of one model in threads of this process; waits until a load was tried.

    Args:
      model_name: the name that requests ask for.
      base_path: the folder of its version folders; the largest number that loads is served.
      settings: fields of `config.Settings`.

    Returns:
      A `model_server.ModelServer`, with `rest_url`, `grpc_address` and `stop()`.

    Raises:
      command.UserError: no such folder, or a port that cannot be had.
    """
    return start_models([config.Model(model_name, os.path.abspath(base_path))], **settings)


def start_models(models, **settings):
    """`start` for several `config.Model`s."""
    from serving.server.model_server import ModelServer

    return ModelServer(config.Settings(**settings), models)
