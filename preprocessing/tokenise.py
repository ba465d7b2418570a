"""Splits a text into words: by the published rule, letters a to z, or by Unicode, for every script.

The Unicode rule: a word is a run of letters, digits and combining marks of one script with spaces between words, with
single apostrophes inside ("don't"). Scripts without spaces (Chinese, Japanese, Thai, Lao, Khmer, Burmese) give
overlapping pairs of characters, as search engines index them; a single character is a word. A number keeps the points
and commas between its digits ("3.5"). Each emoji is a word. Words are lower-cased and in the Unicode form NFC.
"""
import functools
import itertools
import re
import sys
import unicodedata

TOKENISER = "lower-cased [a-z]+(?:'[a-z]+)?"
UNICODE_TOKENISER = ("lower-cased Unicode words of letters, digits and combining marks with apostrophes inside; "
                     "overlapping character pairs of scripts without spaces; numbers with points and commas; emoji")
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_ANY_CASE = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)?")
_PLAIN = re.compile(r"[0-9]+(?:[.,][0-9]+)+(?![a-z0-9])|[a-z0-9]+(?:'[a-z0-9]+)*")  # the Unicode rule of ASCII texts
_UNSPACED = (  # letters of scripts without spaces, their digits left out
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ecd\u0edc-\u0edf\u1000-\u103f\u1050-\u108f\u1780-\u17d3\u3005-\u3007"
    "\u3021-\u3029\u3031-\u3035\u303b\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003fffd")
_EMOJI = ("\u231a-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa"
          "\U0001f400-\U0001faff")


def tokenise(text):
    """The words of a text, lower-cased: runs of the letters a to z, with at most one apostrophe inside ("don't")."""
    return _WORD.findall(text.lower())


class Published:
    """The published rule."""
    name, rule = "a-z", TOKENISER

    @staticmethod
    def words(text):
        """The words of a text."""
        return tokenise(text)

    @staticmethod
    def placed(text, most=None):
        """[(word, start, end)] of the first `most` words of a text, in its order; no two overlap."""
        return [(match.group().lower(), *match.span()) for match in itertools.islice(_ANY_CASE.finditer(text), most)]


class Unicode:
    """The Unicode rule."""
    name, rule = "unicode", UNICODE_TOKENISER

    @staticmethod
    def words(text):
        """The words of a text."""
        try:
            text.encode("ascii")
        except UnicodeEncodeError:
            return [word for word, _, _ in _placed(text)]
        return _PLAIN.findall(text.lower())  # the same rule, several times as fast

    @staticmethod
    def placed(text, most=None):
        """[(word, start, end)] of the first `most` words of a text, in its order; no two overlap.

        A pair of characters that overlaps the next one has the place of its first character.
        """
        return list(itertools.islice(_placed(text), most))


TOKENISERS = {rule.name: rule for rule in (Published, Unicode)}


def of(meta):
    """The rule of an artefact by its meta.json; those of older versions have the published one."""
    return TOKENISERS[meta.get("options", {}).get("tokens", Published.name)]


def _placed(text):
    words, unit = _patterns()
    for match in words.finditer(text):
        if match.lastgroup != "unspaced":
            yield (_normal(match.group()), *match.span())
            continue
        starts = [found.start() for found in unit.finditer(text, *match.span())] + [match.end()]
        for at in range(max(1, len(starts) - 2)):
            end = starts[min(at + 2, len(starts) - 1)]
            is_last = end == match.end()
            yield _normal(text[starts[at]:end]), starts[at], end if is_last else starts[at + 1]


def _normal(word):
    return unicodedata.normalize("NFC", word.lower())


@functools.lru_cache(None)
def _patterns():
    """The patterns of a word and of a character with its marks; made when they are first needed."""
    marks = _ranges(code for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code))[0] == "M")
    letter, mark = f"[^\\W_{_UNSPACED}]", f"[{marks}\u200c\u200d]"
    part, unit = f"{letter}+(?:{mark}+{letter}*)*", f"[{_UNSPACED}]{mark}*"
    emoji = f"[{_EMOJI}](?:\ufe0f|[\U0001f3fb-\U0001f3ff])*"
    return re.compile(f"(?P<unspaced>(?:{unit})+)|(?P<number>[0-9]+(?:[.,][0-9]+)+(?!{letter}))|"
                      f"(?P<word>{part}(?:'{part})*)|(?P<flag>[\U0001f1e6-\U0001f1ff]{{2}})|"
                      f"(?P<emoji>{emoji}(?:\u200d{emoji})*)"), re.compile(unit)


def _ranges(codes):
    """The inside of a character class of rising code points."""
    runs = []
    for code in codes:
        if runs and code == runs[-1][1] + 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in runs)
