"""The tables `runs/<name>/words/`: what words add to the personal score of a review. Names, format, save and load.

The export writes them (`models/export/word_scores.py` derives them from the network); the shop reads them without
TensorFlow (`flask_app/recommending/word_contributions.py`). Legend: `V` words of the vocabulary, `F` filters, `W`
window, `A` attention dim, `D` topics, `U` users.

- `words.json` holds the numbers of `NUMBERS` and `checkpoint`, the sha256 of the run's checkpoint.json: tables that
  were made from other weights are not used.
- Every array of `Tables` is a `.npy` file of its name, float32. `key_bag` is absent where the network has no bag.
"""
import os
from typing import NamedTuple, Optional

import numpy as np

from models.run_folder import layout
from runtime.cli import UserError, log
from runtime.files import read_json, sha256, write_json


class Tables(NamedTuple):
    """Numbers and arrays of one run."""
    temperature: float  # e^theta
    lexical: float  # kappa / 0.05
    centred: bool  # whether the mean bag of all users is subtracted from a user's bag
    unit: bool  # whether a user's bag is scaled to length 1
    projection: np.ndarray  # [V, W, F] word vectors times the convolution
    conv_bias: np.ndarray  # [F]
    key_text: np.ndarray  # [F, A]
    key_bias: np.ndarray  # [A]
    query_bias: np.ndarray  # [A]
    queries: np.ndarray  # [U, A]
    key_bag: Optional[np.ndarray] = None  # [D, A]


NUMBERS, ARRAYS = Tables._fields[:4], Tables._fields[4:]
CHECKPOINT = "checkpoint"  # key in words.json


def save(draft, run_folder, tables):
    """Writes the files of `Tables` into an existing folder `draft`, which the caller then moves to its place.

    Raises OSError where a file cannot be written.
    """
    for name in ARRAYS:
        array = getattr(tables, name)
        if array is not None:
            np.save(_array(draft, name), array.astype(np.float32), allow_pickle=False)
    facts = {name: getattr(tables, name) for name in NUMBERS}
    facts[CHECKPOINT] = sha256(os.path.join(run_folder, layout.POINTER))
    write_json(os.path.join(draft, os.path.basename(layout.WORD_FACTS)), facts)


def load(run_folder, vocabulary_size):
    """The Tables of a run, arrays mapped from disk.

    Returns:
      None where the run has no tables, or they belong to other weights or another vocabulary, or they are damaged,
      which is logged.
    """
    if run_folder is None:
        return None
    try:
        facts = read_json(os.path.join(run_folder, layout.WORD_FACTS))
        if facts is None or facts.pop(CHECKPOINT) != sha256(os.path.join(run_folder, layout.POINTER)):
            return None
        folder = os.path.join(run_folder, layout.WORDS)
        arrays = {name: np.asarray(np.load(_array(folder, name), mmap_mode="r", allow_pickle=False))
                  for name in ARRAYS if name != "key_bag" or os.path.isfile(_array(folder, name))}
        tables = Tables(**facts, **arrays)
        return tables if len(tables.projection) == vocabulary_size else None
    except (UserError, OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        log.warning("%s: damaged (%s); words are highlighted without it; export the run again",
                    os.path.join(run_folder, layout.WORDS), error)
        return None


def _array(folder, name):
    return os.path.join(folder, name + ".npy")
