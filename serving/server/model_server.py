"""The model server as a whole: the models, and the REST and gRPC halves over them.

TensorFlow is imported when a server is made, not when this module is.
"""
import os
import threading
import time
import warnings

from runtime.cli import UserError, log
from serving.server import config
from serving.server.metrics import LOADS, Metrics
from serving.server.servables.models import Models
from serving.server.status import StatusError


class ModelServer:
    """A running server of models.

    Attributes:
      rest_url: "http://host:port", or None without REST.
      grpc_address: "host:port".
    """

    def __init__(self, settings, configs):
        """Starts it, and waits until the models were tried.

        Args:
          settings: a `config.Settings`.
          configs: the `config.Model`s to serve.

        Raises:
          UserError: no such folder, a port that cannot be had, or a label of no version.
        """
        start = time.time()
        for model in configs:
            if not os.path.isdir(model.base_path):
                raise UserError(f"{model.base_path}: no such folder; the base path of model "
                                f"{model.name} is the folder that holds a sub-folder for each "
                                "version")
        _import_quietly()
        self._settings, self._metrics = settings, Metrics()
        batches = settings.batching.num_batch_threads if settings.batching else 1
        self._slots = threading.BoundedSemaphore(batches)
        self._models = Models(settings, self._load)
        self._halves, self._stopping = [], threading.Event()
        self.rest_url = None
        try:
            self._listen()
            self._models.start(configs)
        except StatusError as error:
            self.stop()
            raise UserError(error.message)
        except BaseException:
            self.stop()
            raise
        log.info("model server ready in %.1f s: %s; REST %s, gRPC %s", time.time() - start,
                 ", ".join(f"model {model.name} of {model.base_path}" for model in configs) or
                 "no model", self.rest_url or "off", self.grpc_address)

    def _listen(self):
        from serving.server.grpc_server import GrpcServer
        from serving.server.rest.application import RestApplication
        from serving.server.rest.http_server import HttpServer

        settings = self._settings
        self._halves.append(GrpcServer(self._models, self._metrics, self._models.reload, settings))
        self.grpc_address = _address(settings.host, self._halves[-1].port)
        if settings.rest_api_port is not None:
            application = RestApplication(self._models, self._metrics, settings.metrics_path)
            self._halves.append(HttpServer(application, settings.host, settings.rest_api_port,
                                           settings.rest_api_num_threads))
            self.rest_url = "http://" + _address(settings.host, self._halves[-1].port)
        for half in self._halves:
            half.start()

    def _load(self, name, path, version):
        """A loaded version, warm."""
        from serving.server.servables import warmup
        from serving.server.servables.saved_model import SavedModel

        status = "fail"
        try:
            model = SavedModel(path, version, self._settings, self._slots)
            if self._settings.warmup:
                warmup.replay(model, path)
            status = "success"
            return model
        finally:
            self._metrics.count(LOADS, model_path=path, status=status)

    def follow(self, path, seconds, seen):
        """Reads the file of the models every so many seconds; `seen` is what it held at the start.

        One that cannot be followed is logged, once, and tried again.
        """
        def look():
            served, complaint = seen, None
            while not self._stopping.wait(seconds):
                try:
                    configs, content = config.read_models(path)
                    if content != served:
                        self._models.reload(configs)
                    served, complaint = content, None
                except (UserError, StatusError) as error:
                    if str(error) != complaint:
                        log.warning("%s: not all of it is followed: %s", path, error)
                    complaint = str(error)

        threading.Thread(target=look, name="models", daemon=True).start()

    def stop(self):
        """Ends the server; requests under way may end first."""
        self._stopping.set()
        for half in self._halves:
            half.stop()
        self._models.stop()


def _import_quietly():
    """Imports gRPC and TensorFlow without their notes on stderr; errors are told by us."""
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import grpc  # noqa: F401

        from runtime import tf1  # noqa: F401


def _address(host, port):
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
