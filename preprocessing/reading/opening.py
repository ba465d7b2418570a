"""The bytes of a raw file: plain, gzip, bzip2, xz, zstd or a zip of one file; the first bytes decide, not the name."""
import bz2
import gzip
import io
import lzma
import os
import shutil
import sys
import tempfile
import zipfile
import zlib
from contextlib import contextmanager

from runtime import files
from runtime.cli import UserError

MAGIC = ((b"\x1f\x8b", "gzip"), (b"BZh", "bz2"), (b"\xfd7zXZ\x00", "xz"), (b"\x28\xb5\x2f\xfd", "zstd"),
         (b"PK\x03\x04", "zip"), (b"PK\x05\x06", "zip"))
ENDINGS = {".gz": "gzip", ".bz2": "bz2", ".xz": "xz", ".zst": "zstd", ".zip": "zip"}
FREE = 256 * 2 ** 20  # decompressed bytes that every file may have
RATIO = 200  # above them: decompressed bytes for each byte of the file
STDIN = "standard input"
DAMAGE = (EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, NotImplementedError)


@contextmanager
def local(paths):
    """Within this context, yields the paths with `-` and pipes as temporary files, so that they can be read twice.

    A UserError within it names the input by `shown`, not the temporary file.
    """
    if all(path != "-" and (os.path.isfile(path) or os.path.isdir(path) or not os.path.exists(path))
           for path in paths):
        yield list(paths)
        return
    with tempfile.TemporaryDirectory(prefix="recsys-") as folder:
        copies = []
        for number, path in enumerate(paths):
            if path == "-" or os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path):
                copy = os.path.join(folder, STDIN + (f" {number}" if number else ""))
                with open(copy, "wb") as out:
                    if path == "-":
                        shutil.copyfileobj(sys.stdin.buffer, out)
                    else:
                        with open(path, "rb") as pipe:
                            shutil.copyfileobj(pipe, out)
                path = copy
            copies.append(path)
        try:
            yield copies
        except UserError as error:
            raise UserError(str(error).replace(folder + os.sep, "")) from error


def shown(path):
    """What a file is called in messages and in meta.json: its path, or that it is the standard input."""
    name = os.path.basename(path)
    return name if name.startswith(STDIN) else files.as_text(path)


def compression(path):
    """How a file is compressed: a word of MAGIC, or '' for a plain one. Raises OSError, UserError."""
    with open(path, "rb") as raw:
        start = raw.read(6)
    found = next((kind for magic, kind in MAGIC if start.startswith(magic)), "")
    expected = ENDINGS.get(os.path.splitext(str(path))[1].lower())
    if expected and not found:
        raise UserError(f"{path}: not a {expected} file; give one, or drop the ending of its name")
    return found


@contextmanager
def stream(path, tally=None):
    """Within this context, yields the decompressed bytes of a file as a buffered reader. Raises OSError, UserError.

    A `tally` learns how much of the file is read.
    """
    kind = compression(path)
    with open(path, "rb") as raw:
        if tally:
            tally.position = lambda: 0 if raw.closed else raw.tell()
        if not kind:
            yield raw
            return
        with _decompressed(kind, raw, path) as content:
            yield io.BufferedReader(_Limited(content, raw, path), 2 ** 20)


def _decompressed(kind, raw, path):
    if kind == "zstd":
        try:
            import zstandard
        except ImportError:
            raise UserError(f"{path}: this is a zstd file, and the package zstandard is not installed; install it, or "
                            "decompress the file with zstd -d") from None
        return _Frames(raw, zstandard.ZstdDecompressor())
    if kind == "zip":
        return _member(raw, path)
    return {"gzip": gzip.open, "bz2": bz2.open, "xz": lzma.open}[kind](raw)


def _member(raw, path):
    archive = zipfile.ZipFile(raw)
    members = [info for info in archive.infolist()
               if not info.filename.endswith("/") and not info.filename.startswith("__MACOSX/")]
    names = [info.filename for info in members]
    if "[Content_Types].xml" in names:
        raise UserError(f"{path}: this is a workbook or document of an office program; save it as CSV")
    if len(members) != 1:
        shown = ", ".join(ascii(name[:40])[1:-1] for name in names[:4])
        raise UserError(f"{path}: this is a zip archive of {len(members)} files ({shown}); unpack it, and give the "
                        "files of reviews")
    if members[0].flag_bits & 1:
        raise UserError(f"{path}: this zip archive has a password; unpack it")
    return archive.open(members[0])


class _Frames:
    """The frames of a zstd file, decompressed; the reader of zstandard ends without an error in an incomplete frame."""
    BLOCK = 4096  # bytes at a time: a block of a bomb becomes 32768 times as large

    def __init__(self, raw, decompressor):
        self._raw, self._new_frame = raw, decompressor.decompressobj
        self._frame, self._packed, self._plain = None, b"", b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def read(self, size):
        """At most `size` bytes, b"" at the end of the file. Raises EOFError where the last frame is cut short."""
        while not self._plain:
            self._packed = self._packed or self._raw.read(self.BLOCK)
            if not self._packed:
                if self._frame:
                    raise EOFError("the last frame is not complete")
                return b""
            self._frame = self._frame or self._new_frame()
            self._plain, self._packed = memoryview(self._frame.decompress(self._packed)), b""
            if self._frame.eof:
                self._frame, self._packed = None, self._frame.unused_data
        block, self._plain = self._plain[:size], self._plain[size:]
        return block


class _Limited(io.RawIOBase):
    """Decompressed bytes; a file that grows without end while it is decompressed is an error."""

    def __init__(self, content, raw, path):
        super().__init__()
        self._content, self._raw, self._path, self._total = content, raw, path, 0

    def readable(self):
        return True

    def readinto(self, buffer):
        block = self._content.read(len(buffer))
        buffer[:len(block)] = block
        self._total += len(block)
        if self._total > FREE and self._total > RATIO * max(1, self._raw.tell()):
            raise UserError(f"{self._path}: more than {RATIO} times as large when decompressed, as no file of reviews "
                            "is; it is damaged, or made to fill the memory")
        return len(block)


@contextmanager
def reported(path, position):
    """Within this context, an error of reading becomes a UserError; `position()` is the number of the last line."""
    try:
        yield
    except OSError as error:
        if error.errno:
            raise UserError(f"{path}: cannot be read ({error.strerror}); give an existing file") from error
        raise _damaged(path, position(), error) from error
    except DAMAGE as error:
        raise _damaged(path, position(), error) from error
    except Exception as error:  # zstandard is optional, so its error has no name here
        if type(error).__name__ != "ZstdError":
            raise
        raise _damaged(path, position(), error) from error


def _damaged(path, line, error):
    reason = ascii(str(error))[1:-1]
    return UserError(f"{path}: the {compression(path) or 'plain'} file is cut short or damaged after line {line} "
                     f"({reason}); fetch it again")
