"""Starts a model server in threads of this process, for tests, figures and notebooks."""
import os

from serving.server import config


def start(model_name, base_path, **settings):
    """Starts a server of one model; returns once all versions present have been loaded or have failed.

    Args:
      model_name: the name of the model in requests.
      base_path: the folder of its version folders; the largest version that loads is served.
      settings: fields of `config.Settings`.

    Returns:
      A `model_server.ModelServer`, with `rest_url`, `grpc_address` and `stop()`.

    Raises:
      UserError: the folder does not exist, or a port cannot be opened.
    """
    return start_models([config.Model(model_name, os.path.abspath(base_path))], **settings)


def start_models(models, **settings):
    """`start` for several `config.Model`s."""
    from serving.server.model_server import ModelServer

    return ModelServer(config.Settings(**settings), models)
