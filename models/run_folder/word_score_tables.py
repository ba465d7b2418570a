"""The tables of `runs/<name>/words/`: what words add to the personal score of a review.

Their contract is in models/word_scores.py. Legend: `V` words of the vocabulary, `F` filters, `W`
window, `A` attention, `D` topics, `U` users.
"""
import hashlib
import json
import os
from typing import NamedTuple

import numpy as np

TABLES = ("projection", "conv_bias", "key_text", "key_bias", "query_bias", "queries")


class Tables(NamedTuple):
    """Of a run. Without a bag `key_bag` is None."""
    temperature: float
    lexical: float
    centred: bool
    unit: bool
    projection: np.ndarray  # [V, W, F]
    conv_bias: np.ndarray  # [F]
    key_text: np.ndarray  # [F, A]
    key_bias: np.ndarray  # [A]
    query_bias: np.ndarray  # [A]
    queries: np.ndarray  # [U, A]
    key_bag: np.ndarray = None  # [D, A]


def load(run_folder, words):
    """The Tables of a run; None where it has none, or of other weights or words."""
    try:
        folder = os.path.join(run_folder, "words")
        with open(os.path.join(folder, "words.json"), encoding="utf-8") as text:
            facts = json.load(text)
        with open(os.path.join(run_folder, "checkpoint.json"), "rb") as pointer:
            if hashlib.sha256(pointer.read()).hexdigest() != facts.pop("checkpoint"):
                return None
        names = TABLES + (("key_bag",) if os.path.isfile(os.path.join(folder, "key_bag.npy"))
                          else ())
        tables = Tables(**facts, **{
            name: np.asarray(np.load(os.path.join(folder, name + ".npy"), mmap_mode="r",
                                     allow_pickle=False)) for name in names})
        return tables if len(tables.projection) == words else None
    except (OSError, ValueError, TypeError, KeyError):
        return None
