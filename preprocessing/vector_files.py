"""Reads word vectors from files: word2vec in text or binary, GloVe, and tables of tabs or commas, also compressed.

Only the vectors of the vocabulary are kept. A word may hold spaces, as in the largest file of GloVe: the last numbers
of a line are its vector.
"""
import itertools
import re
from typing import NamedTuple

import numpy as np

from preprocessing.reading import opening
from preprocessing.reading.clean import clean
from preprocessing.reading.tally import short
from runtime.cli import UserError

PEEK = 20  # lines that decide the dimension of a file without a header
LONGEST = 2 ** 20  # bytes of a line
LONGEST_WORD = 2 ** 14  # bytes
BOM = "\ufeff"
_HEADER = re.compile(r"\s*([0-9]+)\s+([0-9]+)\s*\Z")


class _Damaged(Exception):
    """What is wrong with a file, without its name."""


class Found(NamedTuple):
    """The vectors of a file."""
    vectors: dict  # {word: [E] float32}
    dim: int
    words: tuple  # some words of the file


def read(path, wanted, dim):
    """The vectors of the words `wanted`, a set, with `dim` numbers each, as `Found`. Raises UserError."""
    try:
        with opening.reported(path, lambda: 0), opening.stream(path) as content:
            return _read(path, content, wanted, dim)
    except _Damaged as error:
        raise UserError(f"{path}: not word vectors, cut short or damaged ({error}); give a text or binary file in "
                        "word2vec or GloVe format") from error


def _read(path, content, wanted, dim):
    first = content.readline(LONGEST)
    match = _HEADER.match(_text(first).lstrip(BOM))
    if match:
        count, found = int(match.group(1)), int(match.group(2))
        _require(path, found, dim)
        second = content.readline(LONGEST)
        if _is_text(second, dim):
            return _collect(_of_lines(itertools.chain([second], _lines(content)), dim, 2), wanted, dim, count)
        return _collect(_of_binary(second, content, dim), wanted, dim, count)
    head = [first] + list(itertools.islice(_lines(content), PEEK - 1))
    sizes = [len(_fields(_text(line))) - 1 for line in head if _text(line)[:1].strip()]
    if not sizes or not _is_text(head[0], 1):
        raise _Damaged("no word with numbers in the first line")
    _require(path, min(sizes), dim)
    return _collect(_of_lines(itertools.chain(head, _lines(content)), dim, 1), wanted, dim)


def _require(path, found, dim):
    if found != dim:
        raise UserError(f"{path}: word vectors of dimension {found}, not {dim}; give "
                        + (f"--word_dim {found} or " if found else "") + "other vectors")


def _lines(content):
    return iter(lambda: content.readline(LONGEST), b"")


def _text(line):
    return line.decode("utf-8", "ignore").rstrip("\r\n")


def _fields(text, most=-1):
    """Word and numbers of a line; of a word with spaces, `most` fields from the right are numbers."""
    if "," in text and not re.search(r"[^\s,][ \t]+[^\s,]", text):
        return text.rsplit(",", most)
    return text.rsplit(None, most)


def _is_text(line, dim):
    """Whether a line holds a word and `dim` numbers."""
    try:
        numbers = [float(field) for field in _fields(_text(line), dim)[1:]]
    except ValueError:
        return False
    return len(numbers) == dim


def _of_lines(lines, dim, number):
    """Yields (word, the texts of its numbers); `number` is that of the first line."""
    for number, line in enumerate(lines, number):
        text = _text(line)
        if number == 1:
            text = text.lstrip(BOM)
        word, *numbers = _fields(text, dim) or [""]
        if len(numbers) == dim:
            yield word, numbers
        elif text.strip() and not text[0].isspace():  # a word of white space is passed over
            raise _Damaged(f"line {number} has {len(numbers)} numbers, not {dim}")


def _of_binary(start, content, dim):
    """Yields (word, its numbers) of the binary format behind its header."""
    block, size = start, 4 * dim
    while True:
        end = block.find(b" ")
        if (end < 0 or len(block) < end + 1 + size) and len(block) < LONGEST_WORD + size:
            more = content.read(2 ** 20)
            if more:
                block += more
                continue
        if not block.strip(b"\n"):
            return
        if not 0 <= end < LONGEST_WORD or len(block) < end + 1 + size:
            raise _Damaged("the last vector is not complete")
        yield block[:end].decode("utf-8", "ignore").lstrip("\n"), np.frombuffer(block, "<f4", dim, end + 1)
        block = block[end + 1 + size:]


def _collect(pairs, wanted, dim, count=None):
    """The `Found` of pairs (word, numbers); `count` is their number by the header.

    A word of the file that is wanted as it is counts before one that is written otherwise, such as with a typographic
    apostrophe.
    """
    vectors, others, words, number = {}, {}, [], 0
    for number, (word, numbers) in enumerate(pairs, 1):
        if len(words) < 3:
            words.append(word)
        found, word = (vectors, word) if word in wanted else (others, clean(word))
        if word in wanted and word not in found:  # the first vector of a word counts
            try:
                found[word] = np.array(numbers, np.float32)
            except ValueError as error:
                raise _Damaged(f"the vector of {short(word)} is no list of numbers") from error
        if number == count:
            break
    if number < (count or 1):
        raise _Damaged(f"it holds {number} vectors" + (f", but its header says {count}" if count else ""))
    return Found(dict(others, **vectors), dim, tuple(words))
