"""Templates of sentences: how they are read from a text and turned into a sentence.

A *template* is a sentence with choices, `[loud|noisy|shrill]`, and slots, `{toy}`. Choices do not nest; one of the
options may be empty. A list of templates is a text in which each begins with "- ":

    - The [motor|speaker] of this {toy} is
      [loud|noisy].
    - It hums.
"""
import re

SLOTS = ("toy", "a toy", "brand", "a brand", "time", "soon", "child", "childo", "child's")  # childo: as an object
_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{([^{}]*)\}")
_BULLET = re.compile(r"^\s*- ", re.MULTILINE)


def templates(text):
    """Splits a text into a tuple of templates; each run of white space becomes one space."""
    return tuple(" ".join(part.split()) for part in _BULLET.split(text) if part.strip())


def template_error(template):
    """What is wrong with a template of a review and what to do about it, in one line; None if nothing is."""
    unknown = next((slot for slot in _SLOT.findall(template) if slot not in SLOTS), None)
    if unknown is not None:
        return f"unknown slot {{{unknown}}}; use one of {', '.join(SLOTS)}"
    if re.search(r"[\[\]]", _CHOICE.sub("", template)):
        return "a choice [a|b] is nested or has a bracket without its partner; write each choice by itself"
    if re.search(r"[{}]", _SLOT.sub("", template)):
        return "a slot {toy} has a brace without its partner; close the slot"
    return None


def choose(options, random):
    """Draws one element of a sequence; several times faster than `random.choice`."""
    return options[int(random.random_sample() * len(options))]


def resolve(template, random):
    """Draws an option for each choice of a template; its slots stay."""
    return _CHOICE.sub(lambda match: choose(match.group(1).split("|"), random), template)


def capitalise(sentence):
    """The sentence with its first letter as a capital, the rest unchanged."""
    return sentence[:1].upper() + sentence[1:]


def with_article(name):
    """The name after "a" or "an", chosen by its first letter."""
    return ("an " if name[:1].lower() in "aeiou" else "a ") + name
