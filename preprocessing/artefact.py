"""The artefact: the folder data/<name>/ that preprocessing writes and the models read. This module defines its format.

Legend: `U` users, `I` items, `N` reviews, `R_user` / `R_item` review slots of one side, `L` words of a review,
`V` words of the vocabulary, `E` dimensions of a word vector, `D` topics.

- `meta.json`: format version, name, sizes, options (split protocol, seed, caps), tokeniser, source files with sha256,
  numbers of rows dropped and why; `texts`, where training texts were replaced by `derive.py`;
- `arrays/<field>.npy`: every array below, without pickles. The tokens of a review are stored once, not once per
  rating; review rows count from 1, row 0 is the empty review;
- `vocabulary.txt`: one line per word, `word<TAB>document frequency`, in the order of the word ids. Word 0 is padding,
  word 1 stands for every word outside the vocabulary;
- `word_vectors.npy [V, E]` (word2vec), `word_topics.npy [V, D]` (LSI) and `mean_bag.npy [V]` (mean TF-IDF bag), all
  from training text only;
- `catalogue.sqlite`: texts and metadata for people, see `catalogue.py`;
- `report.html`: a page on the corpus, see `summary/page.py`;
- `truth.json`: the planted truth, for a sample corpus only.

Users and items are numbered from 0 in the order in which the raw file first names them.
"""
import json
import os
from contextlib import contextmanager
from typing import NamedTuple, Tuple

import numpy as np

from preprocessing.corpus import token_rows
from runtime import files, scratch
from runtime.cli import UserError, unreadable_format

FORMAT = 2
META, VOCABULARY, TRUTH, REPORT = "meta.json", "vocabulary.txt", "truth.json", "report.html"
ARRAY_FOLDER = "arrays"
DATA = "data"  # folder of all artefacts
PADDING, UNKNOWN = 0, 1


class Split(NamedTuple):
    """The ratings of one split, in the order of the split."""
    user: np.ndarray  # [n] int32
    item: np.ndarray  # [n] int32
    rating: np.ndarray  # [n] float32, stars
    review: np.ndarray  # [n] int32, the row of the rating's own review, which no model may read as an input


class Artefact(NamedTuple):
    """All arrays of an artefact, see the docstring of the module. Row 0 of every array [N+1] holds zeros."""
    meta: dict
    review_tokens: np.ndarray  # [N+1, L] int32 word ids, 0 after the end of the review; or `corpus.TokenRows` of them
    review_length: np.ndarray  # [N+1] int32, number of words kept, 0..L
    review_user: np.ndarray  # [N+1] int32
    review_item: np.ndarray  # [N+1] int32
    review_rating: np.ndarray  # [N+1] float32
    review_time: np.ndarray  # [N+1] int64, seconds since 1970; 0 = unknown
    review_helpful: np.ndarray  # [N+1] int32, helpful votes
    user_reviews: np.ndarray  # [U, R_user] int32, training rows with text, 0 = empty slot
    item_reviews: np.ndarray  # [I, R_item] int32, training rows with text, 0 = empty slot
    train: Split
    validation: Split
    test: Split
    vocabulary: Tuple[str, ...]  # V words
    document_frequency: np.ndarray  # [V] int32, number of training reviews that contain the word
    word_vectors: np.ndarray  # [V, E] float32
    word_topics: np.ndarray  # [V, D] float32
    mean_bag: np.ndarray  # [V] float32, mean TF-IDF bag of the training reviews with text


SPLITS = ("train", "validation", "test")
TABLES = ("word_vectors", "word_topics", "mean_bag")
ARRAYS = tuple(name for name in Artefact._fields
               if name.startswith("review_")) + ("user_reviews", "item_reviews")
PER_REVIEW = ARRAYS[1:-2]  # [N+1] each


def word_type(words):
    """The smallest numpy integer type (uint16 or int32) for the ids of `words` words."""
    return np.uint16 if words <= 2 ** 16 else np.int32


