"""What the requests to an export of this project cost besides the values of their inputs, which cost 1 each.

A row that ranks costs 1 for each item of the catalogue, which includes the reviews that known users have. Where the
catalogue is ranked in two stages, it costs less, and more the more items are asked for. Each text of a new user, of
whom a request may send many, costs MATCHED for each item that is ranked.

Explaining costs READ for each review of the items of all rows, and for each review of each different user. The arrays
of all rows are as wide as those of the row with the most reviews: each place in them costs 1.

All words of a row of serving_default are encoded at the same time, a million of them in more than 1 GiB; therefore each
word above WORDS costs FURTHER.

The sizes are assets of the export. An export of an older version has no counts of reviews; there each item and each
user counts as one with as many reviews as training reads.
"""
import json
import os
import zipfile
from typing import NamedTuple

import numpy as np

from serving import signatures as wire

READ = 10  # a review that is read for an explanation takes as much time as so many items that are ranked
MATCHED = 1 / 64  # what a pair of an item and a text of a new user costs in a ranking
WORDS, FURTHER = 2 ** 14, 8  # words of a row without a cost besides their values; what each further one costs
SCANNED, CANDIDATE = 1 / 16, 4  # what an item costs in the first and in the second of two stages
FIRST = 100  # items asked for, up to which the second stage has as many candidates as the export names
RANKING = (wire.RANK, wire.RANK_UNBOUGHT, wire.RANK_EXCLUDING, wire.RANK_EVIDENCE)
FOLDING_IN = (wire.FOLD_IN, wire.FOLD_IN_EVIDENCE)
EXPLAINING = (wire.EXPLAIN, wire.FOLD_IN_EXPLAIN)
SLICED = RANKING + EXPLAINING + (wire.SERVING_DEFAULT,)  # each row of all outputs depends on its row alone
OF_NEW_USER = (wire.TEXTS, wire.RATED_ITEMS, wire.STARS)  # and on these inputs, which hold one row for all


class Cost(NamedTuple):
    """What a request costs besides its values."""
    row: int = 0  # of each row
    texts: int = 0  # of the texts of a new user or of a row, of which a request may send fewer


class Costs(NamedTuple):
    """What the requests to one export cost, by its sizes."""
    items: int  # I
    reviews_of_items: np.ndarray  # [I] int
    reviews_of_users: np.ndarray  # [U] int
    candidates: int = 0  # of the second stage, for FIRST items; 0: the catalogue is ranked exactly

    def of(self, signature, inputs):
        """Returns the Cost of a request.

        Args:
          signature: any name; one that no export has costs nothing besides its values.
          inputs: its inputs, name -> array. The graph refuses what is not valid in them, so that it may cost anything.
        """
        if signature in EXPLAINING:
            return Cost(self._explaining(inputs))
        if signature == wire.SERVING_DEFAULT:
            words = sum(int(np.prod(inputs[name].shape[1:])) for name in (wire.TEXTS_USER, wire.TEXTS_ITEM))
            return Cost(0, FURTHER * max(0, words - WORDS))
        if signature not in RANKING + FOLDING_IN:
            return Cost()
        rated, row = self.items, self.items
        if self.candidates:
            top = max(FIRST, int(np.max(inputs[wire.TOP_K], initial=0)))
            rated = min(max(top, self.candidates * top // FIRST), self.items)
            row = int(SCANNED * self.items) + CANDIDATE * rated
        return Cost(row, int(MATCHED * rated * _texts(inputs)) if signature in FOLDING_IN else 0)

    def _explaining(self, inputs):
        """Returns the cost of an average row of a request that explains."""
        of_items = _counts_of(self.reviews_of_items, inputs[wire.ITEM])
        own = [_texts(inputs)] if wire.TEXTS in inputs else _counts_of(
            self.reviews_of_users, np.unique(inputs[wire.USER]))
        width = of_items.max(initial=0) + np.max(own, initial=0)
        read = of_items.sum() + np.sum(own)
        return int(width + READ * read // max(1, of_items.size))


def of_export(folder):
    """Returns the Costs of an export of this project, by its assets; None of any other SavedModel."""
    try:
        with open(os.path.join(folder, "assets", "meta.json"), encoding="utf-8") as file:
            meta = json.load(file)
        sizes, rank = meta["sizes"], meta.get("rank", {})
        candidates = int(rank["candidates"]) if rank.get("stages") == 2 else 0
        counts = _counts(os.path.join(folder, "assets", wire.REVIEW_COUNTS), sizes)
        return Costs(int(sizes["I"]), *counts, candidates=candidates)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, zipfile.BadZipFile):
        return None


def can_be_sliced(signature, inputs):
    """Whether the rows of a request may run one after another, with the inputs of a new user in each run."""
    rows = {len(array) for name, array in inputs.items() if array.ndim and name not in OF_NEW_USER}
    of_new_user = {array.shape[:1] for name, array in inputs.items() if name in OF_NEW_USER}
    return signature in SLICED and len(rows) == 1 and of_new_user <= {(1,)}


def _counts(path, sizes):
    """Returns the numbers of reviews (of items, of users), each [n] int with n >= 1."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            counts = stored["items"], stored["users"]
    except FileNotFoundError:
        counts = np.array([sizes["R_item"]]), np.array([sizes["R_user"]])
    if not all(count.ndim == 1 and count.size and count.dtype.kind == "i" for count in counts):
        raise ValueError(f"{path}: expected one whole number for each item and for each user")
    return counts


def _counts_of(counts, ids):
    """Returns the counts of ids, of any shape; an id out of range counts as the nearest one."""
    return np.take(counts, ids, mode="clip").astype(np.int64)


def _texts(inputs):
    """Returns R', the number of the texts of a new user."""
    return (inputs[wire.TEXTS].shape + (0, 0))[1]
