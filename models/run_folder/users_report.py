"""The files of `./run users` in `runs/<name>/users/`: their names, and what the shop reads of two of them, `users.csv`
and `neighbours.csv`. The other files of this folder are those of `./run tsne`.

`users.json` beside them has the `format` and `artefact_sha256`, the checksum of the data that they are about.
"""
import csv
import os
from typing import NamedTuple, Tuple

from models.run_folder import cells, layout
from runtime.files import read_json

FORMAT = 1
RECORD, PAGE, USERS, NEIGHBOURS = "users.json", "report.html", "users", "neighbours"
TABLES = (USERS, "groups", "profiles", "helpful_reviewers", "helpful_reviews", NEIGHBOURS)
FILES = (RECORD, PAGE) + tuple(f"{name}.{kind}" for name in TABLES for kind in ("csv", "parquet"))
DATA = "artefact_sha256"


class Nearest(NamedTuple):
    """A user who is like another one."""
    user_id: str
    likeness: float  # -1 to 1
    above: float  # share of all pairs of users that are less alike


class Told(NamedTuple):
    """What is said of a user."""
    group_name: str
    nearest: Tuple[Nearest, ...]  # the nearest first


def table(folder, name):
    """Returns the path of a table in a folder."""
    return os.path.join(folder, f"{name}.csv")


def load(run_folder):
    """Returns {user id: Told} of a run; {} where `./run users` was not called, or on other data than the run's.

    Raises:
      OSError, ValueError, UserError: the tables cannot be read, or are damaged.
    """
    folder = layout.users_of(run_folder)
    record = read_json(os.path.join(folder, RECORD))
    config = read_json(os.path.join(run_folder, layout.CONFIG))
    try:
        if record is None or record["format"] != FORMAT or record[DATA] != config[DATA]:
            return {}
        nearest = {}
        for row in _rows(table(folder, NEIGHBOURS)):
            nearest.setdefault(row["user_id"], []).append(
                Nearest(row["neighbour_id"], float(row["likeness"]), float(row["above"])))
        return {row["user_id"]: Told(row["group_name"], tuple(nearest.get(row["user_id"], ())))
                for row in _rows(table(folder, USERS))}
    except (csv.Error, KeyError, TypeError) as error:
        raise ValueError(f"{folder}: damaged ({error!r})") from error


def _rows(path):
    with open(path, encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield {name: cells.text_of(cell) for name, cell in row.items()}
