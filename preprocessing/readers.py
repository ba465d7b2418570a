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

from preprocessing.corpus import collector
from preprocessing.reading import columns, fields, layouts, opening, tally, values
from preprocessing.reading.progress import Progress
from runtime.cli import UserError

FIRST, LAST = "first", "last"  # which row of the same user and item is kept: by the file, or by time
PEEK = 100  # records whose columns decide
NO_REVIEW = "no review in it"


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
    reviews = Reviews(how, counts or tally.Tally(), tokeniser, folder)
    for where, found, record in _records(paths, reviews.known, NO_REVIEW, reviews.counts):
        reviews.add(where, found, record)
    return reviews.corpus(_first(paths)), reviews.counts.dropped


def read_items(paths, given=None, counts=None):
    """Reads item metadata: {item_id: Item}; the last record of an item counts. Raises UserError.

    Args:
      paths: the path of a file, or a list of them.
      given: {field: column} as in `Reading`.
      counts: `tally.Tally` of the metadata; None: a new one.
    """
    counts = counts or tally.Tally()
    items, places, known = {}, {}, columns.Columns("items", given)
    for where, found, record in _records(paths, known, "no item in it", counts):
        item = fields.item(record, found, where, counts)
        if item is None:
            counts.drop(tally.NO_ITEM, where)
            continue
        if item.item_id in items:
            counts.drop(tally.ITEM_AGAIN, places[item.item_id])
        items[item.item_id], places[item.item_id] = item, where
    known.require_given(_first(paths))
    if not items:
        raise UserError(f"{_first(paths)}: no item in it; give records with the id of an item, such as asin")
    return items


def _first(paths):
    return paths if isinstance(paths, str) else paths[0]


def _records(paths, known, none, counts):
    """Yields ("file:line", {field: [column]}, record) of all files; refuses a file whose columns are not known."""
    paths = [paths] if isinstance(paths, str) else paths
    with Progress(f"read {known.kind}", paths, counts) as progress:
        for path in paths:
            _, records = opened(path, known, none, counts)
            for row in rows(path, known, records, counts):
                progress.update()
                yield row
            progress.end_of(path)


def opened(path, known, none, counts):
    """(`Layout` of a file, iterator of its (line number, record)). Raises UserError where its columns are not known.

    Args:
      path: the file.
      known: `columns.Columns`.
      none: words for a file that gives nothing, such as NO_REVIEW.
      counts: `tally.Tally`.
    """
    layout = layouts.of(path)
    counts.layouts[opening.shown(path)] = layout.name
    records = layout.records(counts)
    head = list(itertools.islice(records, PEEK))
    if head:
        names = list(dict.fromkeys(name for _, record in head for name in record))
        known.require(path, layout.name, names, none)
    return layout, itertools.chain(head, records)


def rows(path, known, records, counts):
    """Yields ("file:line", {field: [column]}, record) of the (line number, record) of a file, and counts them."""
    shown = opening.shown(path)
    for number, record in records:
        counts.rows += 1
        yield f"{shown}:{number}", known.of(record), record


class Part(NamedTuple):
    """Reviews that were read elsewhere, such as in another process, to be joined with others."""
    collected: collector.Part
    places: "_Places"
    unseen: dict  # {field: column} of `Reading.columns` that no record had
    outside: dict  # {rating outside of values.STARS: "file:line" of the first}
    counts: tally.Tally


class Reviews:
    """The reviews of records. Parts that are joined in the order of the rows give what all records together give.

    Args:
      how, counts, tokeniser, folder: as of `read_reviews`.
    """

    def __init__(self, how, counts, tokeniser, folder=None):
        self.counts, self.known = counts, columns.Columns("reviews", how.columns)
        self._how, self._collector = how, collector.Collector(tokeniser, folder)
        self._places, self._outside = _Places(), {}

    def add(self, where, found, record):
        """Adds the review of a record, or counts that it is dropped. Raises UserError for a rating that is wrong."""
        review = fields.review(record, found, where, self.counts)
        if review is None:
            self.counts.drop(tally.NO_KEY, where)
            return
        if self._how.stars is not None:
            review = review._replace(rating=_on_scale(review.rating, self._how.stars, where))
        elif not values.STARS[0] <= review.rating <= values.STARS[1]:
            self._outside.setdefault(review.rating, where)
        self._places.add(where)
        self._collector.add(review)

    def part(self):
        """The `Part` of all reviews so far."""
        return Part(self._collector.part(), self._places, self.known.unseen, self._outside, self.counts)

    def extend(self, part):
        """Adds the reviews of a `Part`."""
        self._collector.extend(part.collected)
        self._places.extend(part.places)
        for field in set(self.known.unseen) - set(part.unseen):
            del self.known.unseen[field]
        for rating, where in part.outside.items():
            self._outside.setdefault(rating, where)
        self.counts.add(part.counts)

    def corpus(self, path):
        """The `Corpus` without repeated reviews, on 1 to 5 stars. Ends adding.

        Raises:
          UserError: there is no review, a given column is in no record, or a rating is not on the scale; `path` is
            the file for the message.
        """
        self.known.require_given(path)
        if not len(self._collector):
            raise UserError(f"{path}: {NO_REVIEW} ({sum(self.counts.dropped.values())} rows dropped); give records "
                            "with a user, an item and a rating")
        kept = self._collector.kept(self._how.repeated == LAST)
        if kept.dropped:
            self.counts.drop(tally.AGAIN, self._places.of(kept.first), kept.dropped)
        corpus = self._collector.corpus(kept.rows)
        scale = self._how.stars or values.scale(corpus.rating)
        if self._outside:
            corpus.rating = _all_on_scale(corpus.rating, scale, self._outside)
        self.counts.scale = None if scale == values.STARS else "{:g}..{:g}".format(*scale)
        return corpus


class _Places:
    """The files and lines of the reviews that were read, as numbers."""

    def __init__(self):
        self._files, self._lines = [], array("q")  # [(first review, file)], [n] line numbers

    def add(self, where):
        name, _, line = where.rpartition(":")
        if not self._files or self._files[-1][1] != name:
            self._files.append((len(self._lines), name))
        self._lines.append(int(line))

    def extend(self, other):
        """Adds the places of further reviews."""
        for first, name in other._files:
            if not self._files or self._files[-1][1] != name:
                self._files.append((len(self._lines) + first, name))
        self._lines.extend(other._lines)

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
