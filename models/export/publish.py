"""A run -> the next version of a SavedModel below a folder, whole or not at all."""
import os

from models.export import saved_model, versions
from runtime.cli import UserError
from runtime.files import reason


def export(run_folder, out, rankings=0):
    """Writes the run as the next version below `out`, whole or not at all. Returns its folder.

    `rankings`: as in `saved_model.write`.
    """
    try:
        with versions.draft(out) as draft:
            written = os.path.join(draft, "model")
            saved_model.write(run_folder, written, rankings)
            return versions.publish(written, out)
    except saved_model.WRITE_ERRORS as error:
        raise UserError(f"--out {out}: cannot be written ({reason(error)}); what stood there stands; make room, or "
                        "give another folder") from error


def size_of(folder):
    """Bytes of all files below a folder."""
    return sum(os.path.getsize(os.path.join(place, name)) for place, _, names in os.walk(folder) for name in names)
