"""The running model server: models, REST and gRPC together.

TensorFlow is imported when a server is created, not when this module is imported.
"""
import os
import threading
import time
import warnings

from runtime import sockets
from runtime.cli import UserError, log
from serving.server import config, unix_socket
from serving.server.metrics import LOADS, Metrics
from serving.server.servables.models import Models
from serving.server.servables.work import Work
from serving.server.status import StatusError
from serving.server.stopping import Stopping


class ModelServer:
    """A running server of models.

    Attributes:
      rest_url: "http://host:port", or None without REST.
      grpc_address: "host:port".
    """

    def __init__(self, settings, configs):
        """Loads all versions that are present, then listens; returns when both is done.

        Args:
          settings: a `config.Settings`.
          configs: the `config.Model`s to serve.

        Raises:
          UserError: a folder does not exist, a port cannot be opened, or a label names a version that is not loaded.
        """
        self._start = time.monotonic()
        for model in configs:
            if not os.path.isdir(model.base_path):
                raise UserError(f"{model.base_path}: no such folder; the base path of model {model.name} must "
                                "contain one sub-folder for each version (./run export writes them)")
        _check_addresses(settings)
        _import_quietly()
        self._settings, self._configs, self._metrics = settings, configs, Metrics()
        batches = settings.batching.num_batch_threads if settings.batching else 1
        self._slots = threading.BoundedSemaphore(batches)
        self._work = Work(settings.max_request_cost, min(settings.rest_api_num_threads, settings.grpc_max_threads))
        self._models = Models(settings, self._load)
        self._front_ends, self._stopping = [], Stopping()
        self.rest_url = None
        try:
            self._models.start(configs)
            self._listen()
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
        self._front_ends.append(GrpcServer(self._models, self._metrics, self._work, settings))
        self.grpc_address = _address(settings.host, self._front_ends[-1].port)
        if settings.rest_api_port is not None:
            application = RestApplication(self._models, self._metrics, self._work, settings)
            self._front_ends.append(HttpServer(
                application, settings.host, settings.rest_api_port, settings.rest_api_num_threads))
            self.rest_url = "http://" + _address(settings.host, self._front_ends[-1].port)
        for front_end in self._front_ends:
            front_end.start()

    def log_start(self):
        """Logs what is served and where; a warning names the models of which no version is loaded yet."""
        served = ", ".join(f"model {model.name} from {model.base_path}" for model in self._configs) or "no model"
        waiting = [model.name for model in self._configs if not self._models.has(model.name)]
        where = (f"REST {f'at {self.rest_url}' if self.rest_url else 'off'}, gRPC at {self.grpc_address}"
                 + (f" and at {self._settings.grpc_socket}" if self._settings.grpc_socket else ""))
        seconds = time.monotonic() - self._start
        if waiting:
            log.warning("model server listens after %.1f s, but no version of model %s is loaded: it waits for one "
                        "(./run export writes it) and serves %s; %s", seconds, ", ".join(waiting), served, where)
        else:
            log.info("model server ready in %.1f s: serves %s; %s", seconds, served, where)

    def _load(self, name, path, version):
        """Returns a loaded version whose warm-up requests have been run. Raises TensorFlow's errors."""
        from serving.server.servables import warmup
        from serving.server.servables.saved_model import SavedModel

        status = "fail"
        try:
            model = SavedModel(path, version, self._settings, self._slots)
            if self._settings.warmup:
                warmup.replay(model, path)
            model.work = self._work
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


def _check_addresses(settings):
    """Raises `UserError` where a server cannot listen later: loading the models may take long."""
    if settings.grpc_socket:
        unix_socket.check(settings.grpc_socket)
    for flag, port in (("--port", settings.port), ("--rest_api_port", settings.rest_api_port)):
        if port is not None:
            try:
                sockets.listen(sockets.addresses(settings.host, port)[0]).close()
            except (OSError, ValueError) as error:
                raise UserError(sockets.refusal(error, settings.host, port, flag))


def _import_quietly():
    """Imports gRPC and TensorFlow without their messages on stderr; this server reports errors itself."""
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import grpc  # noqa: F401

        from runtime import tf1  # noqa: F401


def _address(host, port):
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
