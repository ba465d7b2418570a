"""The part of an artefact that describes words, without its reviews: for programs that read new text."""
from typing import NamedTuple, Tuple

import numpy as np

from preprocessing import artefact, tokenise


class WordTables(NamedTuple):
    """See `preprocessing/artefact.py`."""
    length: int  # L, number of words of a review that count
    reviews: int  # number of training reviews with text
    tokeniser: type  # the rule of words, one of `tokenise.TOKENISERS`
    vocabulary: Tuple[str, ...]  # V words
    document_frequency: np.ndarray  # [V] int32
    word_topics: np.ndarray  # [V, D] float32
    mean_bag: np.ndarray  # [V] float32


def load(folder):
    """The WordTables of an artefact's folder. Raises UserError if there is none, or it is damaged."""
    meta = artefact.load_meta(folder)
    with artefact.damaged_is_user_error(folder):
        words, frequency = artefact.load_vocabulary(folder)
        tables = WordTables(meta["sizes"]["L"], meta["training_reviews"], tokenise.of(meta), words, frequency,
                            artefact.load_array(folder, "word_topics"), artefact.load_array(folder, "mean_bag"))
        if {len(field) for field in tables[3:]} != {meta["sizes"]["V"]}:
            raise ValueError("vocabulary and tables differ in their number of words")
        return tables
