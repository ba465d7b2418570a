"""The records of JSON lines, of JSON arrays and pretty-printed JSON, and of lines that are Python literals."""
import ast
import codecs
import json
import re
import warnings

from preprocessing.reading import lines as text_lines
from preprocessing.reading import opening
from preprocessing.reading.lines import LONGEST
from runtime.cli import UserError

LONGEST_LITERAL = 2 ** 20  # characters; the parser of Python needs a hundred times that memory
NAMES = {"nan": None, "NaN": None, "inf": None, "null": None, "true": True, "false": False}
_BETWEEN = re.compile(r"[\s,\[\]\ufeff]*")
DECODER = json.JSONDecoder()
LITERAL_ERRORS = (ValueError, TypeError, SyntaxError, MemoryError, RecursionError)


def parse(line, path, number):
    """The record of a line with a JSON object or a Python literal. Raises UserError where it is none."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        record = literal(line)
        if record is None:
            reason = str(error) if isinstance(error, ValueError) else "nested too deep"
            raise UserError(f"{path}:{number}: not JSON ({reason}); correct or delete the line") from error
    return _object(record, path, number)


def literal(line):
    """The dictionary that a Python literal stands for; None where the text is no such literal. Nothing is executed."""
    text = line.strip()
    if not text.startswith("{") or len(text) > LONGEST_LITERAL:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of newer Pythons, about backslashes and numbers
            return ast.literal_eval(_Constants().visit(ast.parse(text, mode="eval")))
    except LITERAL_ERRORS:
        return None


class _Constants(ast.NodeTransformer):
    """Turns the bare names that programs print for missing values (`nan`) into constants."""

    def visit_Name(self, node):
        return ast.copy_location(ast.Constant(value=NAMES[node.id]), node) if node.id in NAMES else node


def _object(record, path, number):
    if not isinstance(record, dict):
        raise UserError(f"{path}:{number}: not a JSON object; correct or delete the line")
    return record


def of_stream(path, tally):
    """Yields (line number, record) of JSON objects over several lines, or in one array. Raises UserError."""
    text = _Text(path)
    with opening.reported(path, lambda: text.line), opening.stream(path, tally) as content:
        text.open(content)
        while text.skip():
            yield text.line, _object(text.value(), path, text.line)
        if text.depth > 0:
            raise UserError(f"{path}: the JSON array is cut short after line {text.line} (no ] at its end); "
                            "fetch it again")


class _Text:
    """A text that is decoded in blocks, so that an array of any length is read record by record."""

    def __init__(self, path):
        self.path, self.line, self.depth = path, 1, 0
        self._content, self._decoder = None, codecs.getincrementaldecoder("utf-8")()
        self._text, self._position, self._ended = "", 0, False

    def open(self, content):
        self._content = content

    def skip(self):
        """Moves to the next value; returns whether there is one."""
        while True:
            between = _BETWEEN.match(self._text, self._position).group()
            self.depth += between.count("[") - between.count("]")
            self._advance(self._position + len(between))
            if self._position < len(self._text):
                return True
            if not self._more():
                return False

    def value(self):
        """The value here, and moves behind it. Raises UserError."""
        while True:
            try:
                value, end = DECODER.raw_decode(self._text, self._position)
            except (ValueError, RecursionError) as error:
                left = len(self._text) - self._position
                if isinstance(error, ValueError) and left <= LONGEST and self._more(left):
                    continue
                if left > LONGEST:
                    raise UserError(f"{self.path}:{self.line}: not JSON, or a record of more than 10 MB; "
                                    "correct or delete it") from error
                raise self._wrong(error) from error
            self._advance(end)
            return value

    def _wrong(self, error):
        if isinstance(error, json.JSONDecodeError):
            line = self.line + self._text.count("\n", self._position, error.pos)
            return UserError(f"{self.path}:{line}: not JSON ({error.msg}); the record begins in line {self.line}; "
                             "correct or delete it")
        return UserError(f"{self.path}:{self.line}: not JSON (nested too deep, or a number too long); correct or "
                         "delete the record")

    def _advance(self, position):
        self.line += self._text.count("\n", self._position, position)
        self._position = position

    def _more(self, left=0):
        """Reads a further block, as long as what is left at least; returns False at the end of the file."""
        if self._ended:
            return False
        block = self._content.read(max(2 ** 16, left))
        self._ended = not block
        try:
            text = self._decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            line = self.line + self._text.count("\n", self._position) + error.object[:error.start].count(b"\n")
            raise text_lines.not_utf8(self.path, line, error) from error
        self._text, self._position = self._text[self._position:] + text, 0
        return True
