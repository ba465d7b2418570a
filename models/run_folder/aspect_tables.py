"""The tables `runs/<name>/aspects/`: what the reviews of a run's data speak of, and how. Names, format, save and load.

`./run aspects` learns and writes them (`user_modeling/`); the shop and the evaluation read them without TensorFlow.
`aspect_reading.py` beside this file reads a text by them. Legend: `N` reviews (rows from 1), `S` sentences of the
training reviews, `K` aspects, `U` users, `I` items, `V` words of the vocabulary.

- `aspects.json`: `format`; `artefact_sha256`, the checksum of the data that they were learned from: tables of other
  data are not used; `seed`; `settings` of the learning; `facts` that it found, such as the calibration of the polarity;
  and `aspects`, a list of records with `code` (unique, of the characters a-z, 0-9 and `-`), `name` and `words`, the
  most telling words.
- Every array of `Tables` is a `.npy` file of its name.
"""
import os
from typing import NamedTuple, Tuple

import numpy as np

from models.run_folder import layout
from runtime.cli import UserError, log, unreadable_format
from runtime.files import read_json, write_json, written_folder

FORMAT = 1
RECORD = "aspects.json"


class Aspect(NamedTuple):
    """What people speak of."""
    code: str  # for addresses
    name: str  # for people
    words: Tuple[str, ...]  # the most telling ones first


class Tables(NamedTuple):
    """The content of the folder."""
    aspects: Tuple[Aspect, ...]  # K
    seed: int
    settings: dict
    facts: dict
    sentence_start: np.ndarray  # [N+2] int64, the sentences of review l are start[l] to start[l+1] - 1
    sentence_span: np.ndarray  # [S, 2] int32, first and last + 1 character in the catalogue's text of the review
    sentence_aspect: np.ndarray  # [S] int16, -1 = none
    sentence_polarity: np.ndarray  # [S] float32, probability of praise; .5 = the words do not tell
    user_mentions: np.ndarray  # [U, K] int32, training reviews of the user that speak of the aspect
    user_praise: np.ndarray  # [U, K] float32, expected number of these that praise it
    item_mentions: np.ndarray  # [I, K] int32
    item_praise: np.ndarray  # [I, K] float32
    user_reviews: np.ndarray  # [U] int32, training reviews with text
    item_reviews: np.ndarray  # [I] int32
    word_aspect: np.ndarray  # [V, K] float32, what one word adds to the score of each aspect
    word_polarity: np.ndarray  # [2, V] float32, what a word adds to the log odds of praise: as it is, and negated


ARRAYS = Tables._fields[4:]
TYPES = dict(zip(ARRAYS, ("int64", "int32", "int16", "float32", "int32", "float32", "int32", "float32", "int32",
                          "int32", "float32", "float32")))
DATA, VALUES = "artefact_sha256", ("seed", "settings", "facts")


def save(run_folder, tables):
    """Writes the folder of Tables whole or not at all. Raises OSError where it cannot be written."""
    record = {name: getattr(tables, name) for name in VALUES}
    record.update({"format": FORMAT, DATA: _data_of(run_folder),
                   "aspects": [dict(aspect._asdict()) for aspect in tables.aspects]})
    with written_folder(layout.aspects_of(run_folder)) as draft:
        for name in ARRAYS:
            np.save(_array(draft, name), getattr(tables, name).astype(TYPES[name]), allow_pickle=False)
        write_json(os.path.join(draft, RECORD), record)


def load(run_folder):
    """Returns the Tables of a run, arrays mapped from disk; None where the run has none.

    Raises UserError where they are damaged, of another format, or were learned from other data than the run.
    """
    folder = layout.aspects_of(run_folder)
    path, again = os.path.join(folder, RECORD), f"./run aspects {layout.flags_of(run_folder)} makes them again"
    record = read_json(path)
    if record is None:
        return None
    try:
        if record["format"] != FORMAT:
            raise unreadable_format(path, record["format"], FORMAT, again)
        if record[DATA] != _data_of(run_folder):
            raise UserError(f"{folder}: was learned from other data than this run; {again}")
        aspects = tuple(Aspect(str(one["code"]), str(one["name"]), tuple(map(str, one["words"])))
                        for one in record["aspects"])
        arrays = {name: np.load(_array(folder, name), mmap_mode="r", allow_pickle=False) for name in ARRAYS}
        return checked(Tables(aspects, *(record[name] for name in VALUES), **arrays))
    except (OSError, EOFError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise UserError(f"{folder}: damaged ({error!r}); {again}") from error


def load_or_none(run_folder):
    """Returns the Tables of a run, for readers that work without them; None where they cannot be used, which is
    logged."""
    try:
        return None if run_folder is None else load(run_folder)
    except UserError as error:
        log.warning("%s; aspects are left out", error)
        return None


def checked(tables):
    """Returns the tables. Raises ValueError where their shapes or values do not fit together."""
    t, count = tables, len(tables.aspects)
    sentences, users, items = len(t.sentence_aspect), len(t.user_reviews), len(t.item_reviews)
    shapes = {"sentence_span": (sentences, 2), "sentence_polarity": (sentences,),
              "word_polarity": (2, len(t.word_aspect)), "user_mentions": (users, count), "user_praise": (users, count),
              "item_mentions": (items, count), "item_praise": (items, count),
              "word_aspect": (len(t.word_aspect), count)}
    for name in ARRAYS:
        array = getattr(t, name)
        if array.dtype != TYPES[name] or array.shape != shapes.get(name, array.shape):
            raise ValueError(f"{name} is {array.dtype} of shape {array.shape}")
    for name in ("sentence_polarity", "user_praise", "item_praise", "word_aspect", "word_polarity"):
        if not np.isfinite(getattr(t, name)).all():
            raise ValueError(f"{name} holds a number that is not finite")
    if min(t.user_mentions.min(initial=0), t.item_mentions.min(initial=0)) < 0:
        raise ValueError("a number of mentions is below 0")
    if len({aspect.code for aspect in t.aspects}) != count:
        raise ValueError("two aspects have one code")
    if t.sentence_start[0] != 0 or t.sentence_start[-1] != sentences or (np.diff(t.sentence_start) < 0).any():
        raise ValueError("sentence_start does not count the sentences")
    if sentences and not (-1 <= t.sentence_aspect.min() and t.sentence_aspect.max() < count):
        raise ValueError("sentence_aspect names an aspect that does not exist")
    return tables


def _data_of(run_folder):
    """The checksum of the data of a run; read here, because `runs.py` reaches TensorFlow and the shop must not."""
    return (read_json(os.path.join(run_folder, layout.CONFIG)) or {}).get(DATA)


def _array(folder, name):
    return os.path.join(folder, name + ".npy")
