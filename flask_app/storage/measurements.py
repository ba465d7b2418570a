"""What was measured of a run, from the files that `evaluate.py` and the training wrote. No more."""
import functools
import json
import os
from typing import NamedTuple

import numpy as np

LEAST = 20  # held-out reviews below which no mean is given
ALIKE = 4  # shoppers are told apart by quarters of the held-out reviews


class Retrieval(NamedTuple):
    """How well held-out reviews were found, of shoppers with `low` to `high` reviews."""
    auc: float
    reviews: int  # held-out
    low: int
    high: int


def record(folder, *names):
    """The JSON object of a file of the run; None where there is none, or it is damaged."""
    try:
        with open(os.path.join(folder or "", *names), encoding="utf-8") as text:
            found = json.load(text)
        return found if isinstance(found, dict) else None
    except (OSError, ValueError):
        return None


def retrieval(folder, counts, count):
    """The Retrieval of shoppers with about as many reviews; None where it was not measured.

    Args:
      folder: of the run.
      counts: {user row: reviews}.
      count: reviews of the shopper in question.
    """
    found = _pairs(folder or "", _stamp(folder))
    if found is None or len(found[0]) < LEAST:
        return None
    users, auc = found
    reviews = np.array([counts.get(int(user), 0) for user in users])
    bounds = np.unique(np.quantile(reviews, np.arange(1, ALIKE) / ALIKE))
    group = np.searchsorted(bounds, reviews, "left") == np.searchsorted(bounds, count, "left")
    if group.sum() < LEAST:
        return None
    return Retrieval(float(auc[group].mean()), int(group.sum()), int(reviews[group].min()),
                     int(reviews[group].max()))


@functools.lru_cache(maxsize=4)
def _pairs(folder, _stamp):
    """(user [n], AUC [n]) of the held-out reviews that were looked for."""
    try:
        with np.load(os.path.join(folder, "evaluation", "pairs.npz"), allow_pickle=False) as pairs:
            user, auc = pairs["user"], pairs["deeprecsys/retrieval_auc"]
        told = np.isfinite(auc)
        return user[told], auc[told]
    except (OSError, ValueError, KeyError):
        return None


def _stamp(folder):
    try:
        return os.stat(os.path.join(folder or "", "evaluation", "pairs.npz")).st_mtime_ns
    except OSError:
        return 0
