"""Readers of raw files: Amazon reviews and metadata of 2014 or 2018, JSON lines, plain or gzip.

The layout of 2018 says `vote` ("1,024": helpful votes alone, and none where there is no such field) for
`helpful`, `category` for `categories`, `imageURLHighRes` and `imageURL` (lists) for `imUrl`, a list of
paragraphs for `description` and "$25.00" for a price. Each record is read by the fields it has.

What a missing field means, for every reader: no text is '', no summary, time, title, price, picture,
category, brand or description is None, no votes are (None, None); a value of another kind, or a number that
cannot be (a time before 1970, infinitely many votes), is a missing one. A row without user, item or rating is
counted and dropped. Anything else that is wrong is an error that names file and line.
"""
import ast
import gzip
import json
import math
import re
import zlib
from typing import NamedTuple, Optional

from runtime.cli import UserError

LATEST = 253402300799  # the last second of the year 9999
MOST_VOTES = 2 ** 31 - 1
IMAGES = ("imUrl", "imageURLHighRes", "imageURL")
NUMBER = re.compile(r"\$?[0-9]{1,3}(,?[0-9]{3})*(\.[0-9]+)?$")


class Review(NamedTuple):
    user_id: str
    item_id: str
    rating: float
    text: str
    summary: Optional[str]
    time: Optional[int]  # seconds since 1970, UTC
    helpful_up: Optional[int]
    helpful_total: Optional[int]


class Item(NamedTuple):
    item_id: str
    title: Optional[str]
    price: Optional[float]
    image: Optional[str]
    category: Optional[str]
    brand: Optional[str]
    description: Optional[str]


def lines(path):
    """Yields (line number, text) of a plain or gzip file; which of the two is seen by its first bytes."""
    try:
        with open(path, "rb") as raw:
            zipped = raw.read(2) == b"\x1f\x8b"
        if str(path).endswith(".gz") and not zipped:
            raise UserError(f"{path}: not a gzip file; give a gzip file, or drop the ending .gz")
        number = 0
        with (gzip.open if zipped else open)(path, "rt", encoding="utf-8") as text:
            for number, line in enumerate(text, 1):
                if line.strip():
                    yield number, line
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: not UTF-8 text after line {number} ({error.reason}); convert it") from error
    except (OSError, EOFError, zlib.error) as error:
        if getattr(error, "errno", None):
            raise UserError(f"{path}: cannot be read ({error.strerror}); give an existing file") from error
        raise UserError(f"{path}: the gzip file is cut short or damaged after line {number} ({error}); "
                        "fetch it again") from error


def read_reviews(path):
    """Reads the reviews of a file, in its order.

    Returns:
      ([Review], {reason: rows dropped}).
    """
    reviews, dropped, seen = [], {"no user, item or rating": 0, "user and item again": 0}, set()
    for number, line in lines(path):
        review = _review(_parse(line, path, number), path, number)
        if review is None:
            dropped["no user, item or rating"] += 1
        elif (review.user_id, review.item_id) in seen:
            dropped["user and item again"] += 1
        else:
            seen.add((review.user_id, review.item_id))
            reviews.append(review)
    if not reviews:
        raise UserError(f"{path}: no review in it ({sum(dropped.values())} rows dropped); each line must be "
                        "a JSON object with reviewerID, asin and overall")
    return reviews, dropped


def read_items(path):
    """Reads item metadata: {item_id: Item}. Lines are JSON or Python literals (the 2014 release's)."""
    items = {}
    for number, line in lines(path):
        record = _parse(line, path, number, literals=True)
        if record.get("asin"):
            item = _item(record)
            items[item.item_id] = item
    if not items:
        raise UserError(f"{path}: no item in it; each line must be an object with asin")
    return items


def _parse(line, path, number, literals=False):
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        try:
            record = ast.literal_eval(line.strip()) if literals else None
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            record = None
        if record is None:
            raise UserError(f"{path}:{number}: not JSON ({error}); mend or delete the line") from error
    if not isinstance(record, dict):
        raise UserError(f"{path}:{number}: not a JSON object; mend or delete the line")
    return record


def _review(record, path, number):
    user_id, item_id, rating = (record.get(key) for key in ("reviewerID", "asin", "overall"))
    if user_id in (None, "") or item_id in (None, "") or rating is None:
        return None
    try:
        stars = float(rating)
    except (TypeError, ValueError, OverflowError):
        stars = math.nan
    if isinstance(rating, bool) or not 1 <= stars <= 5:
        raise UserError(f"{path}:{number}: rating {rating!r} is not a number from 1 to 5; mend or delete "
                        "the line")
    up, total = _votes(record)
    return Review(_storable(user_id), _storable(item_id), stars, _text(record.get("reviewText")) or "",
                  _text(record.get("summary")), _whole(record.get("unixReviewTime"), LATEST), up, total)


def _votes(record):
    helpful, vote = record.get("helpful"), record.get("vote")
    if isinstance(helpful, list) and len(helpful) == 2:
        return _whole(helpful[0], MOST_VOTES), _whole(helpful[1], MOST_VOTES)
    return _whole(_spelled(vote), MOST_VOTES), None


def _item(record):
    categories = record.get("categories")
    leaf = categories[0] if isinstance(categories, list) and categories else record.get("category")
    category = " > ".join(str(part) for part in leaf) if isinstance(leaf, list) else leaf
    image = next(filter(None, (_first(record.get(field)) for field in IMAGES)), None)
    description = record.get("description")
    if isinstance(description, list):
        description = "\n".join(part for part in description if isinstance(part, str))
    return Item(_storable(record["asin"]), _text(record.get("title")), _number(_spelled(record.get("price"))),
                image, _text(category), _text(record.get("brand")), _text(description))


def _first(value):
    return _text(value[0] if isinstance(value, list) and value else value)


def _spelled(value):
    """The number of "1,024" or "$25.00"; any other value as it is."""
    if isinstance(value, str) and NUMBER.match(value):
        return float(value.lstrip("$").replace(",", ""))
    return value


def _text(value):
    return _storable(value.strip()) or None if isinstance(value, str) else None


def _storable(value):
    """Text of a value; half an emoji (a lone surrogate, which JSON can spell and UTF-8 cannot) is '?'."""
    return str(value).encode("utf-8", "replace").decode("utf-8")


def _number(value):
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None


def _whole(value, most):
    number = _number(value)
    return int(number) if number is not None and 0 <= number <= most else None
