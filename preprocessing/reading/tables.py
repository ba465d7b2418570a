"""The records of tables: CSV, TSV and Parquet."""
import csv
import io
import os

from preprocessing.reading import opening
from preprocessing.reading.lines import LONGEST, lines
from preprocessing.reading.tally import OTHER_COLUMNS
from runtime.cli import UserError

DELIMITERS = {"CSV": ",", "TSV": "\t", "CSV with semicolons": ";", "CSV with bars": "|"}
BATCH = 1024  # rows of Parquet at a time


def layout_of(head):
    """The name in DELIMITERS of a table that begins with the text `head`; None where its first line has one column."""
    first = head.split("\n", 1)[0].rstrip("\r")
    counts = {name: len(_fields(first, delimiter)) for name, delimiter in DELIMITERS.items()}
    best = max(counts, key=counts.get)
    return best if counts[best] > 1 else None


def _fields(line, delimiter):
    try:
        return next(csv.reader([line.replace("\0", "")], delimiter=delimiter), [])
    except csv.Error:
        return []


def dialect(head, delimiter):
    """Arguments of `csv.reader` for a table that begins with the text `head`.

    Tables of tabs are often written without quoting, and then hold single quotation marks; others escape marks by a
    backslash.
    """
    if delimiter == "\t" and not _is_quoted(head, delimiter):
        return {"delimiter": delimiter, "quoting": csv.QUOTE_NONE}
    if '\\"' in head and '""' not in head:
        return {"delimiter": delimiter, "escapechar": "\\", "doublequote": False, "strict": True}
    return {"delimiter": delimiter, "strict": True}


def _is_quoted(head, delimiter):
    """Whether each complete line of the text has as many fields as the first one when quotation marks are read."""
    if delimiter + '"' not in head and '\n"' not in head:
        return False
    try:
        rows = [row for row in csv.reader(io.StringIO(head.replace("\0", "")), delimiter=delimiter) if row]
    except csv.Error:
        return False
    return len({len(row) for row in rows[:-1]}) <= 1


def of_text(path, tally, arguments):
    """Yields (line number, record) of a table of text with a line of column names. Raises UserError, names the line.

    Args:
      path: the file.
      tally: `Tally`; a row with another number of columns is dropped and counted.
      arguments: what `dialect` returns.
    """
    csv.field_size_limit(LONGEST)
    at = _Position()
    rows = csv.reader(at.texts(lines(path, tally, blank=True)), **arguments)
    names = None
    while True:
        start = at.line + 1
        try:
            row = next(rows, None)
        except csv.Error as error:
            reason = ascii(str(error))[1:-1]
            raise UserError(f"{path}:{start}: not a row of a table ({reason}); correct its quotation marks") from error
        if row is None:
            return
        if not any(row):
            continue
        if names is None:
            names = [name.strip() for name in row]
        elif len(row) != len(names):
            tally.drop(OTHER_COLUMNS, f"{opening.shown(path)}:{start}")
        else:
            yield start, dict(zip(names, row))


class _Position:
    """Keeps the number of the line that a reader of rows has taken last."""

    def __init__(self):
        self.line = 0

    def texts(self, numbered):
        for number, text in numbered:
            self.line = number
            yield text.replace("\0", "")


def of_parquet(path, tally):
    """Yields (row number, record) of a Parquet file, where pyarrow is installed. Raises UserError.

    The `tally` learns the part of the rows that is read, as if each had the same size in the file.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise UserError(f"{path}: this is a Parquet file, and the package pyarrow is not installed; install it, or "
                        "convert the file to JSON lines") from None
    number = 0
    try:
        file = parquet.ParquetFile(path)
        tally.position = lambda: number * os.path.getsize(path) // max(1, file.metadata.num_rows)
        for batch in file.iter_batches(BATCH):
            table = batch.to_pydict()
            for values in zip(*table.values()):
                number += 1
                yield number, {name: value.decode("utf-8") if isinstance(value, bytes) else value
                               for name, value in zip(table, values)}
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        reason = ascii(" ".join(str(error).split())[:120])[1:-1]
        raise UserError(f"{path}: the Parquet file is damaged after row {number} ({reason}); fetch it again") from error
