"""Where a text may be cut: never between the parts of what a reader sees as one character.

The rule covers combining marks, Indian conjuncts, emoji of several parts and flags; it is a part of the rules of
Unicode Standard Annex 29.
"""
import unicodedata

LONGEST = 64  # characters back in which a place for the cut is looked for
_JOINER, _VIRAMA = "\u200d", 9


def cut(text, at):
    """The last position up to `at` where the text may be cut; `at` itself where there is none near."""
    return next((place for place in range(min(at, len(text)), max(0, at - LONGEST), -1) if not is_inside(text, place)),
                at)


def is_inside(text, at):
    """Whether the characters before and after a position belong together."""
    if at >= len(text):
        return False
    before, after = text[at - 1], text[at]
    if _is_flag(after) and _is_flag(before):
        first = at
        while first > 0 and _is_flag(text[first - 1]):
            first -= 1
        return (at - first) % 2 == 1
    return (unicodedata.category(after)[0] == "M" or after == _JOINER or before == _JOINER
            or unicodedata.combining(before) == _VIRAMA and after.isalpha()
            or "\U0001f3fb" <= after <= "\U0001f3ff" or "\u1160" <= after <= "\u11ff"
            or "\U000e0020" <= after <= "\U000e007f")


def _is_flag(char):
    """Whether a character is one of the two letters of a flag."""
    return "\U0001f1e6" <= char <= "\U0001f1ff"
