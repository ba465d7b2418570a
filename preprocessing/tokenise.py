"""Splits a text into words."""
import re

TOKENISER = "lower-cased [a-z]+(?:'[a-z]+)?"
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")


def tokenise(text):
    """The words of a text, lower-cased: runs of the letters a to z, with at most one apostrophe inside ("don't")."""
    return _WORD.findall(text.lower())
