"""Reads raw files: Amazon reviews and metadata in the layouts of 2014 and 2018, JSON lines, plain or gzip.

The layout of 2018 has `vote` ("1,024": the number of helpful votes, absent if there are none) in place of `helpful`,
`category` in place of `categories`, `imageURLHighRes` and `imageURL` (lists) in place of `imUrl`, a list of paragraphs
as `description`, and prices such as "$25.00". Each record is read by the fields that it has.

The meaning of a missing field is the same for every reader: no text is ''; no summary, time, title, price, image,
category, brand or description is None; no votes are (None, None). A value of another type, or an impossible number
(a time before 1970, infinitely many votes), counts as missing. A row without user, item or rating, and a second row of
the same user and item, are dropped and counted. Any other mistake is an error that names file and line.
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
    """A raw review; for missing values see the docstring of the module."""
    user_id: str
    item_id: str
    rating: float  # stars, 1 to 5
    text: str
    summary: Optional[str]
    time: Optional[int]  # seconds since 1970, UTC
    helpful_up: Optional[int]  # votes that found it helpful
    helpful_total: Optional[int]  # all votes


class Item(NamedTuple):
    """The metadata of an item."""
    item_id: str
    title: Optional[str]
    price: Optional[float]  # as in the file: US dollars
    image: Optional[str]  # a URL
    category: Optional[str]  # from general to special: "Toys > Drums"
    brand: Optional[str]
    description: Optional[str]


def lines(path):
    """Yields (line number, text) of a plain or gzip file; the first bytes decide which. Raises UserError."""
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
      ([Review], {reason: number of rows dropped}).

    Raises:
      UserError: the file or a line cannot be read, or there is no review; it names file and line.
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
    """Reads item metadata: {item_id: Item}. A line is JSON or a Python literal (release of 2014). Raises UserError."""
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
            raise UserError(f"{path}:{number}: not JSON ({error}); correct or delete the line") from error
    if not isinstance(record, dict):
        raise UserError(f"{path}:{number}: not a JSON object; correct or delete the line")
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
        raise UserError(f"{path}:{number}: rating {rating!r} is not a number from 1 to 5; correct or delete "
                        "the line")
    up, total = _votes(record)
    return Review(_storable(user_id), _storable(item_id), stars, _text(record.get("reviewText")) or "",
                  _text(record.get("summary")), _count(record.get("unixReviewTime"), LATEST), up, total)


def _votes(record):
    helpful, vote = record.get("helpful"), record.get("vote")
    if isinstance(helpful, list) and len(helpful) == 2:
        return _count(helpful[0], MOST_VOTES), _count(helpful[1], MOST_VOTES)
    return _count(_number_of_text(vote), MOST_VOTES), None


def _item(record):
    categories = record.get("categories")
    leaf = categories[0] if isinstance(categories, list) and categories else record.get("category")
    category = " > ".join(str(part) for part in leaf) if isinstance(leaf, list) else leaf
    image = next(filter(None, (_first(record.get(field)) for field in IMAGES)), None)
    description = record.get("description")
    if isinstance(description, list):
        description = "\n".join(part for part in description if isinstance(part, str))
    return Item(_storable(record["asin"]), _text(record.get("title")), _number(_number_of_text(record.get("price"))),
                image, _text(category), _text(record.get("brand")), _text(description))


def _first(value):
    return _text(value[0] if isinstance(value, list) and value else value)


def _number_of_text(value):
    """The number in a text such as "1,024" or "$25.00"; any other value unchanged."""
    if isinstance(value, str) and NUMBER.match(value):
        return float(value.lstrip("$").replace(",", ""))
    return value


def _text(value):
    """A text without white space around it; None if it is empty or no text."""
    return _storable(value.strip()) or None if isinstance(value, str) else None


def _storable(value):
    """Text of a value. A lone surrogate (half an emoji), which JSON allows and UTF-8 does not, becomes '?'."""
    return str(value).encode("utf-8", "replace").decode("utf-8")


def _number(value):
    """A finite number as a float; None for any other value."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None


def _count(value, most):
    """The value as an integer if it is a number from 0 to `most`, else None."""
    number = _number(value)
    return int(number) if number is not None and 0 <= number <= most else None
