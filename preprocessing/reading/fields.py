"""The review or the item of a record: its fields, read from the columns that hold them."""
import itertools

from preprocessing.reading import columns, tally, values
from preprocessing.reading.clean import clean, one_line, storable
from preprocessing.reading.records import Item, Review
from runtime.cli import UserError


def first_value(record, found, field):
    """The first value of a field that is not absent; None if there is none."""
    return next((record[name] for name in found.get(field, ()) if not values.is_absent(record[name])), None)


def review(record, found, where, counts):
    """The `Review` of a record; None without user, item or rating. Raises UserError where the rating is no number.

    Args:
      record: {column: value}.
      found: {field: [column]}, as `columns.Columns.of` finds them.
      where: "file:line" of the record.
      counts: `tally.Tally`, counts absent and unreadable values.
    """
    user_id, item_id = (values.identifier(first_value(record, found, field)) for field in ("user", "item"))
    rating = first_value(record, found, "rating")
    if user_id is None or item_id is None or rating is None or _is_unrated(rating, found):
        return None
    try:
        stars = values.rating(rating)
    except ValueError as error:
        raise UserError(f"{where}: rating {tally.short(rating)} is not a number; correct or delete the line") from error

    def read(field, function):
        raw = first_value(record, found, field)
        return counts.value(field, raw, function(raw), where)

    helpful = first_value(record, found, "helpful")
    up, total = values.votes(helpful, first_value(record, found, "total"))
    return Review(user_id, item_id, stars, read("text", _text) or "", read("summary", _text),
                  read("time", values.time), counts.value("helpful", helpful, up, where), total)


def _is_unrated(rating, found):
    """Goodreads writes 0 stars for a book without a rating."""
    return rating in (0, "0") and columns.plain(found["item"][0]) == "bookid"


def item(record, found, where, counts):
    """The `Item` of a record; None without an id. The arguments are those of `review`."""
    item_id = values.identifier(first_value(record, found, "item"))
    if item_id is None:
        return None

    def read(field, function):
        raw = first_value(record, found, field)
        return counts.value(field, raw, function(raw), where)

    images = (_image(record[name]) for name in found.get("image", ()))
    image = counts.value("image", first_value(record, found, "image"), next(filter(None, images), None),
                         where)
    return Item(item_id, read("title", _name), read("price", values.price), image, read("category", _category),
                read("brand", _name), read("description", _description))


def _text(value):
    return clean(value) or None if isinstance(value, str) else None


def _name(value):
    return one_line(value) or None if isinstance(value, str) else None


def _image(value):
    """The first URL in a text, in a list of texts, or in `images` of the layout of 2023: objects with sizes."""
    for part in value if isinstance(value, list) else [value]:
        if isinstance(part, dict):
            sizes = (part.get(size) for size in ("hi_res", "large", "thumb"))
            urls = itertools.chain.from_iterable(size if isinstance(size, list) else [size] for size in sizes)
            part = next(filter(None, urls), None)
        if isinstance(part, str) and part.strip():
            return storable(part.strip())
    return None


def _category(value):
    """'general > special' of a list, or of the first of several lists."""
    if isinstance(value, list) and value and isinstance(value[0], list):
        value = value[0]
    parts = filter(None, (_name(part) for part in (value if isinstance(value, list) else [value])))
    return " > ".join(parts) or None


def _description(value):
    if isinstance(value, list):
        value = "\n".join(part for part in value if isinstance(part, str))
    return _text(value)
