"""What the interactive map shows: columns of users, tables of aspects, words, items and groups, as a JSON value.

`U` users, `K` aspects. The scripts of the page read the value by the names of this file.
"""
import json

import numpy as np

from models.run_folder import aspect_profiles
from tSNE import colours, evidence
from tSNE.people import WORDS
from tSNE.survey import GROUPS

GRID = 4095  # coordinates are whole numbers from 0 to this
NEIGHBOURS = 6  # nearest users of each user
PASSAGES, SHORTEST, LONGEST = 3000000, 60, 240  # bytes of all passages together, and of one
NAME = 60  # most bytes of a title, a name or a word


def passage_bytes(users):
    """Returns how many bytes of JSON the passage of one user may take, so that the page of many users stays small."""
    return int(min(max(PASSAGES / max(users, 1), SHORTEST), LONGEST))


def of_maps(made):
    """Returns the JSON value of UserMaps."""
    people = made.people
    items, item_number = _numbered(item for person in people for item in person.items + (person.item,) if item >= 0)
    words, word_number = _numbered(word for person in people for word in person.words)
    length = passage_bytes(len(people))
    tables = made.tables
    average = [] if tables is None else [_round(share, 5) for share in aspect_profiles.averages(tables)[0]]
    return {
        "title": made.caption, "verdict": evidence.verdict(made.evidence) if made.evidence else "",
        "notes": list(made.notes), "groupNote": GROUPS, "typicalWords": WORDS,
        "colour": made.colouring.name, "before": _grid(made.points[0]),
        "attention": _grid(made.points[1]),
        "ids": list(made.user_ids),
        "colourings": [_colouring(one) for one in made.colourings.values()],
        "aspects": [] if tables is None else [clipped(one.name, NAME) for one in tables.aspects],
        "aspectWords": [] if tables is None else [[clipped(word, NAME) for word in one.words[:6]]
                                                  for one in tables.aspects],
        "average": average,
        "reviews": [int(count) for count in made.colourings[colours.REVIEWS].values],
        "words": [clipped(made.vocabulary[word], NAME) for word in words],
        "items": [clipped(made.items[item], NAME) for item in items],
        "userAspects": [[number for aspect, mentions, praise in person.aspects
                         for number in (aspect, mentions, int(round(10 * praise)))] for person in people],
        "userWords": [[word_number[word] for word in person.words] for person in people],
        "userItems": [[item_number[item] for item in person.items] for person in people],
        "passages": [clipped(person.passage, length) for person in people],
        "passageStars": [_round(person.stars, 1) for person in people],
        "passageItems": [item_number.get(person.item, -1) for person in people],
        "near": made.near[:, :NEIGHBOURS].tolist(),
        "cosines": [[_round(cosine, 3) for cosine in row] for row in made.cosines[:, :NEIGHBOURS]]}


def clipped(text, length):
    """Returns a text, cut so that it takes at most `length` bytes in the JSON of the page."""
    if len(encoded(text)) <= length + 2:
        return text
    low, high = 0, len(text)  # the longest beginning that fits, by halving
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if len(encoded(text[:middle] + "…")) <= length + 2 else (low, middle - 1)
    return text[:low].rstrip() + "…"


def encoded(value):
    """Returns the UTF-8 JSON of a value in which nothing can end or begin an element of HTML or a line of script."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, "\\u%04x" % ord(character))
    return text.encode("utf-8", "backslashreplace")  # a lone surrogate becomes its escape


def _numbered(ids):
    """Returns (different ids in the order of their first use, {id: its number})."""
    number = {}
    for one in ids:
        number.setdefault(one, len(number))
    return list(number), number


def _colouring(one):
    values = [None if not np.isfinite(value) else int(value) if one.labels else _round(value, 2)
              for value in one.values]
    return {"name": one.name, "title": one.title, "labels": [clipped(label, NAME) for label in one.labels],
            "values": values}


def _grid(points):
    """Returns the coordinates x, y, x, y ... of points [U, 2] on a square grid; up is a larger y."""
    low = points.min(axis=0)
    span = max(float((points.max(axis=0) - low).max()), 1e-12)
    middle = (GRID - (points.max(axis=0) - low) / span * GRID) / 2
    return np.round((points - low) / span * GRID + middle).astype(int).ravel().tolist()


def _round(value, digits):
    return round(float(value), digits)
