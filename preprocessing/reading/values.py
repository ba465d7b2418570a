"""The values of a record: ids, stars, times, votes and prices in the forms in which published files write them.

Each function returns None for a value that is absent or unreadable; `is_absent` tells the two apart.
"""
import calendar
import datetime
import functools
import math
import re

import numpy as np

from preprocessing.reading.clean import storable

STARS = (1, 5)
LATEST = 253402300799  # the last second of the year 9999
MOST_VOTES = 2 ** 31 - 1
NO_ID = {"", "nan", "null", "none", "<na>"}  # what programs write in place of a missing id, in small letters
UNITS = ((10 ** 17, 10 ** 9), (10 ** 14, 10 ** 6), (10 ** 11, 10 ** 3))  # from this number on: units in a second
_NUMBER = re.compile(r"-?\$?[0-9]{1,3}(,?[0-9]{3})*(\.[0-9]*)?\Z")
_PAIR = re.compile(r"[\[(]\s*([0-9.]+)\s*[,\s]\s*([0-9.]+)\s*[\])]\Z")
_STARS = re.compile(r"([0-9]+(?:[.,][0-9]*)?)(?: out of [0-9.]+)?(?: ?stars?)?\Z", re.I)
_ISO = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)(?:[T ](\d\d?):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?)?\s*"
                  r"(Z|UTC|[+-]\d\d:?\d\d)?\Z", re.I)
_DATES = ("%m %d, %Y", "%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y", "%a %b %d %H:%M:%S %z %Y", "%Y/%m/%d",
          "%d.%m.%Y", "%Y%m%d")  # not 05/13/2014: the order of its parts differs between countries
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")  # also what Python takes for the end of a line
_PLACE = re.compile(r"[A-Z][^0-9]* on (?=[A-Z0-9])")  # of "Reviewed in India on 13 May 2014"


def is_absent(value):
    """Whether a record gives no value at all: null, an empty text or list, or NaN."""
    return value is None or value == "" or value == [] or isinstance(value, float) and math.isnan(value) \
        or isinstance(value, str) and value.strip().lower() in NO_ID


def identifier(value):
    """An id as text, with its leading zeros; a whole number that became a float loses the `.0`.

    A tab, line end or other control character inside becomes a space, so that an id fits into one cell of a table.
    """
    if isinstance(value, bool) or not isinstance(value, (str, int, float)) or is_absent(value):
        return None
    if isinstance(value, float):
        return str(int(value)) if math.isfinite(value) and value == int(value) else str(value)
    try:
        return _CONTROL.sub(" ", storable(str(value))).strip() or None
    except ValueError:  # an integer of more digits than Python prints
        return None


def number(value):
    """A finite number as a float, also from a text such as "1,024", " 9 " or "$25.00"."""
    if isinstance(value, str) and _NUMBER.match(value.strip()):
        value = float(value.strip().replace("$", "").replace(",", ""))
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None


def count(value, most=MOST_VOTES):
    """The value as an integer where it is a number from 0 to `most`."""
    found = number(value)
    return int(found) if found is not None and 0 <= found <= most else None


def price(value):
    """A price of 0 or more."""
    found = number(value)
    return found if found is not None and found >= 0 else None


def votes(helpful, total=None):
    """(helpful votes, all votes) of a pair `[2, 4]`, also as text, or of two numbers."""
    if isinstance(helpful, str):
        pair = _PAIR.match(helpful.strip())
        helpful = list(pair.groups()) if pair else helpful
    if isinstance(helpful, (list, tuple)) and len(helpful) == 2:
        helpful, total = helpful
    return count(helpful), count(total)


def rating(value):
    """A rating as a number, also of a text such as "4 out of 5 stars" or "3,5". Raises ValueError where it is none."""
    if isinstance(value, str):
        match = _STARS.match(value.strip())
        value = match.group(1).replace(",", ".") if match else value
    try:
        found = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, OverflowError) as error:
        raise ValueError(str(error)) from error
    if not math.isfinite(found):
        raise ValueError("not a finite number")
    return found


def stars(found, scale):
    """A rating on a scale (lowest, highest) as 1 to 5 stars. Raises ValueError where it is outside of the scale."""
    lowest, highest = scale
    if not lowest <= found <= highest:
        raise ValueError(f"outside {lowest:g} to {highest:g}")
    return found if tuple(scale) == STARS else 1 + 4 * (found - lowest) / (highest - lowest)


def scale(ratings):
    """The scale (lowest, highest) that ratings are clearly on: STARS unless a tenth of them, and ten, lie outside.

    Args:
      ratings: [n] numbers, one at least.
    """
    ratings = np.asarray(ratings)
    lowest, highest = float(ratings.min()), float(ratings.max())
    outside = int(((ratings < STARS[0]) | (ratings > STARS[1])).sum())
    if outside < max(10, .1 * len(ratings)) or lowest < 0:
        return STARS
    if highest > 10:
        return (0, 100) if highest <= 100 else STARS
    if highest > 5:
        return (min(1, math.floor(lowest)), 10)
    if highest <= 1:
        return (0, 1)
    return (.5, 5) if lowest == .5 else STARS


def time(value):
    """Seconds since 1970, UTC: of a number of seconds, milliseconds, microseconds or nanoseconds, or of a date."""
    if isinstance(value, datetime.datetime):
        return _within(calendar.timegm(value.utctimetuple()))
    if isinstance(value, datetime.date):
        return _within(calendar.timegm(value.timetuple()))
    if isinstance(value, str):
        text = value.strip()
        if re.match(r"-?[0-9]+(\.[0-9]*)?\Z", text) and not re.match(r"(19|20)[0-9]{6}\Z", text):
            return _seconds(number(float(text)))
        return _date(text) if len(text) < 80 else None
    return _seconds(number(value))


def _seconds(found):
    if found is None or found < 0:
        return None
    unit = next((unit for least, unit in UNITS if found >= least), 1)
    return _within(int(found / unit if unit > 1 else found))


def _within(seconds):
    return seconds if 0 <= seconds <= LATEST else None


@functools.lru_cache(4096)
def _date(text):
    match = _ISO.match(text)
    try:
        if match:
            *parts, zone = match.groups()
            moment = datetime.datetime(*(int(part or 0) for part in parts))
            return _within(calendar.timegm(moment.timetuple()) - _offset(zone))
        text = _PLACE.sub("", text, 1)
        for form in _DATES:
            try:
                return _within(calendar.timegm(datetime.datetime.strptime(text, form).utctimetuple()))
            except ValueError:
                continue
    except (ValueError, OverflowError):  # 30 February
        pass
    return None


def _offset(zone):
    """Seconds by which a time zone such as `+01:00` is ahead of UTC."""
    if not zone or zone[0] not in "+-":
        return 0
    digits = zone[1:].replace(":", "")
    return (-1 if zone[0] == "-" else 1) * (int(digits[:2]) * 3600 + int(digits[2:]) * 60)
