"""The version folders of a model, as they lie on the disk. Policies, as in TensorFlow Serving:

    ("latest", n)          the n largest that load
    ("all",)               every one
    ("specific", (v, ..))  those named
"""
import os
import re

MAX_VERSION = 2 ** 63 - 1


def found(base_path):
    """Version -> folder. Raises OSError if the base path cannot be read."""
    with os.scandir(base_path) as entries:
        folders = {int(entry.name): entry.path for entry in entries
                   if re.fullmatch("[0-9]{1,19}", entry.name) and entry.is_dir()}
    return {version: path for version, path in folders.items() if version <= MAX_VERSION}


def wanted(policy, folders):
    """The versions that a policy (None: none) wants, newest first, and how many of them at most."""
    kind, *rest = policy or ("specific", ())
    newest_first = sorted(folders, reverse=True)
    if kind == "specific":
        newest_first = [version for version in newest_first if version in rest[0]]
    return newest_first, rest[0] if kind == "latest" else len(newest_first)


def files(path):
    """Path, size and time of every file under `path`: it changes as a copy goes on."""
    listed = []
    for folder, _, names in os.walk(path):
        for name in names:
            try:
                facts = os.stat(os.path.join(folder, name))
            except OSError:
                continue  # gone since it was listed
            listed.append((folder, name, facts.st_size, facts.st_mtime_ns))
    return sorted(listed)
