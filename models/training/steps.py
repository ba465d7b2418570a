"""The steps of one epoch, with a progress bar, and what is reported of them."""
from contextlib import closing
from typing import NamedTuple

import numpy as np
from tqdm import tqdm

from models.training.prefetch import prefetch

NAMED = 5  # training rows of a batch that an error message lists


class EpochMeans(NamedTuple):
    """Means over the steps of an epoch."""
    loss: float
    squared_error: float  # stars^2
    gradient_norms: dict  # {group: norm}


def take(batches, run, require, count, epoch, epochs):
    """Takes all steps of an epoch; returns their EpochMeans.

    Args:
      batches: yields (training rows, feed).
      run: function of a feed that takes a step and returns its (loss, squared error, {group: gradient norm}).
      require: function of (whether a number is finite, what it is) that raises where it is not.
      count: training rows of the epoch.
      epoch, epochs: its number and that of the last.
    """
    losses, norms_seen, total = [], [], 0.
    with tqdm(total=count, desc=f"epoch {epoch}/{epochs}", unit="sample", leave=False, disable=None) as bar, closing(
            prefetch(batches)) as prepared:
        for step, (rows, fed) in enumerate(prepared, 1):
            loss, error, norms = run(fed)
            where = f"epoch {epoch}, step {step}, {_named(rows)}"
            require(np.isfinite(loss), f"loss is {loss} at {where}")
            for group, norm in norms.items():
                require(np.isfinite(norm), f"gradient norm of {group} is {norm} at {where}")
            losses.append((loss, error))
            norms_seen.append(norms)
            total += loss
            bar.set_postfix(loss=f"{total / step:.3f}", refresh=False)
            bar.update(len(rows))
    loss, error = np.mean(losses, 0)
    return EpochMeans(loss, error, {group: np.mean([norms[group] for norms in norms_seen]) for group in norms_seen[0]})


def _named(rows):
    """Returns, for messages, the first training rows of a batch and their number."""
    first = ", ".join(str(row) for row in rows[:NAMED])
    return f"training rows {first}{', ...' if len(rows) > NAMED else ''} ({len(rows)} in all)"
