"""The artefact: what preprocessing hands to the models. This file is the contract.

Legend: `U` users, `I` items, `N` reviews, `R_user` / `R_item` review slots of one side, `L` words,
`V` words of the vocabulary, `E` word dim, `D` topics.

A folder `data/<name>/` holds

- `meta.json`: format version, name, sizes, split protocol and seed, caps, tokeniser, source files with
  sha256, counts of rows dropped and why;
- `arrays/<field>.npy`: every array below, no pickles. A review's tokens are stored once, never once per
  sample; review rows count from 1, row 0 is the empty review;
- `vocabulary.txt`: a line per word, `word<TAB>document frequency`, in the order of word ids. Word 0 is
  padding, word 1 stands for every word that the vocabulary does not hold;
- `word_vectors.npy [V, E]` (word2vec), `word_topics.npy [V, D]` (LSI) and `mean_bag.npy [V]` (what anybody
  writes) of the bag of words: from training text only;
- `catalogue.sqlite`: texts for people (see `catalogue.py`).

Users and items are numbered from 0 in the order in which the raw file first names them.
"""
import json
import os
from typing import NamedTuple, Tuple

import numpy as np

from runtime.cli import UserError

FORMAT = 2
META, VOCABULARY, TRUTH = "meta.json", "vocabulary.txt", "truth.json"  # TRUTH: of the sample corpus alone
PADDING, UNKNOWN = 0, 1
SELECTIONS = ("first", "latest", "helpful", "random")


class Split(NamedTuple):
    """The ratings of one split, in the order of the split."""
    user: np.ndarray  # [n] int32
    item: np.ndarray  # [n] int32
    rating: np.ndarray  # [n] float32, stars
    review: np.ndarray  # [n] int32, the rating's own review row: never an input, always left out


class Artefact(NamedTuple):
    """See the module's docstring. Arrays of reviews are [N+1]; row 0 holds zeros."""
    meta: dict
    review_tokens: np.ndarray  # [N+1, L] int32 word ids, 0 after the review's end
    review_length: np.ndarray  # [N+1] int32, words kept, 0..L
    review_user: np.ndarray  # [N+1] int32
    review_item: np.ndarray  # [N+1] int32
    review_rating: np.ndarray  # [N+1] float32
    review_time: np.ndarray  # [N+1] int64, seconds since 1970; 0 unknown
    review_helpful: np.ndarray  # [N+1] int32, helpful votes
    user_reviews: np.ndarray  # [U, R_user] int32, training rows with text, 0 = empty slot
    item_reviews: np.ndarray  # [I, R_item] int32, likewise
    train: Split
    validation: Split
    test: Split
    vocabulary: Tuple[str, ...]  # V words
    document_frequency: np.ndarray  # [V] int32, training reviews that hold the word
    word_vectors: np.ndarray  # [V, E] float32
    word_topics: np.ndarray  # [V, D] float32
    mean_bag: np.ndarray  # [V] float32, mean TF-IDF bag of the training reviews that have a text


SPLITS = ("train", "validation", "test")
TABLES = ("word_vectors", "word_topics", "mean_bag")
ARRAYS = tuple(name for name in Artefact._fields
               if name.startswith("review_")) + ("user_reviews", "item_reviews")
PER_REVIEW = ARRAYS[1:-2]  # [N+1] each


def word_type(words):
    """The numpy type that holds ids of so many words in the least room."""
    return np.uint16 if words <= 2 ** 16 else np.int32


def training_rows(artefact):
    """Rows [n] of the training reviews that have a text, in the order of the raw file."""
    rows = np.sort(artefact.train.review)
    return rows[artefact.review_length[rows] > 0]


def slots(owner, rows, count, cap=None):
    """Lays review rows out by their owner.

    Args:
      owner: [N+1] the user (or item) of every review.
      rows: [n] the rows to lay out, in the order of preference.
      count: number of owners.
      cap: slots an owner; None: as many as the owner with the most rows has (at least one).

    Returns:
      [count, cap] int32: each owner's first `cap` rows, 0 = empty slot.
    """
    owners = owner[rows]
    order = np.argsort(owners, kind="stable")
    sorted_owners, sorted_rows = owners[order], rows[order]
    first = np.searchsorted(sorted_owners, np.arange(count))
    place = np.arange(len(rows)) - first[sorted_owners]
    cap = cap or max(1, int(place.max(initial=0)) + 1)
    out = np.zeros((count, cap), np.int32)
    kept = place < cap
    out[sorted_owners[kept], place[kept]] = sorted_rows[kept]
    return out


def preferred(artefact, selection, seed=0):
    """Training rows in the order in which `selection` (one of SELECTIONS) fills slots with them."""
    rows = training_rows(artefact)
    if selection == "latest":
        return rows[np.argsort(-artefact.review_time[rows], kind="stable")]
    if selection == "helpful":
        return rows[np.argsort(-artefact.review_helpful[rows], kind="stable")]
    if selection == "random":
        return np.random.RandomState(seed).permutation(rows)
    return rows


