"""How a run orders items for a user: the file format of `runs/<name>/order/`, its names, save and load.

`./run train` chooses the numbers on validation data (`models/ranking/blend.py`); evaluation, export and explain read
them. A run without this folder, made by an older version, orders items by predicted stars.

- `order.json`: the numbers of `Order`, and `checkpoint`, the sha256 of the run's checkpoint.json: an order that was
  chosen for other weights is not used.
- `purchases.npz`: the array `centre`, and the matrix `B` as the arrays `data`, `indices`, `indptr` of CSR: row j holds
  what the purchase of item j adds to other items.
- `praise.npz`, where the order has a weight for praise: the arrays `users` and `words` of `Aspects`, and its `reviews`
  as those of CSR.
"""
import os
import zipfile
import zlib
from typing import NamedTuple, Optional

import numpy as np
from scipy import sparse

from models.run_folder import layout
from runtime.cli import UserError
from runtime.files import read_json, sha256, written_folder, write_json

CHECKPOINT, CSR = "checkpoint", ("data", "indices", "indptr")


class Aspects(NamedTuple):
    """What the praise A of an order is computed from, see `ranking/praise.py`: copied from the tables of aspects, so
    that the order stays the same where these are made anew. `K` aspects."""
    users: np.ndarray  # [U, K] share of the user's training reviews that speak of each aspect
    reviews: sparse.csr_matrix  # [N+1, K] how much more a training review praises each than reviews do on average
    words: np.ndarray  # [V, K] a text speaks of the aspects for which its different words add up to 1


class Order(NamedTuple):
    """y_ui = evidence (E_ui + stars V_ui + praise A_ui - centre_i) + sum_{j bought by u} B_ji + popularity ln(1 + n_i).

    See `ranking/blend.py`.
    """
    evidence: float  # w_E
    popularity: float  # w_P
    tau: float  # sharpness of the evidence
    floor: float  # E of an item without reviews
    model: str  # of the matrix B, as in models/ranking/rivals.py; "" where w_C is 0
    setting: dict  # of that model
    ndcg: float  # nDCG@10 of the validation items
    centre: np.ndarray  # [I] what is subtracted from E + stars V + praise A: a mean of it over users, or of all
    matrix: sparse.csr_matrix  # [I, I] w_C B
    stars: float = 0.  # weight of the verdict V beside E; 0 in an order of an older version
    prior: float = 0.  # of V
    praise: float = 0.  # weight of the praise A beside E
    aspects: Optional[Aspects] = None  # of A; None where its weight is 0

    def numbers(self):
        """Returns {name: value} of all but the arrays, for JSON."""
        return {name: getattr(self, name) for name in NUMBERS}


NUMBERS = tuple(name for name in Order._fields if name not in ("centre", "matrix", "aspects"))
NOT_NEGATIVE = ("evidence", "popularity", "tau", "stars", "prior", "praise")
# What numpy and zip files raise for damaged files; an encrypted member is a RuntimeError, a flag a NotImplementedError.
DAMAGED = (OSError, EOFError, ValueError, LookupError, TypeError, AttributeError, OverflowError, MemoryError,
           RuntimeError, zipfile.BadZipFile, zlib.error)
LATER = {"stars": 0., "prior": 0., "praise": 0.}  # numbers that the files of older versions do not hold


def save(run_folder, order):
    """Writes the folder of an Order whole or not at all. Raises OSError."""
    record = dict(order.numbers(), **{CHECKPOINT: _checkpoint(run_folder)})
    with written_folder(layout.order_of(run_folder)) as draft:
        write_json(os.path.join(draft, layout.ORDER_NUMBERS), record)
        _write(os.path.join(draft, layout.PURCHASES), order.matrix, centre=order.centre)
        if order.aspects is not None:
            _write(os.path.join(draft, layout.PRAISE), order.aspects.reviews, users=order.aspects.users,
                   words=order.aspects.words)


