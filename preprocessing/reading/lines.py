"""The lines of a raw file, with exact numbers."""
from preprocessing.reading import opening
from preprocessing.reading.tally import LONG_LINE
from runtime.cli import UserError

LONGEST = 10 * 2 ** 20  # bytes of a line, or of a record
BOM = "\ufeff"


def lines(path, tally, blank=False):
    """Yields (line number, text) of a file; blank lines only if `blank`. A line over LONGEST is dropped and counted.

    Raises:
      UserError: the file cannot be read, is damaged, or is not UTF-8; it names the line.
    """
    number = 0
    with opening.reported(path, lambda: number), opening.stream(path, tally) as content:
        while True:
            raw = content.readline(LONGEST + 1)
            if not raw:
                return
            number += 1
            if len(raw) > LONGEST:
                while raw and not raw.endswith(b"\n"):
                    raw = content.readline(LONGEST)
                tally.drop(LONG_LINE, f"{opening.shown(path)}:{number}")
                continue
            text = decoded(raw, path, number)
            if blank or text.strip():
                yield number, text


def decoded(raw, path, number):
    """The text of a line without a byte order mark at its start, which a joined file has within. Raises UserError."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise not_utf8(path, number, error) from error
    return text[1:] if text.startswith(BOM) else text


def not_utf8(path, number, error):
    """The UserError of bytes that are not UTF-8."""
    return UserError(f"{path}:{number}: not UTF-8 text (byte 0x{error.object[error.start]:02x}, {error.reason}); "
                     "convert the file, for example with iconv -f WINDOWS-1252 -t UTF-8")
