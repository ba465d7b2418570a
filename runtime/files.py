"""Writes files and folders completely or not at all, with fsync; reads JSON; computes checksums."""
import ctypes
import fcntl
import hashlib
import json
import os
import re
import shutil
import tempfile
from contextlib import contextmanager

from runtime.cli import UserError

DRAFT = ".draft-"  # how the names of drafts begin
OLDER = ".older-"  # of folders that hold a folder while it is replaced
_HERE, _EXCHANGE = -100, 2  # AT_FDCWD and RENAME_EXCHANGE of Linux
SHORT = 160  # most characters of a reason
# TensorFlow 2 begins the messages of a session with the operation that failed and the code that made it.
_PLACE_IN_GRAPH = re.compile(r"\AGraph execution error:\n\n(?:(?s:.*)\nNode: '[^'\n]*'\n)?")


def write_json(path, record):
    """Writes a JSON file completely or not at all; when this returns, it is on disk. Raises OSError, TypeError."""
    write_text(path, json.dumps(record, indent=1, sort_keys=True) + "\n")


def read_json(path):
    """The value in a JSON file; None if the file does not exist. Raises UserError if it is damaged."""
    try:
        with open(path, encoding="utf-8") as text:
            return json.load(text)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise UserError(f"{path}: damaged ({error}); move it away") from error


def write_text(path, content):
    """Writes a text file completely or not at all; when this returns, it is on disk. Raises OSError.

    Bytes of file names that are no UTF-8 (`os.fsdecode`) become U+FFFD.
    """
    with written(path) as out:
        # Names of files hold surrogates where their bytes are no UTF-8, or the locale is none of UTF-8.
        out.write(content.encode("utf-8", "surrogateescape").decode("utf-8", "replace").encode("utf-8"))


def as_text(path):
    """A path as text that UTF-8 can store, in every locale; a byte that is no UTF-8 becomes U+FFFD."""
    return os.fsencode(path).decode("utf-8", "replace")


@contextmanager
def written(path):
    """Yields a binary file to write to. When the context ends without an error, the file has the name `path` and is on
    disk; after an error nothing has changed. Raises OSError.

    The draft is in a hidden folder beside `path`: several writers of one file at the same time do not disturb each
    other. The draft of a killed process is deleted when the next file is written beside it.
    """
    above, name = os.path.split(os.path.abspath(path))
    with draft_folder(above, DRAFT + "file-", make=False) as folder:
        draft = os.path.join(folder, name)
        with open(draft, "wb") as out:
            yield out
        sync(draft)
        os.replace(draft, path)
        sync(above)


def require_writable(folder, remedy):
    """Raises UserError with a remedy where nothing can be written in a folder, or it cannot be made. Leaves nothing
    behind. Long commands call it before their work."""
    try:
        tempfile.TemporaryFile(dir=existing_above(folder)).close()
    except OSError as error:
        raise UserError(f"{folder}: cannot be written ({reason(error)}); {remedy}") from error


def existing_above(folder):
    """The folder itself, or the nearest one above it that exists."""
    existing = os.path.abspath(folder)
    while not os.path.lexists(existing):
        existing = os.path.dirname(existing)
    return existing


@contextmanager
def draft_folder(above, prefix=DRAFT, make=True):
    """Yields a new hidden folder in `above`, which is made if missing and `make`; deletes it when the context ends.

    Its process holds a lock on it. So the drafts of killed processes can be recognised: those in `above` whose names
    start with `prefix` are deleted first.
    """
    if make:
        os.makedirs(above, exist_ok=True)
    for abandoned in _abandoned(above, prefix):
        shutil.rmtree(abandoned, ignore_errors=True)
    draft, handle = _new_draft(above, prefix)
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        os.close(handle)


def _new_draft(above, prefix):
    """A new folder, and the handle that holds its lock. Another process may delete a folder before it is locked."""
    while True:
        draft = tempfile.mkdtemp(prefix=prefix, dir=above)
        handle = _locked(draft)
        if handle is not None:
            return draft, handle


