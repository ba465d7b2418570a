"""Raw files -> reviews and items, from any layout that `preprocessing/reading/` knows.

Each record is read by the columns that it has (`reading/columns.py`). The meaning of a missing value is the same for
every layout: no text is ''; no summary, time, title, price, image, category, brand or description is None; no votes are
(None, None). A value of another type, or an impossible number (a time before 1970, infinitely many votes), counts as
missing. A row without user, item or rating, and all but one row of the same user and item, are dropped and counted. Any
other mistake is an error that names file and line. All text is clean (`reading/clean.py`): nobody decodes it again.
"""
import itertools
from array import array
from typing import NamedTuple, Optional

import numpy as np

from preprocessing.corpus.collector import Collector
from preprocessing.reading import columns, layouts, opening, tally, values
from preprocessing.reading.clean import clean, one_line, storable
from preprocessing.reading.progress import Progress
from preprocessing.reading.records import Item, Review
from runtime.cli import UserError

FIRST, LAST = "first", "last"  # which row of the same user and item is kept: by the file, or by time
PEEK = 100  # records whose columns decide


class Reading(NamedTuple):
    """How to read reviews where the file does not tell."""
    columns: Optional[dict] = None  # {field: column}; None: by the names that are known
    stars: Optional[tuple] = None  # the lowest and the highest rating of the file; None: found from the ratings
    repeated: str = LAST  # FIRST or LAST


def read_reviews(paths, how=Reading(), counts=None, tokeniser=None, folder=None):
    """Reads the reviews of a file, or of several in their order, once and without keeping them in memory.

    Args:
      paths: the path of a file, or a list of them.
      how: `Reading`.
      counts: a `tally.Tally` that counts what is dropped and unreadable; None: a new one.
      tokeniser: the rule of words, one of `tokenise.TOKENISERS`; None: texts are not split into words.
      folder: where words and texts are kept meanwhile; None: the folder for temporary files.

    Returns:
      (`Corpus`, {reason: number of rows dropped}).

    Raises:
      UserError: the file or a line cannot be read, or there is no review; it names file and line.
    """
    counts = counts or tally.Tally()
    collector, places, outside = Collector(tokeniser, folder), _Places(), {}
    for where, found, record in _records(paths, "reviews", "no review in it", how.columns, counts):
        review = _review(record, found, where, counts)
        if review is None:
            counts.drop(tally.NO_KEY, where)
            continue
        if how.stars is not None:
            review = review._replace(rating=_on_scale(review.rating, how.stars, where))
        elif not values.STARS[0] <= review.rating <= values.STARS[1]:
            outside.setdefault(review.rating, where)
        places.add(where)
        collector.add(review)
    if not len(collector):
        raise UserError(f"{_first(paths)}: no review in it ({sum(counts.dropped.values())} rows dropped); give records "
                        "with a user, an item and a rating")
    kept = collector.kept(how.repeated == LAST)
    if kept.dropped:
        counts.drop(tally.AGAIN, places.of(kept.first), kept.dropped)
    corpus = collector.corpus(kept.rows)
    scale = how.stars or values.scale(corpus.rating)
    if outside:
        corpus.rating = _all_on_scale(corpus.rating, scale, outside)
    counts.scale = None if scale == values.STARS else "{:g}..{:g}".format(*scale)
    return corpus, counts.dropped


def read_items(paths, given=None, counts=None):
    """Reads item metadata: {item_id: Item}; the last record of an item counts. Raises UserError.

    Args:
      paths: the path of a file, or a list of them.
      given: {field: column} as in `Reading`.
      counts: `tally.Tally` of the metadata; None: a new one.
    """
    counts = counts or tally.Tally()
    items, places = {}, {}
    for where, found, record in _records(paths, "items", "no item in it", given, counts):
        item_id = values.identifier(_value(record, found, "item"))
        if item_id is None:
            counts.drop(tally.NO_ITEM, where)
            continue
        if item_id in items:
            counts.drop(tally.ITEM_AGAIN, places[item_id])
        items[item_id], places[item_id] = _item(item_id, record, found, where, counts), where
    if not items:
        raise UserError(f"{_first(paths)}: no item in it; give records with the id of an item, such as asin")
    return items


