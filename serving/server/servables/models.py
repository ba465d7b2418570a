"""All served models by name, and the labels of their versions. Both may change while the server runs."""
import threading

from serving.server.servables.versions import ServedModel, unknown_servable, unknown_state
from serving.server.status import StatusError, invalid


class Models:
    """The models of one server. Safe to use from several threads.

    A model that a new configuration omits is unloaded but kept, so that its status can still be requested.
    """

    def __init__(self, settings, load):
        """`settings` is a `config.Settings`; `load(name, path, version)` returns a loaded version."""
        self._settings, self._load = settings, load
        self._reloading = threading.Lock()
        self._served, self._labels = {}, {}  # name -> ServedModel; (name, label) -> version

    def start(self, configs):
        """Starts watching the models' folders; returns once all versions present have been loaded or have failed.

        Raises:
          StatusError: a label names a version that is not loaded.
        """
        self._served = {config.name: self._make(config) for config in configs}
        for model in self._served.values():
            model.watch(self._settings.poll_seconds)
        for model in self._served.values():
            model.wait()
        self._labels = self._checked_labels(configs)

    def reload(self, configs):
        """Applies a new configuration. Requests to models that remain are not interrupted.

        Raises:
          StatusError: a label names a version that is not loaded (then nothing is changed), or a new model did not
            become available.
        """
        with self._reloading:
            self._labels = self._checked_labels(configs)
            kept = {config.name: self._served.get(config.name) or self._make(config)
                    for config in configs}
            new = [kept[name] for name in kept if name not in self._served]
            for config in configs:
                kept[config.name].configure(config)
            for name in set(self._served) - set(kept):
                self._served[name].configure(None)
            self._served = dict(self._served, **kept)
            for model in self._served.values():
                model.refresh()
            for model in new:
                model.watch(self._settings.poll_seconds)
            failed = [model.name for model in new if not model.has()]
        if failed:
            raise StatusError("UNKNOWN", f"{len(failed)} model(s) did not become available: "
                                         f"{{{', '.join(map(self._failure, failed))}}}")

    def use(self, name, version=None):
        """Returns a context manager of the loaded version `version` of a model (None: the latest). Raises
        `StatusError`."""
        if not name:
            raise invalid("ModelSpec has no name specified.")
        if name not in self._served:
            raise unknown_servable(name, version)
        return self._served[name].use(version)

    def states(self, name, version=None):
        """Returns {version: `versions.VersionState`} of a model. Raises `StatusError`."""
        if name not in self._served:
            raise unknown_state(name, version)
        return self._served[name].states(version)

    def has(self, name):
        """Whether a version of a model is loaded."""
        return name in self._served and self._served[name].has()

    def labelled(self, name, label):
        """Returns the version of a model that has a label. Raises `StatusError`."""
        if (name, label) not in self._labels:
            raise invalid(f"Unrecognized servable version label: {label}")
        return self._labels[name, label]

    def version_of(self, spec):
        """Returns the version that a `ModelSpec` message names, by number or label; None for the latest."""
        choice = spec.WhichOneof("version_choice")
        if choice == "version_label":
            return self.labelled(spec.name, spec.version_label)
        return spec.version.value if choice else None

    def served_name(self, name):
        """Returns the name if such a model is served, else the empty string; see `metrics.Metrics.request`."""
        return name if name in self._served else ""

    def stop(self):
        """Unloads all versions."""
        for model in self._served.values():
            model.stop()

    def _make(self, config):
        return ServedModel(config, lambda path, version: self._load(config.name, path, version))

    def _checked_labels(self, configs):
        labels = {}
        for config in configs:
            model = self._served.get(config.name)
            for label, version in config.labels:
                early = self._settings.labels_before_versions and self._labels.get(
                    (config.name, label), version) == version
                if not early and not (model and model.has(version)):
                    raise StatusError(
                        "FAILED_PRECONDITION",
                        f"Request to assign label to version {version} of model {config.name}, "
                        "which is not currently available for inference")
                labels[config.name, label] = version
        return labels

    def _failure(self, name):
        """Describes why a model is not available, in TensorFlow Serving's words."""
        try:
            version, state = next(iter(self._served[name].states().items()))
        except StatusError:
            return f"{{name: {name}}}"
        because = f" due to error: {state.error}" if state.error else ""
        return f"{{name: {name} version: {version}{because}}}"
