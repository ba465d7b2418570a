"""What a raw file is, from its first bytes, and its records. What cannot be read is refused by what it is."""
import re
from typing import Callable, NamedTuple

from preprocessing.reading import json_text, opening, tables
from preprocessing.reading.lines import lines
from runtime.cli import UserError

HEAD = 2 ** 16  # bytes that decide
FOREIGN = (  # how other files begin, and what they are
    (b"\xff\xfe", "UTF-16 text; convert it with iconv -f UTF-16 -t UTF-8"),
    (b"\xfe\xff", "UTF-16 text; convert it with iconv -f UTF-16 -t UTF-8"),
    (b"%PDF", "a PDF document; give the data that it was made from"),
    (b"SQLite format 3\0", "an SQLite database; export its table of reviews as CSV"),
    (b"\x89HDF", "an HDF5 file; export its table of reviews as CSV"),
    (b"\x93NUMPY", "a NumPy array; give a file of reviews"),
    (b"ARROW1", "an Arrow file; convert it to Parquet or JSON lines"),
    (b"Obj\x01", "an Avro file; convert it to JSON lines"),
    (b"\x80\x02", "a Python pickle, which is never opened; convert it to JSON lines"),
    (b"\x80\x03", "a Python pickle, which is never opened; convert it to JSON lines"),
    (b"\x80\x04", "a Python pickle, which is never opened; convert it to JSON lines"),
    (b"\x80\x05", "a Python pickle, which is never opened; convert it to JSON lines"),
    (b"version https://git-lfs", "a pointer of Git LFS; fetch the file itself with git lfs pull"),
) + tuple((magic, f"a {kind} file inside another one; decompress it once") for magic, kind in opening.MAGIC)
PARQUET = b"PAR1"
OBJECTS = "JSON objects one after the other"  # not one in each line


class Layout(NamedTuple):
    """What a file is, and how its records are read."""
    name: str
    units: Callable  # (tally) -> iterator of (line number, unit): a record, or the text of the line that holds it
    record: Callable = lambda unit, number: unit  # (unit, line number) -> record; this is where lines are parsed

    def records(self, tally):
        """Yields (line number, record). Raises UserError, which names the line."""
        return ((number, self.record(unit, number)) for number, unit in self.units(tally))


def of(path):
    """The Layout of a file. Raises UserError where it cannot be read."""
    with opening.reported(path, lambda: 0), opening.stream(path) as content:
        head = content.read(HEAD)
    if head.startswith(PARQUET):
        if opening.compression(path):
            raise UserError(f"{path}: a Parquet file inside a compressed one; decompress it")
        return Layout("Parquet", lambda tally: tables.of_parquet(path, tally))
    foreign = next((what for magic, what in FOREIGN if head.startswith(magic)), None)
    if any(head[:64:2]) != any(head[1:64:2]) and len(head) > 7:  # ASCII characters of two bytes
        foreign = f"UTF-16 text; convert it with iconv -f UTF-16{'BE' if head[0] == 0 else 'LE'} -t UTF-8"
    if head[257:262] == b"ustar":
        foreign = "a tar archive; unpack it, and give the files of reviews"
    if foreign:
        raise UserError(f"{path}: this is {foreign}")
    text = head.decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    name = _name(text)
    if name in tables.DELIMITERS:
        arguments = tables.dialect(text, tables.DELIMITERS[name])
        return Layout(name, lambda tally: tables.of_text(path, tally, arguments))
    if name in ("JSON array", "pretty-printed JSON", OBJECTS):
        return Layout(name, lambda tally: json_text.of_stream(path, tally))
    if name in ("JSON lines", "Python literals", "empty"):
        return Layout(name, lambda tally: lines(path, tally), lambda line, number: json_text.parse(line, path, number))
    raise UserError(f"{path}: this looks like {name}")


def _name(text):
    """The name of the layout of a text, or what it is and what to do."""
    first = text.split("\n", 1)[0]
    if not text:
        return "empty"
    if text[0] == "{":
        return _of_objects(text, first)
    if text[0] == "[":
        return "JSON array" if not re.match(r"\[\s*\{\s*'", text) else \
            "one Python list; write one JSON object in each line"
    if re.match(r"<(!doctype|html|\?xml|[a-z]+[ >])", text, re.I):
        return "a web page or XML; fetch the data file itself"
    if re.match(r"[^\s:]+::[^\s:]+::", first):
        return "ratings without text (MovieLens), and the model learns from review texts; give reviews with their text"
    if re.match(r"[a-z]+/[A-Za-z]+: ", first):
        return "blocks of lines 'name: value' (SNAP); convert them to JSON lines"
    return tables.layout_of(text) or f"neither JSON nor a table (it begins with {ascii(first[:30])}); give JSON " \
        "lines, a JSON array, CSV, TSV or Parquet"


def _of_objects(text, first):
    try:
        rest = first[json_text.DECODER.raw_decode(first)[1]:].lstrip()
        return OBJECTS if rest.startswith((",", "{")) else "JSON lines"
    except (ValueError, RecursionError):
        pass
    if json_text.literal(first) is not None:
        return "Python literals"
    broken = "\n" in text and not first.rstrip().endswith("}")  # the object goes on in the next line
    return "pretty-printed JSON" if broken else "JSON lines"
