"""What an artefact knows of words, without its reviews: for those who read new text."""
import os
from typing import NamedTuple, Tuple

import numpy as np

from preprocessing.artefact import VOCABULARY, load_meta
from runtime.cli import UserError


class WordTables(NamedTuple):
    """See `preprocessing/artefact.py`."""
    length: int  # L, words of a review that count
    reviews: int  # training reviews that have a text
    vocabulary: Tuple[str, ...]  # V words
    document_frequency: np.ndarray  # [V] int32
    word_topics: np.ndarray  # [V, D] float32
    mean_bag: np.ndarray  # [V] float32


def load(folder):
    """The WordTables of an artefact's folder. Raises UserError where it is none, or damaged."""
    meta = load_meta(folder)
    try:
        with open(os.path.join(folder, VOCABULARY), encoding="utf-8") as text:
            lines = [line.rstrip("\n").split("\t") for line in text]
        tables = [np.load(os.path.join(folder, name + ".npy"), allow_pickle=False)
                  for name in ("word_topics", "mean_bag")]
        words = WordTables(meta["sizes"]["L"], meta["training_reviews"],
                           tuple(word for word, _ in lines),
                           np.array([int(frequency) for _, frequency in lines], np.int32), *tables)
        if {len(field) for field in words[2:]} != {meta["sizes"]["V"]}:
            raise ValueError("vocabulary and tables are not of one size")
        return words
    except (OSError, EOFError, ValueError, KeyError, IndexError, TypeError) as error:
        raise UserError(f"{folder}: the artefact is damaged ({error}); preprocess again") from error
