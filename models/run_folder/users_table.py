"""The table `runs/<name>/users/tsne.tsv`: where each user is on both maps of `./run tsne`. Columns, text and load."""
import csv
import io
from typing import NamedTuple

from models.run_folder import cells


class Row(NamedTuple):
    """A user on both maps. The fields are the columns, in their order."""
    user_id: str
    before_x: float
    before_y: float
    attention_x: float
    attention_y: float
    group: str  # its number, from 1
    group_words: str  # what the group speaks of more than others, aspects or words, separated by commas


COORDINATES = Row._fields[1:5]


def text(rows):
    """Returns the text of the table of Rows: tab-separated columns under their names, a line per user."""
    out = io.StringIO(newline="")
    table = csv.writer(out, delimiter="\t", lineterminator="\n")
    table.writerow(Row._fields)
    for row in rows:
        numbers = {name: f"{getattr(row, name):.4f}" for name in COORDINATES}
        table.writerow(Row(*map(cells.of_text, row))._replace(**numbers))
    return out.getvalue()


def load(path):
    """Returns the Rows of a table. Raises OSError where it cannot be read, ValueError where it is damaged."""
    try:
        with open(path, encoding="utf-8", newline="") as lines:
            rows = [Row(**{name: cells.text_of(record[name]) for name in Row._fields})
                    for record in csv.DictReader(lines, delimiter="\t")]
        return [row._replace(**{name: float(getattr(row, name)) for name in COORDINATES}) for row in rows]
    except (csv.Error, KeyError, TypeError) as error:
        raise ValueError(f"{path}: damaged ({error!r})") from error
