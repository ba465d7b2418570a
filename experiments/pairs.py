"""The arrays of an evaluation, pair by pair, as `evaluation.run_report` writes them to pairs.npz."""
import os
import zipfile
from typing import NamedTuple, Optional

import numpy as np

from evaluation import ranking_faithfulness
from models.run_folder import layout
from runtime.cli import UserError


class Pairs(NamedTuple):
    """The n test pairs of a run."""
    user: np.ndarray  # [n]
    rating: np.ndarray  # [n] stars given
    shown: np.ndarray  # [n, R] the network's weights of the item's reviews
    predicted: dict  # {model: [n] stars}
    measures: dict  # {method: {measure: [n]}}
    ranked_user: Optional[np.ndarray] = None  # [m] users of the rankings; None in older evaluations
    ranked: Optional[dict] = None  # {model: {measure: [m]}} of the rankings; None likewise
    faithful: Optional[dict] = None  # {measure: {"value", "control": [m]}} of the order of items; None likewise


def read(run):
    """The Pairs of a run's folder. Raises UserError where they are missing, damaged, or of an older evaluation."""
    methods, ranked, faithful, path = {}, {}, {}, os.path.join(run, layout.PAIRS)
    try:
        with np.load(path, allow_pickle=False) as arrays:
            for name in arrays.files:
                method, slash, measure = name.partition("/")
                if method in ("ranked", ranking_faithfulness.NAME):
                    model, slash, measure = measure.partition("/")
                    (ranked if method == "ranked" else faithful).setdefault(model, {})[measure] = arrays[name]
                elif slash:
                    methods.setdefault(method, {})[measure] = arrays[name]
            return Pairs(arrays["user"], arrays["rating"], arrays["shown"], methods.pop("predicted"), methods,
                         arrays["ranked_user"] if ranked else None, ranked or None, faithful or None)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise UserError(f"{path}: cannot be read ({error}); evaluate the run again: ./run evaluate --run {run}"
                        ) from error
