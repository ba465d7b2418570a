"""The versions of one model: watches its folder, loads what its policy wants, tells states.

A version is a sub-folder whose name is a number. A new one is loaded before an old one is let go;
one that cannot be loaded is reported and passed over, until its files change; one that is gone
from the folder is let go, and while none that is wanted loads, what is loaded stays.
"""
import threading
import time
from contextlib import contextmanager

from runtime.cli import log
from serving.server.servables import version_folders
from serving.server.status import from_exception, not_found

LAST_USE_SECONDS = 60  # to wait, at most, for the requests of a version that is let go


class VersionState:
    """What is known of a version: its `state`, and the `StatusError` it failed with, or None."""

    def __init__(self, state, error=None):
        self.state, self.error = state, error


class _Loaded:
    """A loaded version, the folder it came from, and how many requests use it now."""

    def __init__(self, model, path):
        self.model, self.path, self.users = model, path, 0


class ServedModel:
    """A model and what is loaded of it. Safe to use from several threads."""

    def __init__(self, config, load):
        """`config` is a `config.Model`; `load(path, version)` gives what has `close()`."""
        self.name, self._config, self._load = config.name, config, load
        self._changed = threading.Condition()  # guards the next two and the users
        self._loaded, self._states = {}, {}
        self._refreshing = threading.Lock()
        self._broken = {}  # version -> its files when it failed
        self._complaint = None
        self._tried, self._stopping = threading.Event(), threading.Event()
        self._watcher = None

    @contextmanager
    def use(self, version=None):
        """The latest loaded version, or the one asked for. It stays loaded inside the `with`."""
        with self._changed:
            chosen = max(self._loaded, default=None) if version is None else version
            if chosen not in self._loaded:
                raise unknown_servable(self.name, version)
            loaded = self._loaded[chosen]
            loaded.users += 1
        try:
            yield loaded.model
        finally:
            with self._changed:
                loaded.users -= 1
                self._changed.notify_all()

    def states(self, version=None):
        """Version -> `VersionState`, newest first; of one version if one is asked for."""
        with self._changed:
            chosen = [number for number in sorted(self._states, reverse=True)
                      if version in (None, number)]
            if not chosen:
                raise unknown_state(self.name, version)
            return {number: self._states[number] for number in chosen}

    def has(self, version=None):
        """Whether a version, or any, is loaded."""
        with self._changed:
            return bool(self._loaded) if version is None else version in self._loaded

    def configure(self, config):
        """Takes another folder or policy, for the next `refresh`; None lets every version go."""
        self._config = config

    def watch(self, seconds):
        """Starts the thread that looks at the folder, now and every so many seconds (0: once)."""
        def look():
            while True:
                try:
                    self.refresh()
                except Exception:  # a watcher that dies would leave an old model serving unnoticed
                    log.exception("%s: cannot look at its folder", self.name)
                self._tried.set()
                if not seconds or self._stopping.wait(seconds):
                    return

        self._watcher = threading.Thread(target=look, name=f"versions-{self.name}", daemon=True)
        self._watcher.start()

    def wait(self):
        """Waits until the folder was looked at for the first time, and what it held was tried."""
        self._tried.wait()

    def refresh(self):
        """Looks at the folder once: loads what is wanted and loads, then lets others go."""
        with self._refreshing:
            folders = self._folders()
            if folders is None:
                return  # what is loaded stays
            self._broken = {version: files for version, files in self._broken.items()
                            if version in folders}
            wanted, most = version_folders.wanted(self._config and self._config.policy, folders)
            chosen = []
            for version in wanted:
                if len(chosen) < most and self._ensure(version, folders[version]):
                    chosen.append(version)
            if chosen or not wanted:
                for version in sorted(set(self._loaded) - set(chosen)):
                    self._unload(version)

    def stop(self):
        """Stops watching, and lets every version go."""
        self._stopping.set()
        if self._watcher:
            self._watcher.join(timeout=5)
        for version in sorted(self._loaded):
            self._unload(version, wait=1)

    def _folders(self):
        """Version -> folder; None if the base path cannot be read (then what is loaded stays)."""
        if self._config is None:
            return {}
        base_path = self._config.base_path
        try:
            folders = version_folders.found(base_path)
        except OSError as error:
            self._complain(f"cannot read the base path: {error}")
            return None
        self._complain("" if folders else f"no versions found under {base_path}; waiting")
        return folders

    def _complain(self, text):
        """Logs what is wrong with the folder, once."""
        if text and text != self._complaint:
            log.warning("%s: %s", self.name, text)
        self._complaint = text

    def _ensure(self, version, path):
        """Loads a version if it is not, nor failed with the same files before. True if loaded."""
        before = self._loaded.get(version)  # if of another folder, it serves on until this one can
        if before and before.path == path:
            return True
        files = version_folders.files(path)
        if self._broken.get(version) == files:
            return bool(before)
        if not before:
            self._set_state(version, "LOADING")
        start = time.time()
        try:
            loaded = self._load(path, version)
        except Exception as error:  # a version can be broken in any way; others must serve on
            self._broken[version] = files
            failure = from_exception(error)
            if not before:
                self._set_state(version, "END", failure)
            log.warning("%s: version %d cannot be loaded, it is passed over: %s", self.name,
                        version, failure)
            return bool(before)
        self._broken.pop(version, None)
        with self._changed:
            self._loaded[version] = _Loaded(loaded, path)
            self._states[version] = VersionState("AVAILABLE")
        log.info("%s: version %d loaded in %.1f s", self.name, version, time.time() - start)
        if before:
            self._close(before, LAST_USE_SECONDS)
        return True

    def _unload(self, version, wait=LAST_USE_SECONDS):
        """Lets a version go: no new requests, then wait for those it has, then free it."""
        with self._changed:
            loaded = self._loaded.pop(version)
            self._states[version] = VersionState("UNLOADING")
        self._close(loaded, wait)
        self._set_state(version, "END")
        log.info("%s: version %d unloaded", self.name, version)

    def _close(self, loaded, wait):
        with self._changed:
            self._changed.wait_for(lambda: not loaded.users, timeout=wait)
        loaded.model.close()

    def _set_state(self, version, state, error=None):
        with self._changed:
            self._states[version] = VersionState(state, error)


def unknown_servable(name, version):
    """The error of a request to a version that is not loaded; None is the latest."""
    which = f"Latest({name})" if version is None else f"Specific({name}, {version})"
    return not_found(f"Servable not found for request: {which}")


def unknown_state(name, version):
    """The error of asking for the status of what was never there."""
    return not_found(f"Could not find any versions of model {name}" if version is None
                     else f"Could not find version {version} of model {name}")
