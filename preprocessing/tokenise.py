"""Text -> words."""
import re

TOKENISER = "lower-cased [a-z]+(?:'[a-z]+)?"
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")


def tokenise(text):
    """The words of a text, lower-cased: runs of letters, with one apostrophe inside ("don't")."""
    return _WORD.findall(text.lower())
