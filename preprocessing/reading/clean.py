"""Cleans text once, where it is read: the tokeniser, the catalogue and the pages all use the result.

Entities are decoded (also twice-escaped ones), tags become spaces or line breaks, typographic apostrophes, quotation
marks and dashes become plain ones, control characters and invisible ones go, and Unicode is in its form NFC.
"""
import html
import re
import unicodedata

DECODINGS = 5  # an entity that is escaped more often stays
_NAMES = ("a|abbr|acronym|address|article|b|big|blockquote|body|br|button|center|cite|code|dd|del|div|dl|dt|em|font|"
          "footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|label|li|link|meta|ol|option|p|pre|q|s|"
          "script|section|select|small|span|strike|strong|style|sub|sup|table|tbody|td|tfoot|th|thead|title|tr|tt|"
          "u|ul|video|wbr")
_BREAKS = re.compile(r"[^\S\n]*</?(?:blockquote|br|dd|div|dl|dt|h[1-6]|hr|li|ol|p|pre|table|tr|ul)"
                     r"(?:\s[^<>]*|/)?>[^\S\n]*", re.I)
_TAG = re.compile(rf"</?(?:{_NAMES})(?:\s[^<>]*|/)?>|<!--[^<>]*-->|</?(?:{_NAMES})\s+[a-z-]+=[^<>]*\Z", re.I)
_PROGRAM = re.compile(r"<(script|style)\b[^<>]*>.{0,5000}?</\1\s*>", re.I | re.S)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_UNUSUAL = re.compile(r"[&<\x00-\x08\x0b-\x1f\x7f]|[^\x00-\x7f]")
_SCRIPT = re.compile(r"\bvar \w+ ?=|\bfunction ?\w*\(|\bgetTime\(\)|\{[^{}]*:[^{}]*\}|^\s*[.#][\w-]+ ?\{")


def _table():
    """{code point: its replacement} for `str.translate`."""
    table = {code: None for code in list(range(32)) + list(range(0x7f, 0xa0))}
    table.update({ord(char): char for char in "\n\t"})
    groups = ((" ", "\x0b\x0c\u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200b)))),
              ("\n", "\x85\u2028\u2029"), ("'", "\u2018\u2019\u201b\u02bc\uff07"),
              ('"', "\u201c\u201d\u201e\u201f\uff02"),
              ("-", "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"),
              (None, "\u00ad\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"))
    for replacement, characters in groups:
        table.update({ord(char): replacement for char in characters})
    for code in set(range(0x80, 0xa0)) - {0x85}:  # text of Windows that was read as Latin-1
        windows = bytes([code]).decode("cp1252", "ignore")
        table[code] = table.get(ord(windows), windows) if windows else None
    return table


_TABLE = _table()


def clean(text):
    """The text without markup, control characters and white space around it, in NFC; '' where nothing is left."""
    if not _UNUSUAL.search(text):
        return text.strip()
    text = plain(text)
    for _ in range(DECODINGS):
        decoded = _ENTITY.sub(lambda entity: html.unescape(entity.group()), text)
        if decoded == text:
            break
        text = plain(decoded)
    if "<" in text:
        text = _without_tags(text)
    return unicodedata.normalize("NFC", text).strip()


def one_line(text):
    """The clean text of a name, such as a title, on one line; '' where it is a piece of a web page's program."""
    text = " ".join(clean(text).split())
    return "" if _SCRIPT.search(text) else text


def storable(text):
    """The text with '?' for each lone surrogate (half an emoji), which JSON allows and UTF-8 does not."""
    return text.encode("utf-8", "replace").decode("utf-8")


def plain(text):
    """The text with plain apostrophes, quotation marks, dashes and spaces, without control and invisible characters."""
    return storable(text.replace("\r\n", "\n").replace("\r", "\n").translate(_TABLE))


def _without_tags(text):
    text = _TAG.sub(" ", _BREAKS.sub("\n", _PROGRAM.sub(" ", text)))
    return re.sub(r"\n{3,}", "\n\n", re.sub(r" {2,}", " ", text))
