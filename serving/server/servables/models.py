"""All models that are served, by name, and the labels of their versions. Both may change."""
import threading

from serving.server.servables.versions import ServedModel, unknown_servable, unknown_state
from serving.server.status import StatusError, invalid


class Models:
    """Safe to use from several threads.

    A model that a new configuration leaves out stays known, so that its status can be asked for.
    """

    def __init__(self, settings, load):
        """`settings` is a `config.Settings`; `load(name, path, version)` gives a loaded version."""
        self._settings, self._load = settings, load
        self._reloading = threading.Lock()
        self._served, self._labels = {}, {}  # name -> ServedModel; (name, label) -> version

    def start(self, configs):
        """Watches the models' folders, and waits until what they held was tried.

        Raises:
          StatusError: a label names a version that is not loaded.
        """
        self._served = {config.name: self._made(config) for config in configs}
        for model in self._served.values():
            model.watch(self._settings.poll_seconds)
        for model in self._served.values():
            model.wait()
        self._labels = self._checked_labels(configs)

    def reload(self, configs):
        """Serves other models, or the same otherwise. Requests to what stays do not notice.

        Raises:
          StatusError: a label names a version that is not loaded (nothing changes then), or a new
            model did not become available.
        """
        with self._reloading:
            self._labels = self._checked_labels(configs)
            kept = {config.name: self._served.get(config.name) or self._made(config)
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
        """A model, its latest loaded version or the one asked for, for a `with` statement."""
        if not name:
            raise invalid("ModelSpec has no name specified.")
        if name not in self._served:
            raise unknown_servable(name, version)
        return self._served[name].use(version)

    def states(self, name, version=None):
        """Version -> `versions.VersionState` of a model."""
        if name not in self._served:
            raise unknown_state(name, version)
        return self._served[name].states(version)

    def labelled(self, name, label):
        """The version of a model that has a label."""
        if (name, label) not in self._labels:
            raise invalid(f"Unrecognized servable version label: {label}")
        return self._labels[name, label]

    def version_of(self, spec):
        """The version that a `ModelSpec` message asks for, None for the latest."""
        choice = spec.WhichOneof("version_choice")
        if choice == "version_label":
            return self.labelled(spec.name, spec.version_label)
        return spec.version.value if choice else None

    def known(self, name):
        """The name if there is such a model, else the empty one: for what grows with the names."""
        return name if name in self._served else ""

    def stop(self):
        """Lets every version go."""
        for model in self._served.values():
            model.stop()

    def _made(self, config):
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
        """What is known of why a model is not available."""
        try:
            version, state = next(iter(self._served[name].states().items()))
        except StatusError:
            return f"{{name: {name}}}"
        because = f" due to error: {state.error}" if state.error else ""
        return f"{{name: {name} version: {version}{because}}}"
