"""Folders of versions, `<out>/<number>/`, as a model server reads them: each is whole or does not exist.

A version is written as a hidden draft (`runtime.files.draft_folder`), brought to disk and renamed.
"""
import os

from runtime.files import draft_folder, sync, sync_tree


def numbers(out):
    """Returns the numbers of the versions in a folder, in rising order."""
    return sorted(int(name) for name in os.listdir(out)
                  if name.isdigit() and os.path.isdir(os.path.join(out, name)))


def publish(written, out):
    """Renames a written folder to the next version of `out`, once all of it is on disk. Returns the new folder."""
    sync_tree(written)
    os.chmod(written, 0o755)
    while True:
        folder = os.path.join(out, str((numbers(out) or [0])[-1] + 1))
        try:
            os.rename(written, folder)
            sync(out)
            return folder
        except OSError:  # another export has taken the number
            if not os.path.isdir(folder):
                raise


def prune(out, keep):
    """Deletes all but the `keep` newest versions. Each disappears at once, before its files are deleted."""
    for number in numbers(out)[:-keep]:
        with draft_folder(out) as folder:
            os.rename(os.path.join(out, str(number)), os.path.join(folder, "old"))
