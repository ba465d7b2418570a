"""Which ratings are for training, validation and test: 80 / 10 / 10."""
import numpy as np

from runtime.cli import UserError

PROTOCOLS = ("random", "time")


def split(count, protocol="random", seed=2017, times=None, where="the corpus"):
    """Row numbers of the three splits.

    Args:
      count: number of rows `n`.
      protocol: 'random': a permutation of `numpy.random.RandomState(seed)` cut at int(.8 n) and int(.9 n)
        (the published split of Toys & Games has one row more for training, one fewer for test); 'time': the same
        cuts of the rows in the order of their time.
      seed: of the permutation.
      times: [n] seconds, for 'time' only; equal times keep the order of the file.
      where: what an error names, such as the file.

    Returns:
      (train, validation, test): arrays of rows.
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