def require_replaceable(folder, inputs=()):
    """Raises UserError where an artefact must not be written to a folder: it holds something else, or an input of it.

    Args:
      folder: where the artefact will be; an older artefact there is replaced.
      inputs: paths of the files and folders that it is made of.
    """
    target = os.path.realpath(folder)
    for path in inputs:
        if (os.path.realpath(path) + os.sep).startswith(target + os.sep):
            raise UserError(f"{folder}: holds the input {path}, which would be deleted; give another folder")
    if os.path.lexists(folder) and not os.path.isfile(os.path.join(folder, META)) and (
            not os.path.isdir(folder) or os.listdir(folder)):
        raise UserError(f"{folder}: exists and is no artefact; move it away, or give another folder")


def training_rows(artefact):
    """Rows [n] of the training reviews with text, in the order of the raw file."""
    rows = np.sort(artefact.train.review)
    return rows[artefact.review_length[rows] > 0]


def slots(owner, rows, count, cap=None):
    """Arranges review rows by their owner, a user or an item.

    Args:
      owner: [N+1] the user (or item) of every review.
      rows: [n] the rows to arrange, in the order of preference.
      count: number of owners.
      cap: slots per owner; None: the number of rows of the owner with the most rows (at least one).

    Returns:
      [count, cap] int32: each owner's first `cap` rows, 0 = empty slot.
    """
    owners = owner[rows]
    order = np.argsort(owners, kind="stable")
    sorted_owners, sorted_rows = owners[order], rows[order]
    first = np.searchsorted(sorted_owners, np.arange(count))
    slot = np.arange(len(rows)) - first[sorted_owners]
    cap = cap or max(1, int(slot.max(initial=0)) + 1)
    table = scratch.zeros((count, cap), np.int32)  # large where one of many owners has many rows
    kept = slot < cap
    table[sorted_owners[kept], slot[kept]] = sorted_rows[kept]
    return table


def sizes(artefact):
    """{letter of the legend: size} of the arrays."""
    a = artefact
    return {"U": len(a.user_reviews), "I": len(a.item_reviews), "N": len(a.review_tokens) - 1,
            "L": a.review_tokens.shape[1], "V": len(a.vocabulary), "R_user": a.user_reviews.shape[1],
            "R_item": a.item_reviews.shape[1], "E": a.word_vectors.shape[1], "D": a.word_topics.shape[1]}


def check(artefact):
    """Returns the artefact. Raises ValueError, which names the rule, if it is not consistent."""
    a, size = artefact, sizes(artefact)
    if size != a.meta["sizes"]:
        raise ValueError(f"sizes of the arrays {size} are not those of {META} {a.meta['sizes']}")
    for name in PER_REVIEW:
        if getattr(a, name).shape != (size["N"] + 1,):
            raise ValueError(f"{name} has shape {getattr(a, name).shape}, not ({size['N'] + 1},)")
    for name in TABLES + ("document_frequency",):
        if len(getattr(a, name)) != size["V"]:
            raise ValueError(f"{name} has {len(getattr(a, name))} rows for {size['V']} words")
    for name in TABLES:
        if getattr(a, name).dtype != np.float32:
            raise ValueError(f"{name} holds {getattr(a, name).dtype}, not float32")
    if a.review_tokens[0].any() or any(
            piece.min() < 0 or piece.max() >= size["V"] for piece in token_rows.pieces(a.review_tokens)):
        raise ValueError("review_tokens holds word ids outside the vocabulary, or row 0 is not empty")
    rows = np.concatenate([getattr(a, name).review for name in SPLITS])
    if not np.array_equal(np.sort(rows), np.arange(1, size["N"] + 1)):
        raise ValueError("the splits do not hold every review exactly once")
    for side, owner in (("user", a.review_user), ("item", a.review_item)):
        table = getattr(a, side + "_reviews")
        if owner.min() < 0 or owner.max() >= len(table):
            raise ValueError(f"review_{side} holds numbers that belong to no {side}")
        if any(not np.array_equal(getattr(getattr(a, name), side), owner[getattr(a, name).review])
               for name in SPLITS):
            raise ValueError(f"a split gives a review to another {side}")
        if not np.isin(table[table > 0], a.train.review).all():
            raise ValueError(f"{side}_reviews holds reviews that are not training reviews")
        if (owner[table] != np.arange(len(table))[:, None])[table > 0].any():
            raise ValueError(f"{side}_reviews gives a {side} the review of another")
    return artefact


