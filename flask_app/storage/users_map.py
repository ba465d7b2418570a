"""The map of users that `./run tsne` drew, and who is near whom in it."""
import csv
import functools
import os
from typing import NamedTuple

import numpy as np

DRAWN = 700  # points, so that the page stays light
WIDTH, HEIGHT, MARGIN = 640, 400, 12  # of the drawing
NEAR = 5  # neighbours


class Point(NamedTuple):
    user_id: str
    x: float
    y: float
    group: str
    words: str  # that the group writes


class Map(NamedTuple):
    points: tuple  # of those drawn, nobody of the others below
    here: Point
    near: tuple  # the nearest in attention, the nearest first
    likeness: tuple  # cosine of each, where the run has the users' queries; else ()
    total: int


def around(run_folder, user_id, user, number_of, queries=None):
    """The Map around a shopper; None where there is no map, or the shopper is not on it.

    Args:
      run_folder: the run's.
      user_id, user: the shopper's raw id and row.
      number_of: function, raw id -> row, or None.
      queries: [U, A], what users ask reviews for; without it, near is near on the map.
    """
    path = os.path.join(run_folder or "", "users", "tsne.tsv")
    points = _read(path, _stamp(path))
    here = points.get(user_id)
    if here is None:
        return None
    others = [point for point in points.values() if point is not here]
    if queries is None:
        likeness = -np.hypot([p.x - here.x for p in others], [p.y - here.y for p in others])
    else:
        rows = [number_of(point.user_id) for point in others]
        others = [point for point, row in zip(others, rows) if row is not None]
        found = queries[[row for row in rows if row is not None]]
        mine = queries[user]
        likeness = found @ mine / np.maximum(np.linalg.norm(found, axis=1) * np.linalg.norm(mine),
                                             1e-12)
    order = np.argsort(-likeness, kind="stable")[:NEAR]
    near = tuple(others[row] for row in order)
    step = -(-len(others) // DRAWN) if others else 1
    drawn = tuple(point for point in others[::step] if point not in near)
    return Map(drawn, here, near, () if queries is None else tuple(float(likeness[row])
                                                                   for row in order), len(points))


@functools.lru_cache(maxsize=4)
def _read(path, _stamp):
    """{raw id: Point}, places on the drawing; empty where there is no map, or it is damaged."""
    try:
        with open(path, encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
        x, y = (np.array([float(row[f"attention_{axis}"]) for row in rows]) for axis in "xy")
        x, y = _stretched(x, WIDTH), _stretched(y, HEIGHT)
        return {row["user_id"]: Point(row["user_id"], round(float(px), 1), round(float(py), 1),
                                      row["group"], row["group_words"])
                for row, px, py in zip(rows, x, y)}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _stretched(values, size):
    span = max(values.max() - values.min(), 1e-9) if len(values) else 1
    return MARGIN + (size - 2 * MARGIN) * (values - values.min(initial=np.inf)) / span


def _stamp(path):
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return 0
