"""The version folders of a model on disk, and the policies that select among them, as in TensorFlow Serving:

    ("latest", n)          the n largest versions that load
    ("all",)               all versions
    ("specific", (v, ..))  the versions listed
"""
import os
import re

MAX_VERSION = 2 ** 63 - 1


def list_versions(base_path):
    """Returns {version: folder}. Raises OSError if the base path cannot be read."""
    with os.scandir(base_path) as entries:
        folders = {int(entry.name): entry.path for entry in entries
                   if re.fullmatch("[0-9]{1,19}", entry.name) and entry.is_dir()}
    return {version: path for version, path in folders.items() if version <= MAX_VERSION}


def select(policy, folders):
    """Returns the versions that a policy selects (None: no version), largest first, and how many of them to load."""
    kind, *rest = policy or ("specific", ())
    newest_first = sorted(folders, reverse=True)
    if kind == "specific":
        newest_first = [version for version in newest_first if version in rest[0]]
    return newest_first, rest[0] if kind == "latest" else len(newest_first)


def file_stamps(path):
    """Returns path, size and modification time of every file below `path`; they change while a copy is in progress."""
    listed = []
    for folder, _, names in os.walk(path):
        for name in names:
            try:
                status = os.stat(os.path.join(folder, name))
            except OSError:
                continue  # deleted since it was listed
            listed.append((folder, name, status.st_size, status.st_mtime_ns))
    return sorted(listed)
