"""What somebody told about themselves: reviews they wrote or pasted, and stars for toys."""
import re
from typing import NamedTuple

from flask import abort

from flask_app.recommending.newcomer import Wrote
from flask_app.web.render import item_title, plain

BOXES = 3  # texts
LONGEST = 8000  # characters of a text
RATED = 12  # toys
SCALE = [str(stars) for stars in range(1, 6)]


class Written(NamedTuple):
    """One box of the form."""
    text: str = ""  # plain
    stars: int = 0  # 0 for none
    item: int = -1  # row of the toy that it is about, -1 for none

    @property
    def says(self):
        """Whether there is anything to go by: a toy, or stars for nothing at all, say nothing."""
        return bool(self.text or self.stars and self.item >= 0)


class Told(NamedTuple):
    boxes: tuple  # of BOXES Written
    stars: dict  # {item row: stars 1..5} of the toys in the list
    items: dict  # {row: item} of all toys that are named

    @property
    def texts(self):
        return [box.text for box in self.boxes if box.text]

    @property
    def own(self):
        """The texts as `why.Reader` quotes them: with their toys' titles, where they are said."""
        return [dict({"text": box.text}, **({"title": item_title(self.items[box.item])}
                                            if box.item >= 0 else {}))
                for box in self.boxes if box.text]

    @property
    def wrote(self):
        """[Wrote]: a toy that is written of and rated in the list too is one review with stars."""
        found, listed = [], dict(self.stars)
        for box in filter(lambda box: box.says, self.boxes):
            given = listed.pop(box.item, 0)
            found.append(Wrote(box.text, box.item, float(box.stars or given)))
        return found + [Wrote("", item, float(stars)) for item, stars in listed.items()]


NOTHING = Told((Written(),) * BOXES, {}, {})


def read(form, store):
    """The Told of a form: what is no toy or no star is left out.

    Args:
      form: a werkzeug MultiDict with the lists `text`, `given` (stars) and `about` (a toy's row),
        a value for each box, and `stars-ROW` for each toy of the list.
      store: `flask_app.store.Store`.

    Aborts with 400 where more than RATED toys are rated.
    """
    columns = [(form.getlist(name) + [""] * BOXES)[:BOXES] for name in ("text", "given", "about")]
    boxes = [Written(plain(text[:LONGEST]), int(given) if given in SCALE else 0, _row(about))
             for text, given, about in zip(*columns)]
    stars = {_row(name[len("stars-"):]): int(value) for name, value in form.items()
             if name.startswith("stars-") and value in SCALE}
    rows = list(stars)[:10 * RATED] + [box.item for box in boxes]
    items = store.items(set(rows) - {-1})
    stars = {row: given for row, given in stars.items() if row in items}
    if len(stars) > RATED:
        abort(400, f"Please rate {RATED} toys at most.")
    boxes = [box if box.item in items else box._replace(item=-1) for box in boxes]
    return Told(tuple(boxes), stars, items)


def _row(text):
    """A toy's row as the form has it; -1 for anything else."""
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else -1
