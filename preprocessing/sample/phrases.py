"""The language of the sample corpus's phrase grammars, and the type of one product aspect.

A *template* is a sentence with choices, `[loud|noisy|shrill]`, and slots, `{toy}`. Choices do not
nest; one of them may be empty. A grammar text is a list of templates, each begun by "- ":

    - The [motor|speaker] of this {toy} is
      [loud|noisy].
    - It hums.
"""
import re
from typing import NamedTuple, Tuple

_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_BULLET = re.compile(r"^\s*- ", re.MULTILINE)


class Aspect(NamedTuple):
    """One product aspect and how shoppers speak of it.

    Attributes:
      name: as in `truth.json`.
      topic: how a headline calls it.
      words: distinctive words, lower case; no other aspect's template holds one of them.
      praise, complaint: templates of short remarks in passing.
      sentences: five tuples of templates, from very bad (0) to very good (4).
    """
    name: str
    topic: str
    words: frozenset
    praise: Tuple[str, ...]
    complaint: Tuple[str, ...]
    sentences: Tuple[Tuple[str, ...], ...]


def aspect(name, topic, words, praise, complaint, very_bad, bad, mixed, good, very_good):
    """Builds an `Aspect` from grammar texts; `words` is one string, separated by spaces."""
    sentences = tuple(templates(text) for text in (very_bad, bad, mixed, good, very_good))
    return Aspect(name, topic, frozenset(words.split()), templates(praise), templates(complaint),
                  sentences)


def templates(text):
    """Splits a grammar text into a tuple of templates, their white space made single."""
    return tuple(" ".join(part.split()) for part in _BULLET.split(text) if part.strip())


def choose(options, random):
    """Picks one of a sequence; several times faster than `random.choice`."""
    return options[int(random.random_sample() * len(options))]


def resolve(template, random):
    """Settles the choices of a template; its slots stay."""
    return _CHOICE.sub(lambda match: choose(match.group(1).split("|"), random), template)


def capitalise(sentence):
    """Makes the first letter a capital and leaves the rest as it is."""
    return sentence[:1].upper() + sentence[1:]


def with_article(name):
    """Puts "a" or "an" before a name, by its first letter."""
    return ("an " if name[:1].lower() in "aeiou" else "a ") + name
