"""The model server as a whole: the models, and the REST and gRPC halves over them.

TensorFlow is imported when a server is made, not when this module is.
"""
import os
import time
import warnings

from command import UserError, log
from serving.server.status import invalid
from serving.server.versions import ServedModel, unknown_servable, unknown_state


class ModelServer:
    """A running server of models.

    Attributes:
      rest_url: "http://host:port", or None without REST.
      grpc_address: "host:port".
    """

    def __init__(self, model_name, base_path, host, port, rest_api_port, poll_seconds):
        """As `serving.server.start`, but `rest_api_port` None means no REST."""
        start = time.time()
        if not os.path.isdir(base_path):
            raise UserError(f"{base_path}: no such folder; --model_base_path is the folder that "
                            "holds a sub-folder for each version")
        _import_quietly()
        from serving.server.rest import RestServer
        from serving.server.rpc import GrpcServer
        from serving.server.saved_model import SavedModel

        self._models = {model_name: ServedModel(model_name, os.path.abspath(base_path), SavedModel)}
        self._halves = []
        self.rest_url = None
        try:
            self._halves.append(GrpcServer(self, host, port))
            self.grpc_address = _address(host, self._halves[-1].port)
            if rest_api_port is not None:
                self._halves.append(RestServer(self, host, rest_api_port))
                self.rest_url = "http://" + _address(host, self._halves[-1].port)
            for half in self._halves:
                half.start()
            for model in self._models.values():
                model.watch(poll_seconds)
            for model in self._models.values():
                model.wait()
        except BaseException:
            self.stop()
            raise
        log.info("model server ready in %.1f s: model %s of %s; REST %s, gRPC %s",
                 time.time() - start, model_name, base_path, self.rest_url or "off",
                 self.grpc_address)

    def use(self, name, version=None):
        """A model, its latest loaded version or the one asked for, for a `with` statement."""
        if not name:
            raise invalid("ModelSpec has no name specified.")
        if name not in self._models:
            raise unknown_servable(name, version)
        return self._models[name].use(version)

    def states(self, name, version=None):
        """Version -> `versions.VersionState` of a model."""
        if name not in self._models:
            raise unknown_state(name, version)
        return self._models[name].states(version)

    def labelled(self, name, label):
        """The version of a model that has a label. None has."""
        raise invalid(f"Unrecognized servable version label: {label}")

    def stop(self):
        """Ends the server; requests under way may end first."""
        for half in self._halves:
            half.stop()
        for model in self._models.values():
            model.stop()


def _import_quietly():
    """Imports gRPC and TensorFlow without their notes on stderr; errors are told by us."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import grpc  # noqa: F401
        import tensorflow  # noqa: F401


def _address(host, port):
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
