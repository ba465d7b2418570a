"""Files of pairs: writes what an evaluation asks, and a run's answers to it; reads the answers of any other system.

A file is a table of columns separated by tabs, plain or gzip, UTF-8, with a header line. `user`, `item` and `author`
are raw ids. A row with an author is about the author's review of the item, shown to the user: `score`, by which
reviews are shown, and `personal`, by which the user's own review is found among them. A row without an author is about
the item: `rating`, in stars, and `ranking`, by which items are ordered; a row with an author may hold them as well. An
empty cell is a missing answer. `docs/benchmark.md` describes the columns for those who write such a file.
"""
import array
import contextlib
import gzip
import itertools
import math
import zlib
from typing import NamedTuple

import numpy as np

from runtime import files
from runtime.cli import UserError

IDS, REVIEWS, ITEMS = ("user", "item", "author"), ("score", "personal"), ("rating", "ranking")
NO_AUTHOR = -1
GZIP = b"\x1f\x8b"


class Table(NamedTuple):
    """The rows of a file as arrays of one entry for each row."""
    line: np.ndarray  # [k] number of the line
    user: np.ndarray  # [k]
    item: np.ndarray  # [k]
    author: np.ndarray  # [k] NO_AUTHOR where the row names none
    values: dict  # {column: [k] float64, NaN for an empty cell} of the columns in the header


def read(path, names):
    """The Table of a file. Raises UserError, which names the file, the line and the cause."""
    number = 1
    try:
        with _opened(path) as raw:
            header = raw.readline().decode("utf-8-sig").rstrip("\r\n").split("\t")
            rows = _Rows(path, header, names)
            for number, line in enumerate(raw, 2):
                rows.add(number, line.decode("utf-8").rstrip("\r\n"))
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise UserError(f"{path}:{number}: this line or the next cannot be read ({files.reason(error)}); give a text "
                        "file in UTF-8, plain or gzip") from error
    return rows.table()


def _opened(path):
    """A binary file, decompressed where it is gzip."""
    raw = open(path, "rb")
    is_gzip = raw.read(2) == GZIP
    raw.seek(0)
    return gzip.open(raw) if is_gzip else raw


class _Rows:
    """Collects the rows of a file.

    Args:
      path: of the file, for messages.
      header: names of the columns.
      names: `explained.Names`.
    """

    def __init__(self, path, header, names):
        self.path, self.names, self.width = path, names, len(header)
        known = IDS + REVIEWS + ITEMS
        missing = next((name for name in IDS + REVIEWS[:1] if name not in header), None)
        wrong = next((name for name in header if name not in known or header.count(name) > 1), None)
        if missing or wrong is not None:
            cause = f"no column {missing!r}" if missing else f"column {wrong!r} is unknown or given twice"
            raise UserError(f"{path}:1: {cause}; the header names columns of {', '.join(known)}, separated by tabs")
        self.places = [header.index(name) for name in IDS]
        self.numbers = {name: header.index(name) for name in REVIEWS + ITEMS if name in header}
        self.ids = [array.array("q") for _ in range(1 + len(IDS))]
        self.values = {name: array.array("d") for name in self.numbers}

    def add(self, number, line):
        """Adds a line; an empty one is no row."""
        fields = line.split("\t")
        if line and len(fields) != self.width:
            raise self.error(number, f"{len(fields)} cells, but the header has {self.width}")
        if not line:
            return
        user, item, author = (fields[place] for place in self.places)
        where = f"{self.path}:{number}"
        row = (number, self.names.user(user, where), self.names.item(item, where),
               self.names.user(author, where) if author else NO_AUTHOR)
        for column, value in zip(self.ids, row):
            column.append(value)
        for name, place in self.numbers.items():
            self.values[name].append(self.number(number, name, fields[place]))

    def number(self, line, name, text):
        """The number in a cell; NaN where it is empty."""
        if not text:
            return math.nan
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise self.error(line, f"{name} {text[:files.SHORT]!r} is not a finite number")
        return value

    def error(self, line, cause):
        return UserError(f"{self.path}:{line}: {cause}; correct the line, or leave the cell empty")

    def table(self):
        """The Table of the rows."""
        columns = [np.array(column, np.int64) for column in self.ids]
        return Table(*columns, {name: np.array(column) for name, column in self.values.items()})


def write(path, names, keys, scores, items, values=None):
    """Writes a file of pairs, whole or not at all; gzip where its name ends in .gz.

    Args:
      path: of the file.
      names: `explained.Names`.
      keys: `pairs.Keys`.
      scores: [k] keys of scores, one row each.
      items: [p] keys of pairs of a user and an item, one row each.
      values: {column: `pairs.Values`} of answers; None: the ids alone.

    Raises:
      UserError: the file cannot be written.
    """
    user, item, author = keys.of_score(scores)
    columns = [_named(names.users, user), _named(names.items, item), _named(names.users, author)]
    user, item = np.divmod(items, keys.items)
    of_items = [_named(names.users, user), _named(names.items, item), itertools.repeat("")]
    header = IDS + (REVIEWS + ITEMS if values else ())
    for name in header[len(IDS):]:
        columns.append(_cells(values[name].of(scores)) if name in REVIEWS else itertools.repeat(""))
        of_items.append(_cells(values[name].of(items)) if name in ITEMS else itertools.repeat(""))
    try:
        with files.written(path) as out, _compressed(out, path) as raw:
            for row in itertools.chain([header], zip(*columns), zip(*of_items)):
                raw.write(("\t".join(row) + "\n").encode("utf-8"))
    except OSError as error:
        raise UserError(f"--out {path}: cannot be written ({files.reason(error)}); give another file") from error


@contextlib.contextmanager
def _compressed(out, path):
    """The file to write to: `out` itself, or a gzip stream into it. The header holds no name and no time."""
    if not path.endswith(".gz"):
        yield out
        return
    with gzip.GzipFile(filename="", mode="wb", fileobj=out, mtime=0) as raw:
        yield raw


def _named(names, numbers):
    return (names[number] for number in numbers)


def _cells(values):
    """Numbers as text that is read back as the same numbers; '' for NaN."""
    return ("" if math.isnan(value) else repr(value) for value in values.tolist())
