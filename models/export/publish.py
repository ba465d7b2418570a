"""Exports a run as the next version of a SavedModel in a folder, whole or not at all."""
import os

from models.export import saved_model, versions
from runtime.cli import UserError
from runtime.files import draft_folder, reason


def export(run_folder, out, rankings=0, by_stars=False, exact_up_to=None):
    """Writes a run as the next version in `out`. Returns the folder of the version.

    Args:
      run_folder: of the run.
      out: folder of all versions.
      rankings, by_stars, exact_up_to: as in `saved_model.write`.

    Raises UserError where it cannot be written; the older versions are then unchanged.
    """
    try:
        with draft_folder(out) as draft:
            written = os.path.join(draft, "model")
            saved_model.write(run_folder, written, rankings, by_stars, exact_up_to)
            return versions.publish(written, out)
    except saved_model.WRITE_ERRORS as error:
        raise UserError(f"--out {out}: cannot be written ({reason(error)}); the versions there are unchanged; free "
                        "some disk space, or give another folder") from error


def size_of(folder):
    """Returns the bytes of all files in a folder and its subfolders."""
    return sum(os.path.getsize(os.path.join(parent, name)) for parent, _, names in os.walk(folder) for name in names)
