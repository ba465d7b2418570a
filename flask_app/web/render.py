"""How values become text on a page: the template filters.

All of them return plain text or numbers, never markup; the templates escape it.
"""
import ipaddress
import math
import re
import time
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit

from flask_app.web.folding import places
from flask_app.web.graphemes import cut
from flask_app.web.item_picture import patchwork, tone

_LOCAL = ("localhost", "local", "internal", "lan", "home", "corp", "intranet", "arpa", "test", "invalid")
BRIEF = 200  # characters
NO_BREAK = "\u00a0"  # a blank at which no line breaks
_SERVES_HTTPS = re.compile(r"(^|\.)(images-amazon|ssl-images-amazon|media-amazon)\.com$")


class Text(NamedTuple):
    """A text in two parts: what is shown at once, and the rest ('' when nothing is left)."""
    head: str
    rest: str
    is_cut: bool  # whether the rest ends before the text does


def brief(text):
    """A text that should be short, such as a title, a summary or a name: at most BRIEF characters or so."""
    return excerpt(text, BRIEF)


def capital(text):
    """A text as the beginning of a sentence or a title: its first character in capitals."""
    return text[:1].upper() + text[1:]


def brief_id(raw_id):
    """A raw id as it is, cut where it is longer than BRIEF characters."""
    return raw_id if len(raw_id) <= BRIEF else raw_id[:cut(raw_id, BRIEF)] + " …"


def split_text(text, head=280, limit=20000):
    """Splits a text at a space or else between characters: at most `head` of them, then the rest up to `limit`."""
    if len(text) <= head * 1.2:
        return Text(text, "", False)
    space = text.rfind(" ", head // 2, head)
    at = space if space > 0 else cut(text, head)
    return Text(text[:at], text[at:cut(text, limit)].strip(), len(text) > limit)


def excerpt(text, length=160):
    """The first words of a text, with an ellipsis where more follows; '' for None."""
    split = split_text((text or "").strip(), length, length)
    return split.head + (" …" if split.rest or split.is_cut else "")


def marked(text, marks, head=280, limit=20000):
    """As `split_text`, with highlighted words.

    Args:
      marks: ((start, end, level)), in order, positions in the text.

    Returns:
      Text whose parts are lists of (piece, level); level 0 is not highlighted.
    """
    split = split_text(text, head, limit)
    start = text.find(split.rest, len(split.head)) if split.rest else len(text)
    return Text(_pieces(text, marks, 0, len(split.head)),
                _pieces(text, marks, start, start + len(split.rest)), split.is_cut)


def _pieces(text, marks, start, end):
    pieces = []
    for first, last, level in marks:
        if start <= first and last <= end:
            pieces += [(text[start:first], 0), (text[first:last], level)]
            start = last
    return [piece for piece in pieces + [(text[start:end], 0)] if piece[0]]


def around(text, words, length=180):
    """An excerpt of a text around the first occurrence of any of `words`, without regard to case and accents.

    Returns:
      A list of (piece, is_match); joined they are the excerpt.
    """
    first = next(iter(places(text, words)), None)
    start = max(0, first[0] - length // 3) if first else 0
    if start:
        space = text.rfind(" ", max(0, start - length // 4), start)
        start = space + 1 if space >= 0 else cut(text, start)
    end = len(text)
    if start + length < end:
        space = text.rfind(" ", max(start + length // 2, first[1] if first else 0), start + length)
        end = space if space > 0 else cut(text, start + length)
    piece = text[start:end]
    pieces, end = [("… ", False)] if start else [], 0
    for first, last in places(piece, words):
        pieces += [(piece[end:first], False), (piece[first:last], True)]
        end = last
    pieces.append((piece[end:] + (" …" if start + len(piece) < len(text) else ""), False))
    return [pair for pair in pieces if pair[0]]


def item_title(item):
    """An item's title, or its id where the raw files gave none."""
    return brief(item["title"]) or f"Item {brief_id(item['item_id'])}"


def stars(value):
    """Stars to one decimal, within the scale: '4.3'."""
    return f"{min(max(value, 1), 5):.1f}"


def short(rating):
    """A given rating without needless zeros: '4', '3.5'."""
    return f"{rating:g}"


def drawn(rating):
    """A given rating as five characters: '★★★★☆'."""
    full = round(rating)
    return "★" * full + "☆" * (5 - full)


def percent(share):
    """A share of 1 as text: '41 %', '3.2 %', '0 %'. The blank in it is one where no line breaks."""
    return f"{100 * share:.{0 if share >= .0995 or not share else 1}f}{NO_BREAK}%"


def percent_below(share, digits=0):
    """A share of 1 rounded down, as after "more than": '99 %' for .9999, and '100 %' for 1 alone."""
    steps = 100 * 10 ** digits
    down = math.floor(share * steps + 1e-9) if share == 1 else min(math.floor(share * steps + 1e-9), steps - 1)
    return f"{down / 10 ** digits:.{digits}f}{NO_BREAK}%"


def signed(value):
    """A difference in stars, with its sign: '+0.04', '−0.12', '±0.00'."""
    text = f"{abs(value):.2f}"
    return ("±" if float(text) == 0 else "+" if value > 0 else "−") + text


def vote(stars_added):
    """What a review adds to a predicted rating: '+0.37 stars', or in words where it is nothing."""
    text = signed(stars_added)
    return "no change of the stars" if text[0] == "±" else f"{text} stars"


def date(seconds):
    """Seconds since 1970 UTC as '3 March 2014'; '' for none and for a moment that the calendar does not have."""
    try:
        moment = time.gmtime(seconds) if seconds else None
    except (OverflowError, OSError, ValueError):
        moment = None
    return f"{moment.tm_mday} {time.strftime('%B %Y', moment)}" if moment else ""


def picture(url):
    """A picture's address over https, or None. Addresses of Amazon over http work over https too.

    None too where the address has a name or password, or its host is of this machine or of a private network.
    """
    try:
        parts = urlsplit((url or "").strip())
        host = parts.hostname or ""
    except ValueError:
        return None
    if "@" in parts.netloc or not _is_public(host):
        return None
    if parts.scheme == "http" and _SERVES_HTTPS.search(host):
        return urlunsplit(("https", host) + parts[2:])
    return urlunsplit(parts) if parts.scheme == "https" else None


def _is_public(host):
    """Whether a host may be one of the internet: a name with a dot, or a number that is not private or reserved."""
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        last = host.rstrip(".").rpartition(".")[2].lower()
        # browsers read a name whose last part is a number as an address: 127.1, 0x7f.1
        return "." in host.rstrip(".") and last not in _LOCAL and not re.fullmatch("[0-9]+|0x[0-9a-f]*", last)


def hint(aspect, most=3):
    """The most telling words of an aspect that are not in its name, which alone may not say what it is about."""
    return ", ".join([brief(word) for word in aspect.words if word.lower() not in aspect.name.lower()][:most])


# Texts of the catalogue are clean (preprocessing/reading/clean.py) and are not decoded again. Templates show no long
# text by `plain`: they cut it, as they cut reviews by `marked` and `excerpt`.
FILTERS = dict({function.__name__: function for function in
           (marked, excerpt, around, item_title, stars, short, drawn, percent, percent_below, signed, vote, date,
            picture, patchwork, tone, brief, capital, brief_id, hint)}, plain=brief)
