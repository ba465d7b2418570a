"""Splits the ratings into training, validation and test: 80 / 10 / 10."""
import numpy as np

from runtime.cli import UserError

PROTOCOLS = ("random", "time")


def split(count, protocol="random", seed=2017, times=None, where="the corpus"):
    """Row numbers of the three splits.

    Args:
      count: number of rows `n`.
      protocol: 'random' cuts a permutation of `numpy.random.RandomState(seed)` at int(.8 n) and int(.9 n) (the
        published split of Toys & Games has one row more in training and one fewer in test); 'time' makes the same
        cuts in the rows sorted by time, so that the latest ratings are the test.
      seed: seed of the permutation.
      times: [n] seconds, for 'time' only; rows of the same time keep the order of the file.
      where: name of the data for an error message, such as the file.

    Returns:
      (train, validation, test): arrays of rows.

    Raises:
      UserError: too few rows for three parts.
    """
    if protocol == "random":
        order = np.random.RandomState(seed).permutation(count)
    else:
        order = np.argsort(np.asarray(times), kind="stable")
    parts = tuple(np.split(order, [int(.8 * count), int(.9 * count)]))
    if not all(len(part) for part in parts):
        raise UserError(f"{where}: {count} reviews are too few: a split of 80/10/10 leaves "
                        f"{' / '.join(str(len(part)) for part in parts)}; give 10 or more")
    return parts
