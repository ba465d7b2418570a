"""The versions of one model: watches its folder, loads the latest, and keeps a state for each.

A version is a sub-folder whose name is a number. The largest that loads is served: a new one is
loaded before the old one is let go; one that cannot be loaded is reported and passed over, until
its files change; one that is gone from the folder is let go.
"""
import os
import re
import threading
import time
from collections import Counter
from contextlib import contextmanager

from command import log
from serving.server.status import from_exception, not_found

MAX_VERSION = 2 ** 63 - 1
LAST_USE_SECONDS = 60  # to wait, at most, for the requests of a version that is let go


class VersionState:
    """What is known of a version: its `state`, and the `StatusError` it failed with, or None."""

    def __init__(self, state, error=None):
        self.state, self.error = state, error


class ServedModel:
    """A model by name and folder, and what is loaded of it. Safe to use from several threads."""

    def __init__(self, name, base_path, load):
        """`load(path, version)` gives a loaded version, with `close()`; it may raise anything."""
        self.name, self._base_path, self._load = name, base_path, load
        self._changed = threading.Condition()  # guards the next three
        self._loaded, self._states, self._users = {}, {}, Counter()
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
            self._users[chosen] += 1
            loaded = self._loaded[chosen]
        try:
            yield loaded
        finally:
            with self._changed:
                self._users[chosen] -= 1
                self._changed.notify_all()

    def states(self, version=None):
        """Version -> `VersionState`, newest first; of one version if one is asked for."""
        with self._changed:
            chosen = [number for number in sorted(self._states, reverse=True)
                      if version in (None, number)]
            if not chosen:
                raise unknown_state(self.name, version)
            return {number: self._states[number] for number in chosen}

    def watch(self, seconds):
        """Starts the thread that looks at the folder, now and every so many seconds (0: once)."""
        def look():
            while True:
                try:
                    self.refresh()
                except Exception:  # a watcher that dies would leave an old model serving unnoticed
                    log.exception("%s: cannot look at %s", self.name, self._base_path)
                self._tried.set()
                if not seconds or self._stopping.wait(seconds):
                    return

        self._watcher = threading.Thread(target=look, name=f"versions-{self.name}", daemon=True)
        self._watcher.start()

    def wait(self):
        """Waits until the folder was looked at for the first time, and what it held was tried."""
        self._tried.wait()

    def refresh(self):
        """Looks at the folder once: loads the latest version that loads, then lets others go."""
        folders = self._folders()
        if folders is None:
            return
        self._broken = {version: files for version, files in self._broken.items()
                        if version in folders}
        latest = next((version for version in sorted(folders, reverse=True)
                       if version in self._loaded or self._try(version, folders[version])), None)
        for version in sorted(self._loaded):
            if version != latest:
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
        try:
            with os.scandir(self._base_path) as entries:
                folders = {int(entry.name): entry.path for entry in entries
                           if re.fullmatch("[0-9]{1,19}", entry.name) and entry.is_dir()}
        except OSError as error:
            self._complain(f"cannot read the base path: {error}")
            return None
        self._complain("" if folders else f"no versions found under {self._base_path}; waiting")
        return {version: path for version, path in folders.items() if version <= MAX_VERSION}

    def _complain(self, text):
        """Logs what is wrong with the folder, once."""
        if text and text != self._complaint:
            log.warning("%s: %s", self.name, text)
        self._complaint = text

    def _try(self, version, path):
        """Loads a version, unless it failed before and its files are the same. True if loaded."""
        files = _files(path)
        if self._broken.get(version) == files:
            return False
        self._set_state(version, "LOADING")
        start = time.time()
        try:
            loaded = self._load(path, version)
        except Exception as error:  # a version can be broken in any way; others must serve on
            self._broken[version] = files
            failure = from_exception(error)
            self._set_state(version, "END", failure)
            log.warning("%s: version %d cannot be loaded, it is passed over: %s", self.name,
                        version, failure)
            return False
        self._broken.pop(version, None)
        with self._changed:
            self._loaded[version] = loaded
            self._states[version] = VersionState("AVAILABLE")
        log.info("%s: version %d loaded in %.1f s", self.name, version, time.time() - start)
        return True

    def _unload(self, version, wait=LAST_USE_SECONDS):
        """Lets a version go: no new requests, then wait for those it has, then free it."""
        with self._changed:
            loaded = self._loaded.pop(version)
            self._states[version] = VersionState("UNLOADING")
            self._changed.wait_for(lambda: not self._users[version], timeout=wait)
        loaded.close()
        self._set_state(version, "END")
        log.info("%s: version %d unloaded", self.name, version)

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


def _files(path):
    """Path, size and time of every file under `path`: it changes as a copy goes on."""
    found = []
    for folder, _, names in os.walk(path):
        for name in names:
            try:
                facts = os.stat(os.path.join(folder, name))
            except OSError:
                continue  # gone since it was listed
            found.append((folder, name, facts.st_size, facts.st_mtime_ns))
    return sorted(found)
