"""Which of the reviews of the same user and item is kept."""
from typing import NamedTuple, Optional

import numpy as np


class Kept(NamedTuple):
    """The reviews that are kept of `n` rows."""
    rows: np.ndarray  # [k] the row that is kept of each pair, in the order in which the pairs appear first
    dropped: int  # n - k
    first: Optional[int]  # the first row whose pair is not new; None: all pairs are different


def kept(user, item, times, is_last):
    """The `Kept` of rows with users, items and times [n].

    Args:
      is_last: whether the last review of a pair by time is kept, of those of the same time the last row; else the
        first row.
    """
    count = len(user)
    pairs = user.astype(np.int64) * (int(item.max(initial=0)) + 1) + item
    order = np.argsort(pairs, kind="stable")
    is_new = np.append(True, np.diff(pairs[order]) != 0)[:count]
    if is_new.all():
        return Kept(np.arange(count), 0, None)
    first = order[is_new]
    chosen = first
    if is_last:
        by_time = np.lexsort((times, pairs))  # stable: rows of the same time stay in their order
        chosen = by_time[np.append(np.flatnonzero(is_new)[1:], count) - 1]
    return Kept(chosen[np.argsort(first)], count - len(first), int(order[~is_new].min()))