def _abandoned(above, prefix):
    """Yields the path of each draft that no process holds a lock on; holds its lock meanwhile."""
    for name in os.listdir(above):
        draft = os.path.join(above, name)
        if name.startswith(prefix) and os.path.isdir(draft):
            handle = _locked(draft, needed=True)
            if handle is not None:
                try:
                    yield draft
                finally:
                    os.close(handle)


def _locked(folder, needed=False):
    """A handle that holds the lock of a folder; None where another process holds it, or the folder is gone.

    Where the file system has no locks, or the folder is another user's: None if the lock is `needed`, else a handle
    without a lock, or an error.
    """
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError as error:
        if needed or isinstance(error, FileNotFoundError):
            return None
        raise
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        is_held = os.path.isdir(folder)  # it may have been deleted before it was locked
    except BlockingIOError:
        is_held = False
    except OSError:
        is_held = not needed
    if is_held:
        return handle
    os.close(handle)
    return None


@contextmanager
def written_folder(folder):
    """Yields the path of an empty draft folder to fill. When the context ends without an error, the draft has the name
    `folder`, is on disk, and an older `folder` is deleted; after an error nothing has changed. Raises OSError.

    A process that is killed in this context leaves a hidden folder beside `folder`, which the next one deletes; where
    that holds the older `folder`, and there is no other, the next one restores it first.
    """
    folder = os.path.abspath(folder)
    above, name = os.path.split(folder)
    os.makedirs(above, exist_ok=True)
    for aside in _abandoned(above, OLDER):
        _settle(aside, folder)
    with draft_folder(above, f"{DRAFT}{name}-") as draft:
        os.chmod(draft, 0o755)  # mkdtemp makes it readable for its owner only
        yield draft
        sync_tree(draft)
        _replace_folder(draft, folder)
    sync(above)


def _replace_folder(draft, folder):
    """Renames a draft to `folder`; the older folder has the name of the draft then, or is deleted."""
    if not os.path.isdir(folder):
        os.rename(draft, folder)
        return
    if not _exchanged(draft, folder):
        _replace_in_two_steps(draft, folder)


def _exchanged(draft, folder):
    """Exchanges the names of two folders in one step. Returns False where the system or the file system cannot."""
    exchange = getattr(ctypes.CDLL(None), "renameat2", None)
    if exchange is None or os.path.islink(folder):  # a link would become a draft, and no draft is a link
        return False
    return exchange(_HERE, os.fsencode(draft), _HERE, os.fsencode(folder), _EXCHANGE) == 0


def _replace_in_two_steps(draft, folder):
    """Moves the older folder away, renames the draft, and deletes the older one, or moves it back after an error."""
    aside, handle = _new_draft(os.path.dirname(folder), OLDER)
    try:
        os.rename(folder, os.path.join(aside, os.path.basename(folder)))
        os.rename(draft, folder)
    finally:
        _settle(aside, folder)
        os.close(handle)


def _settle(aside, folder):
    """Ends a replacement in two steps: what is in `aside` gets its name again, or is deleted if that is taken."""
    older = os.path.join(aside, os.path.basename(folder))
    if os.path.lexists(older) and not os.path.lexists(folder):
        os.rename(older, folder)
    if os.path.lexists(older) or not os.listdir(aside):  # else it is of the replacement of another folder
        shutil.rmtree(aside, ignore_errors=True)


def sync(path):
    """Returns when the content of a file, or the list of names in a folder, is on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(folder):
    """Returns when all files and names below a folder are on disk."""
    for parent, _, names in os.walk(folder):
        for name in names:
            sync(os.path.join(parent, name))
        sync(parent)


def sha256(path):
    """The sha256 of the content of a file, in hex. Raises OSError."""
    digest = hashlib.sha256()
    with open(path, "rb") as raw:
        for block in iter(lambda: raw.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def sha256_of(value):
    """The sha256 of a JSON value, in hex; it does not depend on the order of a dictionary's keys."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def reason(error):
    """The message of an error of the operating system or of TensorFlow, in one short line."""
    message = str(getattr(error, "strerror", None) or error) or type(error).__name__
    message = _PLACE_IN_GRAPH.sub("", message).splitlines()[0]
    if len(message) <= SHORT:
        return message
    return f"{message[:SHORT // 2]} ... {message[-SHORT // 2:]}"  # the end often names the cause
