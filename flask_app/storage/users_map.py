"""The map of users that `./run tsne` computed, and the nearest users of a shopper, as `./run users` found them or by
their attention queries."""
import collections
import functools
import os
from typing import NamedTuple, Optional

import numpy as np

from flask_app.storage.file_times import changed
from models.run_folder import layout, users_report, users_table
from models.run_folder.layout import USERS_MAP
from runtime.cli import UserError, log

DRAWN = 700  # points drawn, so that the page stays small
WIDTH, HEIGHT, MARGIN = 640, 400, 12  # of the drawing
NEAR = 5  # neighbours
LABELS, SPACE = 6, 18  # groups that are labelled; least distance of two labels from top to bottom


class Point(NamedTuple):
    """A user on the map."""
    user_id: str
    x: float
    y: float
    group: str
    words: str  # what the group speaks of more than others, separated by commas


class Neighbour(NamedTuple):
    """A user who is like the shopper."""
    user_id: str
    similarity: Optional[float]  # likeness, or cosine of the attention queries; None where the run has no queries
    above: Optional[float] = None  # share of all pairs of users that are less alike; None: not known
    point: Optional[Point] = None  # None where the user is not on the map, or there is no map


class Label(NamedTuple):
    """The name of a group, at the middle of its users."""
    x: float
    y: float
    words: str


class Map(NamedTuple):
    points: tuple  # Points drawn, without those of the two below
    shopper: Point
    neighbours: tuple  # Neighbours, the nearest first
    total: int  # users on the map
    labels: tuple  # Labels of the largest groups


def told(run_folder, user_id):
    """What `./run users` says of a shopper, users_report.Told; None where it says nothing."""
    path = os.path.join(layout.users_of(run_folder or ""), users_report.RECORD)
    return _told(run_folder or "", changed(path)).get(user_id)


def around(run_folder, user_id, near=()):
    """The Map around a shopper; None where there is no map, or the shopper is not on it.

    Args:
      run_folder: the run's folder.
      user_id: the shopper's raw id.
      near: the shopper's Neighbours, which get their Points; without any, they are those nearest on the map.
    """
    path = os.path.join(run_folder or "", USERS_MAP)
    points = _read(path, changed(path))
    shopper = points.get(user_id)
    if shopper is None:
        return None
    others = [point for point in points.values() if point is not shopper]
    neighbours = tuple(one._replace(point=points.get(one.user_id)) for one in near) or _nearest_on_map(shopper, others)
    step = -(-len(others) // DRAWN) if others else 1
    apart = {neighbour.point for neighbour in neighbours}
    return Map(tuple(point for point in others[::step] if point not in apart), shopper, neighbours, len(points),
               _labels(points.values()))


def _nearest_on_map(shopper, others):
    """The Neighbours of a Point among other Points by their places."""
    closeness = -np.hypot([p.x - shopper.x for p in others], [p.y - shopper.y for p in others])
    return tuple(Neighbour(others[place].user_id, None, point=others[place])
                 for place in np.argsort(-closeness, kind="stable")[:NEAR])


def of_report(nearest_users):
    """The Neighbours of users_report.Nearest users."""
    return tuple(Neighbour(one.user_id, one.likeness, one.above) for one in nearest_users[:NEAR])


def nearest(queries, user, ids_of):
    """The Neighbours of a shopper by attention queries; () without queries.

    Args:
      queries: [U, A] attention queries of the users, or None.
      user: the shopper's row.
      ids_of: function from rows to {row: raw id}.
    """
    if queries is None or not 0 <= user < len(queries):
        return ()
    closeness = _cosines(queries, queries[user])
    rows = [int(row) for row in np.argsort(-closeness, kind="stable")[:NEAR + 1] if row != user][:NEAR]
    ids = ids_of(rows)
    return tuple(Neighbour(ids[row], float(closeness[row])) for row in rows if row in ids)


def _labels(points):
    """The Labels of the LABELS largest groups that have a name, the highest on the map first.

    Two labels are at least SPACE apart from top to bottom where they would overlap.
    """
    groups = collections.defaultdict(list)
    for point in points:
        if point.words:
            groups[point.group].append(point)
    largest = sorted(groups.values(), key=lambda group: -len(group))[:LABELS]
    labels = []
    for group in sorted(largest, key=lambda group: np.median([point.y for point in group])):
        x, y = (float(np.median([getattr(point, axis) for point in group])) for axis in "xy")
        x = min(max(x, WIDTH / 8), WIDTH * 7 / 8)
        for label in labels:
            if abs(label.x - x) < WIDTH / 4:
                y = max(y, label.y + SPACE)
        words = ", ".join(group[0].words.split(",")[:2]).replace("  ", " ")
        labels.append(Label(round(x, 1), round(min(y, HEIGHT - MARGIN), 1), words))
    return tuple(labels)


def _cosines(queries, query):
    """The cosine [n] of each of `queries` [n, A] with `query` [A]."""
    return queries @ query / np.maximum(np.linalg.norm(queries, axis=1) * np.linalg.norm(query), 1e-12)


@functools.lru_cache(maxsize=2)
def _told(run_folder, _stamp):
    """{raw id: users_report.Told}; empty where there is none, or it is damaged, which is logged."""
    try:
        return users_report.load(run_folder)
    except (OSError, ValueError, UserError) as error:
        log.warning("%s; profiles leave it out; ./run users writes it again", error)
        return {}


@functools.lru_cache(maxsize=4)
def _read(path, _stamp):
    """{raw id: Point} scaled to the drawing; empty where there is no map, or it is damaged."""
    try:
        rows = users_table.load(path)
        x = _scaled(np.array([row.attention_x for row in rows]), WIDTH)
        y = _scaled(np.array([row.attention_y for row in rows]), HEIGHT)
        return {row.user_id: Point(row.user_id, round(float(px), 1), round(float(py), 1), row.group, row.group_words)
                for row, px, py in zip(rows, x, y)}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        log.warning("%s; profiles have no map; ./run tsne draws it again", error)
        return {}


def _scaled(values, size):
    """Coordinates scaled to a side of the drawing, margins left free."""
    span = max(values.max() - values.min(), 1e-9) if len(values) else 1
    return MARGIN + (size - 2 * MARGIN) * (values - values.min(initial=np.inf)) / span