def load(run_folder, sizes):
    """Returns the Order of a run; None where it has none. Raises UserError where it is damaged.

    Args:
      sizes: of the run's artefact, as in its meta.json: I, and where the order has praise U, N and V, too.
    """
    folder, items = layout.order_of(run_folder), sizes["I"]
    record = read_json(os.path.join(folder, layout.ORDER_NUMBERS))
    if record is None:
        return None
    again = f"./run order {layout.flags_of(run_folder)} chooses it again"
    try:
        numbers = {name: record.get(name, LATER[name]) if name in LATER else record[name] for name in NUMBERS}
        matrix, arrays = _read(os.path.join(folder, layout.PURCHASES), items, centre=(items,))
        weights = _weights(numbers)
        aspects = _aspects(os.path.join(folder, layout.PRAISE), sizes) if numbers["praise"] > 0 else None
    except DAMAGED as error:
        why = " ".join(str(error).split()) or repr(error)
        raise UserError(f"{folder}: damaged ({why}); {again}") from error
    if record.get(CHECKPOINT) != _checkpoint(run_folder):
        raise UserError(f"{folder}: was chosen for other weights of this run; {again}")
    values = [weights, matrix.data, arrays["centre"]] + ([] if aspects is None else [
        aspects.users, aspects.reviews.data, aspects.words])
    if not all(np.isfinite(each).all() for each in values):
        raise UserError(f"{folder}: holds a number that is not finite; {again}")
    if min(numbers[name] for name in NOT_NEGATIVE) < 0:
        raise UserError(f"{folder}: holds a weight or tau below 0; {again}")
    return Order(centre=arrays["centre"], matrix=matrix, aspects=aspects, **numbers)


def _weights(numbers):
    """The weights, tau and floor of an order as float32, in which all is computed. Raises ValueError for no number."""
    weights = [numbers[name] for name in NOT_NEGATIVE + ("floor",)]
    if not all(type(each) in (int, float) for each in weights):
        raise ValueError("a weight is no number")
    with np.errstate(over="ignore"):  # what is too large is infinite
        return np.array(weights, np.float32)


def _aspects(path, sizes):
    """The Aspects in a file, for an artefact of these sizes."""
    with np.load(path, allow_pickle=False) as arrays:
        count = arrays["users"].shape[-1]
    reviews, arrays = _read(path, count, rows=sizes["N"] + 1, users=(sizes["U"], count), words=(sizes["V"], count))
    return Aspects(arrays["users"], reviews, arrays["words"])


def _write(path, matrix, **arrays):
    """Writes a CSR matrix and further arrays."""
    with open(path, "wb") as out:
        np.savez(out, **dict(arrays, **{name: getattr(matrix, name) for name in CSR}))


def _read(path, columns, rows=None, **shapes):
    """Returns (CSR matrix [rows, columns], {name: array of `shapes`}), all float32; as many rows as columns by default.

    Raises ValueError where an array has another shape or kind of numbers: a matrix whose indices do not fit would be
    read outside of its memory.
    """
    with np.load(path, allow_pickle=False) as file:
        data, *places = parts = [file[name] for name in CSR]
        arrays = {name: file[name] for name in shapes}
    if any(each.dtype.kind != "f" for each in [data] + list(arrays.values())) or any(
            each.dtype.kind != "i" for each in places):
        raise ValueError("an array does not hold floats, or indices no integers")
    matrix = sparse.csr_matrix(tuple(parts), (columns if rows is None else rows, columns), np.float32)
    matrix.check_format()
    if matrix.indptr[-1] != len(matrix.data) or (np.diff(matrix.indptr) < 0).any():
        raise ValueError("indptr does not count the entries")
    for name, shape in shapes.items():
        if arrays[name].shape != shape:
            raise ValueError(f"{name} has shape {arrays[name].shape}, not {shape}")
    return matrix, {name: array.astype(np.float32) for name, array in arrays.items()}


def _checkpoint(run_folder):
    return sha256(os.path.join(run_folder, layout.POINTER))
