"""What was measured of a run, read from the files that training and `./run evaluate` wrote."""
import functools
import os
import zipfile
from typing import NamedTuple

import numpy as np

from flask_app.storage.file_times import changed
from metrics.claims import is_number
from metrics.comparison import OURS
from models.run_folder.layout import PAIRS, REPORT
from runtime.cli import UserError, log
from runtime.files import read_json

LEAST = 20  # held-out reviews below which no mean is shown
GROUPS = 4  # shoppers are grouped by number of reviews, at the quartiles over the held-out reviews
RETRIEVAL = f"{OURS}/retrieval_auc"  # array of pairs.npz


class Retrieval(NamedTuple):
    """How well the model finds the own held-out reviews of shoppers with `low` to `high` training reviews."""
    auc: float
    reviews: int  # held-out reviews measured
    low: int
    high: int


def record(folder, name):
    """The JSON object of a file of a folder; None where there is no file or folder, or the file is damaged, which is
    logged once."""
    path = os.path.join(folder or "", name)
    return _record(path, changed(path))


@functools.lru_cache(maxsize=8)
def _record(path, _stamp):
    try:
        content = read_json(path)
        if content is None or isinstance(content, dict):
            return content
        raise UserError(f"{path}: damaged (no object); move it away")
    except UserError as error:
        log.warning("%s; pages leave out what it says", error)
        return None


class Overlap(NamedTuple):
    """How many items the beginnings of the rankings of two shoppers share."""
    shared: float  # mean over all pairs of shoppers
    popular: float  # of an order by popularity alone, less what each shopper owns; None where it was not measured
    top: int  # length of the beginnings
    shoppers: int
    of: str = ""  # what shoppers have in common: "planted tastes", or the aspects that they speak of
    by_taste: tuple = ()  # of (number of these in common, mean of shared items, pairs of shoppers), the largest first


def overlap(run_folder):
    """The Overlap of a run's rankings; None where it was not measured."""
    rankings = (record(run_folder, REPORT) or {}).get("rankings")
    try:
        name, models = f"overlap_{rankings['k']}", rankings["models"]
        told = rankings.get("overlap_by_taste", {"of": "", "shared": {}})
        by_taste = tuple(sorted(((int(number), one["mean"], one["pairs"])
                                 for number, one in told["shared"].items()), reverse=True))
        popular = models.get("popular", {}).get(name)
        found = Overlap(models[OURS][name], popular if is_number(popular) else None, rankings["k"], rankings["users"],
                        str(told["of"]), by_taste)
    except (KeyError, TypeError, AttributeError, ValueError):  # an older report, or a damaged one
        return None
    return found if all(map(is_number, (found.shared, found.top, found.shoppers) + sum(by_taste, ()))) else None


def retrieval(run_folder, counts, count):
    """The Retrieval of shoppers with about as many reviews; None where it was not measured, or on too few.

    Args:
      run_folder: the run's folder.
      counts: [U] number of training reviews of each shopper by row; the rows of held-out reviews beyond it have none.
      count: number of training reviews of the shopper in question.
    """
    path = os.path.join(run_folder or "", PAIRS)
    pairs = _pairs(path, changed(path))
    if pairs is None or len(pairs.user) < LEAST:
        return None
    reviews = np.zeros(max(len(counts), 1 + pairs.user.max()), np.int64)
    reviews[:len(counts)] = counts
    reviews = reviews[pairs.user]
    bounds = np.unique(np.quantile(reviews, np.arange(1, GROUPS) / GROUPS))
    group = np.searchsorted(bounds, reviews, "left") == np.searchsorted(bounds, count, "left")
    if group.sum() < LEAST:
        return None
    return Retrieval(float(pairs.auc[group].mean()), int(group.sum()), int(reviews[group].min()),
                     int(reviews[group].max()))


class _Pairs(NamedTuple):
    """The evaluated held-out reviews."""
    user: np.ndarray  # [n] row of the author
    auc: np.ndarray  # [n] retrieval AUC


@functools.lru_cache(maxsize=4)
def _pairs(path, _stamp):
    """The _Pairs of a file; None where it is absent or damaged."""
    arrays = _arrays(path, ("user", RETRIEVAL))
    if arrays is None:
        return None
    user, auc = arrays
    measured = np.isfinite(auc)
    return _Pairs(user[measured], auc[measured])


def _arrays(path, names):
    """The arrays of a file by their names; None where it is absent or damaged, which is logged."""
    try:
        with open(path, "rb") as file:
            if not zipfile.is_zipfile(file):  # numpy would print an error of its own
                raise zipfile.BadZipFile("no archive")
            file.seek(0)
            with np.load(file, allow_pickle=False) as arrays:
                return tuple(arrays[name] for name in names)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        log.warning("%s: damaged (%s); pages leave out what it says; evaluate again", path, error)
        return None