def save(artefact, folder):
    """Writes the arrays, tables, vocabulary and meta.json of an artefact into `folder`. Raises ValueError, OSError."""
    check(artefact)
    os.makedirs(os.path.join(folder, ARRAY_FOLDER), exist_ok=True)
    arrays = {os.path.join(ARRAY_FOLDER, name): array for name, array in _arrays(artefact)}
    arrays.update((name, getattr(artefact, name)) for name in TABLES)
    for name, array in arrays.items():
        token_rows.save(os.path.join(folder, name + ".npy"), array)
    files.write_text(os.path.join(folder, VOCABULARY), "".join(
        f"{word}\t{frequency}\n" for word, frequency in zip(artefact.vocabulary, artefact.document_frequency)))
    files.write_json(os.path.join(folder, META), artefact.meta)


def load(folder):
    """Reads and checks the artefact of a folder. Raises UserError if there is none, or it is damaged."""
    meta = load_meta(folder)
    with damaged_is_user_error(folder):
        fields = {name: load_array(folder, ARRAY_FOLDER, name) for name in ARRAYS}
        for split in SPLITS:
            fields[split] = Split(*(load_array(folder, ARRAY_FOLDER, f"{split}_{name}") for name in Split._fields))
        fields.update((name, load_array(folder, name)) for name in TABLES)
        words, frequency = load_vocabulary(folder)
        return check(Artefact(meta=meta, vocabulary=words, document_frequency=frequency, **fields))


def load_array(folder, *names):
    """The array of the file `<names joined>.npy`, mapped for reading: its pages are read when they are used.

    Raises OSError, ValueError and others if it is damaged.
    """
    return np.asarray(np.lib.format.open_memmap(os.path.join(folder, *names) + ".npy", mode="r"))


def load_vocabulary(folder):
    """(words, document frequency [V] int32) of the vocabulary file. Raises OSError, ValueError if it is damaged."""
    with open(os.path.join(folder, VOCABULARY), encoding="utf-8") as text:
        pairs = [(word, int(count)) for word, count in (line.rstrip("\n").split("\t") for line in text)]
    return tuple(word for word, _ in pairs), np.array([count for _, count in pairs], np.int32)


@contextmanager
def damaged_is_user_error(folder):
    """Within this context the errors of reading a damaged file become a UserError that names the folder."""
    try:
        yield
    except (OSError, EOFError, ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise UserError(f"{folder}: the artefact is damaged ({error}); preprocess again") from error


def load_meta(folder):
    """The content of meta.json. Raises UserError if there is none, or it is of another format."""
    path = os.path.join(folder, META)
    try:
        with open(path, encoding="utf-8") as text:
            meta = json.load(text)
    except FileNotFoundError as error:
        raise UserError(f"{folder}: no artefact there (no {META}); make one with ./run preprocess") from error
    except (OSError, ValueError) as error:
        raise UserError(f"{path}: not JSON ({error}); preprocess again") from error
    version = meta.get("format") if isinstance(meta, dict) else None
    if version != FORMAT:
        raise unreadable_format(path, version, FORMAT, "preprocess again")
    return meta


def _arrays(artefact):
    for name in ARRAYS:
        yield name, getattr(artefact, name)
    for split in SPLITS:
        for name, array in getattr(artefact, split)._asdict().items():
            yield f"{split}_{name}", array
