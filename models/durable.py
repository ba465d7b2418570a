"""Files that are written whole or not at all, and are on disk once written."""
import json
import os
from contextlib import contextmanager

from command import UserError

SHORT = 160  # characters of a reason


def write_json(path, record):
    """Writes JSON whole or not at all; once this returns, it is on disk."""
    write_text(path, json.dumps(record, indent=1, sort_keys=True) + "\n")


def read_json(path):
    """The JSON of a file; None where there is none. Raises UserError where it is damaged."""
    try:
        with open(path, encoding="utf-8") as text:
            return json.load(text)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise UserError(f"{path}: damaged ({error}); move it away") from error


def write_text(path, content):
    """Writes a text whole or not at all; once this returns, it is on disk. Raises OSError."""
    with written(path) as out:
        out.write(content.encode("utf-8"))


@contextmanager
def written(path):
    """A file to write bytes to: once the context is left well it is on disk, else nothing has changed."""
    draft = path + ".new"
    try:
        with open(draft, "wb") as out:
            yield out
        sync(draft)
        os.replace(draft, path)
    except BaseException:
        if os.path.exists(draft):
            os.remove(draft)
        raise
    sync(os.path.dirname(path) or ".")


def sync(path):
    """Returns once a file's content, or the names in a folder, are on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def reason(error):
    """What an error of the system or of TensorFlow says, in one short line."""
    said = (str(getattr(error, "strerror", None) or error) or type(error).__name__).splitlines()[0]
    if len(said) <= SHORT:
        return said
    return f"{said[:SHORT // 2]} ... {said[-SHORT // 2:]}"  # what failed stands last
