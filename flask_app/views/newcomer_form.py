"""Reads the form of the page "Your tastes": reviews that a visitor wrote or pasted, and stars for items."""
import re
from typing import NamedTuple

from flask import abort

from flask_app.recommending.newcomer import OwnReview
from flask_app.web.render import item_title
from preprocessing.reading.clean import clean

BOXES = 3  # reviews in the form
LONGEST = 8000  # characters of a text
RATED = 12  # items
SCALE = [str(stars) for stars in range(1, 6)]


class ReviewBox(NamedTuple):
    """One review in the form."""
    text: str = ""  # cleaned as the reviews of the corpus are
    stars: int = 0  # 0 for none
    item: int = -1  # row of the item that it is about, -1 for none

    @property
    def is_usable(self):
        """Whether the box holds a text, or stars for an item. An item alone or stars alone say nothing."""
        return bool(self.text or self.stars and self.item >= 0)


class NewcomerForm(NamedTuple):
    """The content of the form."""
    boxes: tuple  # of BOXES ReviewBox
    stars: dict  # {item row: stars 1..5} of the list of items
    items: dict  # {row: item} of all items that are named

    @property
    def texts(self):
        return [box.text for box in self.boxes if box.text]

    @property
    def own(self):
        """The texts as `review_highlights.Highlighter` takes them, with the titles of their items where given."""
        return [dict({"text": box.text}, **({"title": item_title(self.items[box.item])}
                                            if box.item >= 0 else {}))
                for box in self.boxes if box.text]

    @property
    def has_too_many_ratings(self):
        return len(self.rated) > RATED

    @property
    def rated(self):
        """((item, stars)): all items that have stars, in a box or in the list; items are rows of the catalogue."""
        stars = dict(self.stars)
        stars.update((box.item, box.stars) for box in self.boxes if box.item >= 0 and box.stars)
        return tuple((self.items[row], given) for row, given in stars.items())

    def reviews(self, texts=None):
        """[OwnReview] of what says something: a text, stars for an item, or both.

        An item that has a text and also stars in the list is one review with stars.

        Args:
          texts: what the model reads of the text of each box; None: the texts as they are.
        """
        reviews, listed = [], dict(self.stars)
        for box, text in zip(self.boxes, texts or [box.text for box in self.boxes]):
            stars = box.stars or listed.pop(box.item, 0) if box.is_usable else 0
            if text or stars and (box.item >= 0 or box.text):
                reviews.append(OwnReview(text, box.item, float(stars)))
        boxed = {box.item for box in self.boxes if box.is_usable}
        return reviews + [OwnReview("", item, float(stars)) for item, stars in listed.items() if item not in boxed]


EMPTY = NewcomerForm((ReviewBox(),) * BOXES, {}, {})


def of_ratings(rated):
    """The NewcomerForm of ((item, stars)) without texts."""
    return NewcomerForm(EMPTY.boxes, {item["item"]: stars for item, stars in rated},
                        {item["item"]: item for item, _ in rated})


def read(form, store):
    """The NewcomerForm of a posted form; values that are not an item or not a number of stars are left out.

    Args:
      form: a werkzeug MultiDict with the lists `text`, `given` (stars) and `about` (an item's row), a value for each
        box, and `stars-ROW` for each item of the list.
      store: `storage.store.Store`.

    Aborts with 413 where a text is too long. Of very many ratings only the first are read: too many, in any case.
    """
    columns = [(form.getlist(name) + [""] * BOXES)[:BOXES] for name in ("text", "given", "about")]
    if any(len(text.replace("\r\n", "\n")) > LONGEST for text in columns[0]):
        abort(413)
    boxes = [ReviewBox(clean(text), int(given) if given in SCALE else 0, _row(about))
             for text, given, about in zip(*columns)]
    stars = {_row(name[len("stars-"):]): int(value) for name, value in form.items()
             if name.startswith("stars-") and value in SCALE}
    rows = list(stars)[:10 * RATED] + [box.item for box in boxes]
    items = store.items(set(rows) - {-1})
    stars = {row: given for row, given in stars.items() if row in items}
    boxes = [box if box.item in items else box._replace(item=-1) for box in boxes]
    return NewcomerForm(tuple(boxes), stars, items)


def _row(text):
    """An item's row as the form has it; -1 for anything else."""
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else -1
