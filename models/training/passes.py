"""Which training pairs each epoch reads, and in which order.

By default an epoch is one pass over all training pairs. With `config.epochs_per_pass` = n it is one of n parts of a
pass, so that validation and checkpoints, which end an epoch, do not wait for all pairs of a large corpus.
"""
from typing import NamedTuple

import numpy as np


class Passes(NamedTuple):
    """The passes over all training pairs, numbered from 0. Epochs are numbered from 1."""
    pairs: int  # in a pass
    epochs: int  # in a pass
    seed: int

    def of(self, epoch):
        """Returns the number of the pass that an epoch is a part of."""
        return (epoch - 1) // self.epochs

    def rows(self, epoch):
        """Returns the training rows [n] of an epoch in the order in which they are read; those of a pass are all."""
        random = np.random.RandomState((self.seed + self.of(epoch) + 1) % 2 ** 32)
        return np.array_split(random.permutation(self.pairs), self.epochs)[(epoch - 1) % self.epochs]
