"""Aspects that a corpus brings along: a file of names and seed words, in the place of those that are learned.

JSON: {"name": ["word", ...], ...}, or a list of {"name": ..., "words": [...]}; TSV: a line `name<TAB>word word ...` for
each aspect. A seed word outside the corpus's vocabulary is ignored, which is logged.
"""
import json
import os
from typing import NamedTuple, Tuple

from preprocessing import tokenise, vocabulary
from runtime.cli import UserError, log

MOST, WORDS, NAME = 200, 1000, 80  # aspects, seed words of one, characters of a name
LARGEST = 4 << 20  # bytes of a file
FORM = 'give JSON {"name": ["word", ...]} or lines name<TAB>words'


class Given(NamedTuple):
    """One aspect of a file."""
    name: str
    words: Tuple[str, ...]  # as they are in the file


def read(path):
    """Returns the Given aspects of a file. Raises UserError, one line, where it is not such a file."""
    flag = f"--aspects {path}"
    try:
        if os.path.getsize(path) > LARGEST:
            raise UserError(f"{flag}: larger than {LARGEST >> 20} MiB; {FORM}")
        with open(path, encoding="utf-8-sig") as text:
            content = text.read()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{flag}: cannot be read ({' '.join(str(error).split())}); {FORM}") from error
    pairs = _json(content, flag) if content.lstrip()[:1] in ("{", "[") else _lines(content, flag)
    aspects = [_checked(flag, number, *pair) for number, pair in enumerate(pairs, 1)]
    if not aspects:
        raise UserError(f"{flag}: holds no aspect; {FORM}")
    if len(aspects) > MOST:
        raise UserError(f"{flag}: holds {len(aspects)} aspects; give at most {MOST}")
    names = [one.name.lower() for one in aspects]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise UserError(f"{flag}: two aspects are called {twice!r}; join them")
    return aspects


def groups(aspects, artefact, source):
    """Returns (K lists of word ids, those of `aspects` that have one): the seed words in the vocabulary.

    Raises UserError, which names `source`, where no aspect has a word in the vocabulary.
    """
    ids, rule = vocabulary.numbers(artefact.vocabulary), tokenise.of(artefact.meta)
    found, kept, missing = [], [], 0
    for aspect in aspects:
        words = dict.fromkeys(word for text in aspect.words for word in rule.words(text))
        known = [ids[word] for word in words if word in ids]
        missing += len(words) - len(known)
        if known:
            found.append(known)
            kept.append(aspect)
        else:
            log.warning("--aspects %s: no word of %r is in the reviews; it is left out", source, aspect.name)
    if missing:
        log.warning("--aspects %s: %d seed words are not in the vocabulary of the reviews and tell nothing", source,
                    missing)
    if not found:
        raise UserError(f"--aspects {source}: none of its words is in the reviews; give words that people write there")
    return found, kept


def _json(content, flag):
    try:
        record = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise UserError(f"{flag}: not JSON ({' '.join(str(error).split())}); {FORM}") from error
    if isinstance(record, dict):
        return list(record.items())
    if not all(isinstance(one, dict) and {"name", "words"} <= set(one) for one in record):
        raise UserError(f"{flag}: a list must hold records with name and words; {FORM}")
    return [(one["name"], one["words"]) for one in record]


def _lines(content, flag):
    pairs = []
    for number, line in enumerate(content.splitlines(), 1):
        name, tab, words = line.partition("\t")
        if line.strip() and not tab:
            raise UserError(f"{flag}:{number}: no tab; {FORM}")
        if line.strip():
            pairs.append((name, words.replace("\t", " ").split()))
    return pairs


def _checked(flag, number, name, words):
    """The Given of one entry of a file."""
    words = [words] if isinstance(words, str) else words
    if not isinstance(name, str) or not name.strip() or len(name) > NAME or not name.isprintable():
        raise UserError(f"{flag}: the name of aspect {number} is not a text of 1 to {NAME} characters; {FORM}")
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words) or not words:
        raise UserError(f"{flag}: aspect {number} has no list of words; {FORM}")
    if len(words) > WORDS:
        raise UserError(f"{flag}: aspect {number} has {len(words)} words; give at most {WORDS}")
    return Given(name.strip(), tuple(words))
