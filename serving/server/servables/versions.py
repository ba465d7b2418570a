"""The versions of one model: watches its folder, loads the versions that its policy selects, reports their states.

A version is a sub-folder whose name is a number. A new version is loaded before an old one is unloaded. A version that
cannot be loaded is reported and skipped until its files change; where the failure may pass, such as too little memory,
it is tried again after a while. A version whose folder is deleted is unloaded. While none of the selected versions
loads, the loaded ones stay.
"""
import math
import threading
import time
from contextlib import contextmanager

from runtime.cli import log
from serving.server.servables import version_folders
from serving.server.status import from_exception, not_found
from serving.server.stopping import Stopping

LAST_USE_SECONDS = 60  # longest wait for the running requests of a version that is being unloaded
PASSING = ("RESOURCE_EXHAUSTED", "UNAVAILABLE")  # codes of failures that are not a fault of the version's files
RETRY_SECONDS = 60  # after which a version that failed so is tried again


class VersionState:
    """The state of a version: `state` (a name of TensorFlow Serving), and the `StatusError` it failed with, or None."""

    def __init__(self, state, error=None):
        self.state, self.error = state, error


class _Loaded:
    """A loaded version, its folder, and the number of requests that use it now."""

    def __init__(self, model, path):
        self.model, self.path, self.users = model, path, 0


class ServedModel:
    """A model and its loaded versions. Safe to use from several threads."""

    def __init__(self, config, load):
        """`config` is a `config.Model`; `load(path, version)` returns an object with `close()`."""
        self.name, self._config, self._load = config.name, config, load
        self._changed = threading.Condition()  # guards `_loaded`, `_states` and the numbers of users
        self._loaded, self._states = {}, {}
        self._refreshing = threading.Lock()
        self._broken = {}  # version -> its file stamps when it failed, and the time from which it is tried again
        self._last_warning = None
        self._scanned, self._stopping = threading.Event(), Stopping()
        self._watcher = None

    @contextmanager
    def use(self, version=None):
        """Yields the loaded version `version` (None: the latest). It stays loaded inside the context.

        Raises:
          StatusError: it is not loaded.
        """
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
        """Returns {version: `VersionState`}, largest version first, or of one version. Raises `StatusError`."""
        with self._changed:
            chosen = [number for number in sorted(self._states, reverse=True)
                      if version in (None, number)]
            if not chosen:
                raise unknown_state(self.name, version)
            return {number: self._states[number] for number in chosen}

    def has(self, version=None):
        """Whether a version (None: any version) is loaded."""
        with self._changed:
            return bool(self._loaded) if version is None else version in self._loaded

    def configure(self, config):
        """Sets another `config.Model` for the next `refresh`; None unloads all versions."""
        self._config = config

    def watch(self, seconds):
        """Starts the thread that scans the folder, now and every `seconds` (0: once)."""
        def scan():
            while True:
                try:
                    self.refresh()
                except Exception:  # if this thread ended, new versions would be ignored without notice
                    log.exception("model %s: its folder cannot be scanned", self.name)
                self._scanned.set()
                if not seconds or self._stopping.wait(seconds):
                    return

        self._watcher = threading.Thread(target=scan, name=f"versions-{self.name}", daemon=True)
        self._watcher.start()

    def wait(self):
        """Waits until the first scan is over: all versions selected have been loaded or have failed."""
        self._scanned.wait()

    def refresh(self):
        """Scans the folder once: loads the selected versions, then unloads all others."""
        with self._refreshing:
            folders = self._folders()
            if folders is None:
                return  # loaded versions stay
            self._broken = {version: failed for version, failed in self._broken.items() if version in folders}
            candidates, count = version_folders.select(self._config and self._config.policy, folders)
            chosen = []
            for version in candidates:
                if len(chosen) < count and self._ensure_loaded(version, folders[version]):
                    chosen.append(version)
            if chosen or not candidates:
                for version in sorted(set(self._loaded) - set(chosen)):
                    self._unload(version)

    def stop(self):
        """Stops watching and unloads all versions."""
        self._stopping.set()
        if self._watcher:
            self._watcher.join(timeout=2)  # a version that is being loaded cannot be interrupted
        for version in sorted(self._loaded):
            self._unload(version, wait=1)

    def _folders(self):
        """Returns {version: folder}; None if the base path cannot be read (then loaded versions stay)."""
        if self._config is None:
            return {}
        base_path = self._config.base_path
        try:
            folders = version_folders.list_versions(base_path)
        except OSError as error:
            self._warn_once(f"cannot read the base path: {error}")
            return None
        self._warn_once("" if folders else f"no versions found under {base_path}; waiting")
        return folders

    def _warn_once(self, text):
        """Logs a warning about the folder unless it is the last one logged; the empty text clears it."""
        if text and text != self._last_warning:
            log.warning("model %s: %s", self.name, text)
        self._last_warning = text

    def _ensure_loaded(self, version, path):
        """Loads a version unless it is loaded or failed before with the same files. Returns whether it is loaded."""
        before = self._loaded.get(version)  # if it is from another folder, it serves until the new one is loaded
        if before and before.path == path:
            return True
        stamps = version_folders.file_stamps(path)
        failed_stamps, again = self._broken.get(version, (None, math.inf))
        if failed_stamps == stamps and time.monotonic() < again:
            return bool(before)
        if not before:
            self._set_state(version, "LOADING")
        start = time.monotonic()
        try:
            loaded = self._load(path, version)
        except Exception as error:  # a version can be broken in any way; the other versions must still be served
            self._fail(version, stamps, from_exception(error), bool(before))
            return bool(before)
        self._broken.pop(version, None)
        with self._changed:
            self._loaded[version] = _Loaded(loaded, path)
            self._states[version] = VersionState("AVAILABLE")
        log.info("model %s: version %d loaded in %.1f s", self.name, version, time.monotonic() - start)
        if before:
            self._close(before, LAST_USE_SECONDS)
        return True

    def _fail(self, version, stamps, failure, is_served):
        """Remembers and logs why a version could not be loaded; `is_served`: it is, from another folder."""
        passing = failure.code in PASSING
        self._broken[version] = stamps, time.monotonic() + RETRY_SECONDS if passing else math.inf
        if not is_served:
            self._set_state(version, "END", failure)
        log.error("model %s: version %d cannot be loaded and is skipped%s: %s", self.name, version,
                  f" for {RETRY_SECONDS} s" if passing else "", str(failure).replace("\n", " "))

    def _unload(self, version, wait=LAST_USE_SECONDS):
        """Unloads a version: accepts no new requests, waits for the running ones, then frees it."""
        with self._changed:
            loaded = self._loaded.pop(version)
            self._states[version] = VersionState("UNLOADING")
        self._close(loaded, wait)
        self._set_state(version, "END")
        log.info("model %s: version %d unloaded", self.name, version)

    def _close(self, loaded, wait):
        with self._changed:
            self._changed.wait_for(lambda: not loaded.users, timeout=wait)
        loaded.model.close()

    def _set_state(self, version, state, error=None):
        with self._changed:
            self._states[version] = VersionState(state, error)


def unknown_servable(name, version):
    """Returns the error of a request to a version that is not loaded (None: the latest)."""
    which = f"Latest({name})" if version is None else f"Specific({name}, {version})"
    return not_found(f"Servable not found for request: {which}")


def unknown_state(name, version):
    """Returns the error of a status request for a version (None: any version) that never existed."""
    return not_found(f"Could not find any versions of model {name}" if version is None
                     else f"Could not find version {version} of model {name}")
