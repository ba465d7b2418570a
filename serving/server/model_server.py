"""The running model server: models, REST and gRPC together.

TensorFlow is imported when a server is created, not when this module is imported.
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
        """Starts the server; returns once all versions present have been loaded or have failed.

        Args:
          settings: a `config.Settings`.
          configs: the `config.Model`s to serve.

        Raises:
          UserError: a folder does not exist, a port cannot be opened, or a label names a version that is not loaded.
        """
        start = time.time()
        for model in configs:
            if not os.path.isdir(model.base_path):
                raise UserError(f"{model.base_path}: no such folder; the base path of model {model.name} must "
                                "contain one sub-folder for each version (./run export writes them)")
        _import_quietly()
        self._settings, self._metrics = settings, Metrics()
        batches = settings.batching.num_batch_threads if settings.batching else 1
        self._slots = threading.BoundedSemaphore(batches)
        self._models = Models(settings, self._load)
        self._front_ends, self._stopping = [], threading.Event()
        self.rest_url = None
        try:
            self._listen()
            self._models.start(configs)
            served = ", ".join(f"model {model.name} from {model.base_path}" for model in configs) or "no model"
            log.info("model server ready in %.1f s: serves %s; REST %s, gRPC at %s", time.time() - start, served,
                     f"at {self.rest_url}" if self.rest_url else "off", self.grpc_address)
        except StatusError as error:
            self.stop()
            raise UserError(error.message)
        except BaseException:
            self.stop()
            raise

    def _listen(self):
        from serving.server.grpc_server import GrpcServer
        from serving.server.rest.application import RestApplication
        from serving.server.rest.http_server import HttpServer

        settings = self._settings
        self._front_ends.append(GrpcServer(self._models, self._metrics, self._models.reload, settings))
        self.grpc_address = _address(settings.host, self._front_ends[-1].port)
        if settings.rest_api_port is not None:
            application = RestApplication(self._models, self._metrics, settings.metrics_path)
            self._front_ends.append(HttpServer(
                application, settings.host, settings.rest_api_port, settings.rest_api_num_threads))
            self.rest_url = "http://" + _address(settings.host, self._front_ends[-1].port)
        for front_end in self._front_ends:
            front_end.start()

    def _load(self, name, path, version):
        """Returns a loaded version whose warm-up requests have been run. Raises TensorFlow's errors."""
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

    def follow(self, path, seconds, content):
        """Starts a thread that reads the model configuration file every `seconds` and applies its changes.

        `content` is the content of the file that is applied already. A file that cannot be applied is logged once and
        tried again.
        """
        def poll():
            applied, last_error = content, None
            while not self._stopping.wait(seconds):
                try:
                    configs, current = config.read_models(path)
                    if current != applied:
                        self._models.reload(configs)
                    applied, last_error = current, None
                except (UserError, StatusError) as error:
                    if str(error) != last_error:
                        log.error("%s: cannot be applied completely: %s", path, error)
                    last_error = str(error)

        threading.Thread(target=poll, name="models", daemon=True).start()

    def stop(self):
        """Stops the server, after the requests that are running (at most 2 s)."""
        self._stopping.set()
        for front_end in self._front_ends:
            front_end.stop()
        self._models.stop()


def _import_quietly():
    """Imports gRPC and TensorFlow without their messages on stderr; this server reports errors itself."""
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import grpc  # noqa: F401

        from runtime import tf1  # noqa: F401


def _address(host, port):
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
