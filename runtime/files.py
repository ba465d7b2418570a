"""Files and folders that are written whole or not at all, and are on disk once written; their checksums."""
import hashlib
import json
import os
import shutil
import tempfile
from contextlib import contextmanager

from runtime.cli import UserError

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
    """Yields a binary file to write to. Once the context is left without an error, `path` is that file, on disk;
    otherwise nothing has changed. Raises OSError."""
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


@contextmanager
def written_folder(folder):
    """Yields the path of an empty draft folder to fill. Once the context is left without an error, `folder` is that
    draft, on disk, and an older `folder` is gone; otherwise nothing has changed. Raises OSError.

    A process that is killed meanwhile leaves at most a hidden folder `.draft-*` beside `folder`.
    """
    above = os.path.dirname(os.path.abspath(folder))
    os.makedirs(above, exist_ok=True)
    draft = tempfile.mkdtemp(prefix=".draft-", dir=above)
    try:
        os.chmod(draft, 0o755)  # mkdtemp lets nobody else read it
        yield draft
        sync_tree(draft)
        _replace_folder(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    sync(above)


def _replace_folder(draft, folder):
    """Renames a draft to `folder`; what stood there goes, or comes back where the draft cannot be renamed."""
    if not os.path.isdir(folder):
        os.rename(draft, folder)
        return
    aside = tempfile.mkdtemp(prefix=".draft-", dir=os.path.dirname(os.path.abspath(folder)))
    older = os.path.join(aside, "older")
    try:
        os.rename(folder, older)
        try:
            os.rename(draft, folder)
        except OSError:
            os.rename(older, folder)
            raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def sync(path):
    """Returns once a file's content, or the names in a folder, are on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(folder):
    """Returns once all files and names below a folder are on disk."""
    for place, _, names in os.walk(folder):
        for name in names:
            sync(os.path.join(place, name))
        sync(place)


def sha256(path):
    """The sha256 of a file's content, in hex. Raises OSError."""
    digest = hashlib.sha256()
    with open(path, "rb") as raw:
        for block in iter(lambda: raw.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def sha256_of(value):
    """The sha256 of a value of JSON's types, in hex; the order of a dictionary's keys does not count."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def reason(error):
    """What an error of the system or of TensorFlow says, in one short line."""
    said = (str(getattr(error, "strerror", None) or error) or type(error).__name__).splitlines()[0]
    if len(said) <= SHORT:
        return said
    return f"{said[:SHORT // 2]} ... {said[-SHORT // 2:]}"  # what failed stands last
