"""A sample of the users whose test pairs are measured, for data with more test pairs than a measurement needs."""
import numpy as np

from preprocessing import artefact as contract
from runtime.cli import log


def of_users(artefact, count, seed):
    """Returns the Artefact with the test pairs of `count` users alone, drawn without replacement.

    Args:
      artefact: Artefact.
      count: number of users; None, and a number of at least those who have test pairs: all of them.
      seed: of the draw.
    """
    test, users = artefact.test, np.unique(artefact.test.user)
    if count is None or count >= len(users):
        return artefact
    kept = np.isin(test.user, np.random.RandomState(seed).choice(users, count, replace=False))
    log.info("Measuring the %d test pairs of %d users, a sample of the %d test pairs of %d users.", kept.sum(), count,
             len(kept), len(users))
    return artefact._replace(test=contract.Split(*(column[kept] for column in test)))