def _first(paths):
    return paths if isinstance(paths, str) else paths[0]


def _records(paths, kind, none, given, counts):
    """Yields ("file:line", {field: [column]}, record) of all files; refuses a file whose columns are not known."""
    known = columns.Columns(kind, given)
    paths = [paths] if isinstance(paths, str) else paths
    with Progress(f"read {kind}", paths, counts) as progress:
        for path in paths:
            layout = layouts.of(path)
            shown = opening.shown(path)
            counts.layouts[shown] = layout.name
            records = layout.records(counts)
            head = list(itertools.islice(records, PEEK))
            names = list(dict.fromkeys(name for _, record in head for name in record))
            if head:
                known.require(path, layout.name, names, none)
            for number, record in itertools.chain(head, records):
                counts.rows += 1
                progress.update()
                yield f"{shown}:{number}", known.of(record), record
            progress.end_of(path)
        known.require_given(paths[0])


def _value(record, found, field):
    """The first value of a field that is not absent; None if there is none."""
    return next((record[name] for name in found.get(field, ()) if not values.is_absent(record[name])), None)


class _Places:
    """The files and lines of the reviews that were read, as numbers."""

    def __init__(self):
        self._files, self._lines = [], array("q")  # [(first review, file)], [n] line numbers

    def add(self, where):
        name, _, line = where.rpartition(":")
        if not self._files or self._files[-1][1] != name:
            self._files.append((len(self._lines), name))
        self._lines.append(int(line))

    def of(self, row):
        """The place "file:line" of a review."""
        name = next(name for first, name in reversed(self._files) if first <= row)
        return f"{name}:{self._lines[row]}"


def _all_on_scale(ratings, scale, outside):
    """Ratings [n] as 1 to 5 stars; `outside` is {rating: "file:line"}. Raises UserError for the first that is wrong."""
    distinct, first, kind = np.unique(ratings, return_index=True, return_inverse=True)
    stars = np.empty(len(distinct))
    for number in np.argsort(first).tolist():
        rating = float(distinct[number])
        stars[number] = _on_scale(rating, scale, outside.get(rating))
    return stars[kind]


def _on_scale(rating, scale, where):
    """A rating as 1 to 5 stars. Raises UserError, which names the line, if it is not on the scale."""
    try:
        return values.stars(rating, scale)
    except ValueError as error:
        lowest, highest = scale
        raise UserError(f"{where}: rating {rating:g} is not a number from {lowest:g} to {highest:g}; correct or "
                        "delete the line, or name the scale of the file with --stars LOWEST..HIGHEST") from error


def _review(record, found, where, counts):
    user_id, item_id = (values.identifier(_value(record, found, field)) for field in ("user", "item"))
    rating = _value(record, found, "rating")
    if user_id is None or item_id is None or rating is None or _is_unrated(rating, found):
        return None
    try:
        stars = values.rating(rating)
    except ValueError as error:
        raise UserError(f"{where}: rating {tally.short(rating)} is not a number; correct or delete the line") from error

    def read(field, function):
        raw = _value(record, found, field)
        return counts.value(field, raw, function(raw), where)

    helpful = _value(record, found, "helpful")
    up, total = values.votes(helpful, _value(record, found, "total"))
    return Review(user_id, item_id, stars, read("text", _text) or "", read("summary", _text),
                  read("time", values.time), counts.value("helpful", helpful, up, where), total)


def _is_unrated(rating, found):
    """Goodreads writes 0 stars for a book without a rating."""
    return rating in (0, "0") and columns.plain(found["item"][0]) == "bookid"


def _item(item_id, record, found, where, counts):
    def read(field, function):
        raw = _value(record, found, field)
        return counts.value(field, raw, function(raw), where)

    images = (_image(record[name]) for name in found.get("image", ()))
    image = counts.value("image", _value(record, found, "image"), next(filter(None, images), None), where)
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
            part = next((part[size] for size in ("hi_res", "large", "thumb") if part.get(size)), None)
            part = next(filter(None, part), None) if isinstance(part, list) else part
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
