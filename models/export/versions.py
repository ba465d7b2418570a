"""Folders of versions, `<out>/<number>/`, as a model server reads them: each is whole or does not exist.

A version is written as a hidden draft (`runtime.files.draft_folder`), brought to disk and renamed.
"""
import os

from models.run_folder.layout import MODELS
from preprocessing.artefact import META
from runtime.cli import UserError
from runtime.files import draft_folder, read_json, sync, sync_tree

RUN = "run"  # in the asset META of a version: the name of its run


def numbers(out):
    """Returns the numbers of the versions in a folder, in rising order."""
    return sorted(int(name) for name in os.listdir(out)
                  if name.isdigit() and os.path.isdir(os.path.join(out, name)))


def run_name(run_folder):
    """The name of a run, that of its folder."""
    return os.path.basename(os.path.abspath(run_folder))


def require_same_run(out, run_folder):
    """Raises UserError where the newest version in a folder is that of a run of another name.

    A shop of one run would show the order of another, if both have the same data. The folder may not exist, and a
    version may not say of which run it is.
    """
    versions = numbers(out) if os.path.isdir(out) else []
    found = read_json(os.path.join(out, str(versions[-1]), "assets", META)) if versions else None
    run, own = found.get(RUN) if isinstance(found, dict) else None, run_name(run_folder)
    if run not in (None, own):
        raise UserError(f"--out {out}: its versions are those of the run {run}, not of {own}, and a shop of {run} "
                        f"would show the order of {own}; give another --out, such as {os.path.join(MODELS, own)}")


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
