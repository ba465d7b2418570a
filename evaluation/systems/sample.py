"""A sample of the users whose pairs are measured, for data with more test pairs than a measurement needs."""
import numpy as np

from preprocessing import artefact as contract
from runtime.cli import log


def of_users(artefact, count, seed):
    """Returns the Artefact with the test and the validation pairs of `count` users alone, drawn without replacement.

    Rules that show reviews are tuned on these validation pairs, because each candidate review of each pair is scored.
    Models of ratings and rankings are tuned on all validation pairs, see `system.Data.tuning`.

    Args:
      artefact: Artefact.
      count: number of users of each split; None, and a number of at least those who have test pairs: all of them.
      seed: of the draw.
    """
    test, users = artefact.test, len(np.unique(artefact.test.user))
    if count is None or count >= users:
        return artefact
    random = np.random.RandomState(seed)
    drawn, validation = (_part(split, count, random) for split in (test, artefact.validation))
    log.info("Measuring the %d test pairs of %d users, a sample of the %d test pairs of %d users. Rules that show "
             "reviews are tuned on %d of %d validation pairs; other models on all.", len(drawn.user), count,
             len(test.user), users, len(validation.user), len(artefact.validation.user))
    return artefact._replace(test=drawn, validation=validation)


def _part(split, count, random):
    """The Split of `count` of its users, or of all where there are fewer."""
    users = np.unique(split.user)
    kept = np.isin(split.user, random.choice(users, min(count, len(users)), replace=False))
    return contract.Split(*(column[kept] for column in split))
