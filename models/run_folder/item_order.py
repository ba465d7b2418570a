"""How a run orders items for a user: the file format of `runs/<name>/order/`, its names, save and load.

`./run train` chooses the numbers on validation data (`models/ranking/blend.py`); evaluation, export and explain read
them. A run without this folder, made by an older version, orders items by predicted stars.

- `order.json`: the numbers of `Order`, and `checkpoint`, the sha256 of the run's checkpoint.json: an order that was
  chosen for other weights is not used.
- `purchases.npz`: the array `centre`, and the matrix `B` as the arrays `data`, `indices`, `indptr` of CSR: row j holds
  what the purchase of item j adds to other items.
"""
import os
from typing import NamedTuple

import numpy as np
from scipy import sparse

from models.run_folder import layout
from runtime.cli import UserError
from runtime.files import read_json, sha256, written_folder, write_json

CHECKPOINT, ARRAYS = "checkpoint", ("data", "indices", "indptr")


class Order(NamedTuple):
    """y_ui = evidence (E_ui + stars V_ui - centre_i) + sum_{j bought by u} B_ji + popularity ln(1 + n_i).

    See `ranking/blend.py`.
    """
    evidence: float  # w_E
    popularity: float  # w_P
    tau: float  # sharpness of the evidence
    floor: float  # E of an item without reviews
    model: str  # of the matrix B, as in models/ranking/rivals.py; "" where w_C is 0
    setting: dict  # of that model
    ndcg: float  # nDCG@10 of the validation items
    centre: np.ndarray  # [I] what is subtracted from E + stars V: a mean of it over users, or of all
    matrix: sparse.csr_matrix  # [I, I] w_C B
    stars: float = 0.  # weight of the verdict V beside E; 0 in an order of an older version
    prior: float = 0.  # of V

    def numbers(self):
        """Returns {name: value} of all but the arrays, for JSON."""
        return {name: getattr(self, name) for name in NUMBERS}


NUMBERS = tuple(name for name in Order._fields if name not in ("centre", "matrix"))
NOT_NEGATIVE = ("evidence", "popularity", "tau", "stars", "prior")
LATER = {"stars": 0., "prior": 0.}  # numbers that the files of older versions do not hold


def save(run_folder, order):
    """Writes the folder of an Order whole or not at all. Raises OSError."""
    record = dict(order.numbers(), **{CHECKPOINT: _checkpoint(run_folder)})
    with written_folder(layout.order_of(run_folder)) as draft:
        write_json(os.path.join(draft, layout.ORDER_NUMBERS), record)
        with open(os.path.join(draft, layout.PURCHASES), "wb") as out:
            np.savez(out, centre=order.centre, **{name: getattr(order.matrix, name) for name in ARRAYS})


def load(run_folder, items):
    """Returns the Order of a run over `items` items; None where it has none. Raises UserError where it is damaged."""
    folder = layout.order_of(run_folder)
    record = read_json(os.path.join(folder, layout.ORDER_NUMBERS))
    if record is None:
        return None
    path = os.path.join(folder, layout.PURCHASES)
    again = f"./run order {layout.flags_of(run_folder)} chooses it again"
    try:
        numbers = {name: record.get(name, LATER[name]) if name in LATER else record[name] for name in NUMBERS}
        with np.load(path, allow_pickle=False) as arrays:
            centre = np.asarray(arrays["centre"], np.float32)
            matrix = sparse.csr_matrix(tuple(arrays[name] for name in ARRAYS), (items, items), np.float32)
        matrix.check_format()
        if centre.shape != (items,):
            raise ValueError(f"centre has shape {centre.shape}, not ({items},)")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError(f"{folder}: damaged ({error}); {again}") from error
    if record.get(CHECKPOINT) != _checkpoint(run_folder):
        raise UserError(f"{folder}: was chosen for other weights of this run; {again}")
    weights = [numbers[name] for name in NOT_NEGATIVE + ("floor",)]
    if not (np.isfinite(weights).all() and np.isfinite(matrix.data).all() and np.isfinite(centre).all()):
        raise UserError(f"{folder}: holds a number that is not finite; {again}")
    if min(numbers[name] for name in NOT_NEGATIVE) < 0:
        raise UserError(f"{folder}: holds a weight or tau below 0; {again}")
    return Order(centre=centre, matrix=matrix, **numbers)


def _checkpoint(run_folder):
    return sha256(os.path.join(run_folder, layout.POINTER))
