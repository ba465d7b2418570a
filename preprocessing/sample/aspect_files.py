"""Reads the product aspects of the sample corpus from the text files in `aspects/`, in the order of their names.

An aspect is a property of a toy that a shopper may care about, such as its noise. Its file reads

    name: noise
    topic: sound
    words: loud quiet volume
      speaker

    # praise
    It is [pleasantly|fairly] quiet.

    # complaint
    ...

`name` is used in `truth.json` and `topic` in headlines; `words` are its distinctive words. Each section (SECTIONS) is
a list of templates (see `phrases.py`), one per line; an indented line continues the line above it. `praise` and
`complaint` are short remarks; the five levels from `very bad` to `very good` hold the sentences about a review's main
aspects. A further file adds an aspect; the tests of the grammar check that no other aspect uses its words.
"""
import functools
import os
from typing import NamedTuple, Tuple

from preprocessing.sample.phrases import template_error
from runtime.cli import UserError
from runtime.files import reason

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "aspects")
LEVELS = ("very bad", "bad", "mixed", "good", "very good")
FIELDS, SECTIONS = ("name", "topic", "words"), ("praise", "complaint") + LEVELS


class Aspect(NamedTuple):
    """One product aspect and the sentences that describe it.

    Attributes:
      name: as in `truth.json`.
      topic: its name in a headline.
      words: distinctive words, lower case; no other aspect's template holds one of them.
      praise, complaint: templates of short remarks.
      sentences: five tuples of templates, from very bad (0) to very good (4).
    """
    name: str
    topic: str
    words: frozenset
    praise: Tuple[str, ...]
    complaint: Tuple[str, ...]
    sentences: Tuple[Tuple[str, ...], ...]


@functools.lru_cache(maxsize=None)
def aspects():
    """All aspects, a tuple of `Aspect`. Raises UserError, which names file and line."""
    try:
        names = sorted(name for name in os.listdir(FOLDER) if name.endswith(".txt"))
    except OSError as error:
        raise UserError(f"{FOLDER}: cannot be read ({reason(error)}); restore the folder") from error
    return tuple(read(os.path.join(FOLDER, name)) for name in names)


def read(path):
    """The `Aspect` of a file. Raises UserError, which names file and line."""
    fields, sections, section = {}, {}, None
    for number, line in _logical_lines(path):
        where = f"{path}:{number}"
        if line.startswith("# "):
            section = _new(sections, line[2:].strip(), SECTIONS, "section", where)
            sections[section] = []
        elif section is None:
            field = _new(fields, line.partition(":")[0], FIELDS, "field", where)
            fields[field] = line.partition(":")[2].strip()
        else:
            error = template_error(line)
            if error:
                raise UserError(f"{where}: {error}")
            sections[section].append(line)
    for required, given in ((FIELDS, fields), (SECTIONS, sections)):
        missing = next((name for name in required if not given.get(name)), None)
        if missing:
            raise UserError(f"{path}: '{missing}' is missing or empty; add it")
    praise, complaint, *levels = (tuple(sections[name]) for name in SECTIONS)
    return Aspect(fields["name"], fields["topic"], frozenset(fields["words"].split()), praise, complaint, tuple(levels))


def _logical_lines(path):
    """[(number of its first line, text)] of a file's lines, continued lines joined; empty ones are left out."""
    try:
        with open(path, encoding="utf-8") as text:
            lines = text.read().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: cannot be read ({reason(error)}); restore the file") from error
    logical = []
    for number, line in enumerate(lines, 1):
        if line[:1].isspace() and line.strip() and logical:
            logical[-1] = (logical[-1][0], f"{logical[-1][1]} {line.strip()}")
        elif line.strip():
            logical.append((number, line.strip()))
    return logical


def _new(given, name, allowed, kind, where):
    """`name`, if it is one of the allowed ones and not given yet. Raises UserError otherwise."""
    if name not in allowed:
        raise UserError(f"{where}: unknown {kind} '{name}'; use one of {', '.join(allowed)}")
    if name in given:
        raise UserError(f"{where}: {kind} '{name}' is given twice; join the two")
    return name