def check(artefact):
    """Raises ValueError where the artefact breaks its own contract."""
    a, meta = artefact, artefact.meta
    sizes = {"U": len(a.user_reviews), "I": len(a.item_reviews), "N": len(a.review_tokens) - 1,
             "L": a.review_tokens.shape[1], "V": len(a.vocabulary), "R_user": a.user_reviews.shape[1],
             "R_item": a.item_reviews.shape[1], "E": a.word_vectors.shape[1], "D": a.word_topics.shape[1]}
    if sizes != meta["sizes"]:
        raise ValueError(f"sizes of the arrays {sizes} are not those of meta.json {meta['sizes']}")
    for name in PER_REVIEW:
        if getattr(a, name).shape != (sizes["N"] + 1,):
            raise ValueError(f"{name} has shape {getattr(a, name).shape}, not ({sizes['N'] + 1},)")
    for name in TABLES + ("document_frequency",):
        if len(getattr(a, name)) != sizes["V"]:
            raise ValueError(f"{name} has {len(getattr(a, name))} rows for {sizes['V']} words")
    if a.review_tokens[0].any() or a.review_tokens.min() < 0 or a.review_tokens.max() >= sizes["V"]:
        raise ValueError("review_tokens holds word ids outside the vocabulary, or row 0 is not empty")
    rows = np.concatenate([getattr(a, name).review for name in SPLITS])
    if not np.array_equal(np.sort(rows), np.arange(1, sizes["N"] + 1)):
        raise ValueError("the splits do not hold every review once")
    for side, owner in (("user", a.review_user), ("item", a.review_item)):
        table = getattr(a, side + "_reviews")
        if owner.min() < 0 or owner.max() >= len(table):
            raise ValueError(f"review_{side} holds numbers of no {side}")
        if any(not np.array_equal(getattr(getattr(a, name), side), owner[getattr(a, name).review])
               for name in SPLITS):
            raise ValueError(f"a split gives a review to another {side}")
        if not np.isin(table[table > 0], a.train.review).all():
            raise ValueError(f"{side}_reviews holds reviews that are not training reviews")
        if (owner[table] != np.arange(len(table))[:, None])[table > 0].any():
            raise ValueError(f"{side}_reviews gives a {side} the review of another")
    return artefact


def save(artefact, folder):
    """Writes the arrays, tables, vocabulary and meta.json of a checked artefact into `folder`."""
    check(artefact)
    os.makedirs(os.path.join(folder, "arrays"), exist_ok=True)
    for name, array in _arrays(artefact):
        np.save(os.path.join(folder, "arrays", name + ".npy"), array, allow_pickle=False)
    for name in TABLES:
        np.save(os.path.join(folder, name + ".npy"), getattr(artefact, name), allow_pickle=False)
    with open(os.path.join(folder, VOCABULARY), "w", encoding="utf-8") as out:
        for word, frequency in zip(artefact.vocabulary, artefact.document_frequency):
            out.write(f"{word}\t{frequency}\n")
    with open(os.path.join(folder, META), "w", encoding="utf-8") as out:
        json.dump(artefact.meta, out, indent=1, sort_keys=True)
        out.write("\n")


def load(folder):
    """Reads and checks the artefact of a folder. Raises UserError where it is none, or of another format."""
    meta = load_meta(folder)
    try:
        def read(name):
            with open(os.path.join(folder, name + ".npy"), "rb") as raw:
                return np.lib.format.read_array(raw, allow_pickle=False)

        fields = {name: read("arrays/" + name) for name in ARRAYS}
        for split in SPLITS:
            fields[split] = Split(*(read(f"arrays/{split}_{name}") for name in Split._fields))
        with open(os.path.join(folder, VOCABULARY), encoding="utf-8") as lines:
            words = [line.rstrip("\n").split("\t") for line in lines]
        return check(Artefact(
            meta=meta, vocabulary=tuple(word for word, _ in words),
            document_frequency=np.array([int(frequency) for _, frequency in words], np.int32),
            **{name: read(name) for name in TABLES}, **fields))
    except (OSError, EOFError, ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise UserError(f"{folder}: the artefact is damaged ({error}); preprocess again") from error


def load_meta(folder):
    """The artefact's meta.json. Raises UserError where there is none, or it is of another format."""
    path = os.path.join(folder, META)
    try:
        with open(path, encoding="utf-8") as text:
            meta = json.load(text)
    except FileNotFoundError as error:
        raise UserError(f"{folder}: no artefact there (no meta.json); make one with ./run preprocess"
                        ) from error
    except (OSError, ValueError) as error:
        raise UserError(f"{path}: not JSON ({error}); preprocess again") from error
    if not isinstance(meta, dict) or meta.get("format") != FORMAT:
        found = meta.get("format") if isinstance(meta, dict) else None
        raise UserError(f"{path}: format {found}, but this version reads format {FORMAT}; preprocess again")
    return meta


def _arrays(artefact):
    for name in ARRAYS:
        yield name, getattr(artefact, name)
    for split in SPLITS:
        for name, array in getattr(artefact, split)._asdict().items():
            yield f"{split}_{name}", array
