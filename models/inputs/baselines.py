"""Rating baselines: damped offsets, which the network builds on, and matrix factorisation.

DAMPINGS and RIDGES are the grids of their one setting, as long as the grids of all other models (experiments/grids/).
"""
from typing import NamedTuple

import numpy as np
from scipy import sparse

from metrics.rating import rmse

DAMPINGS = (1., 2., 3., 5., 8., 12., 20.)  # ratings of value mu
FACTORS, RIDGES, MF_PASSES = 8, (1., 2., 5., 10., 20., 40., 80.), 10
PASSES = 20  # of the damped offsets


class Offsets(NamedTuple):
    """mu + b_u + b_i (Koren, "Factorization meets the neighborhood", KDD 2008, equation 1), damped."""
    mean: float
    user: np.ndarray  # [U] b_u, 0 for a user without training ratings
    item: np.ndarray  # [I] b_i, 0 for an item without training ratings
    damping: float
    user_count: np.ndarray  # [U] training ratings
    item_count: np.ndarray  # [I]

    def predict(self, user, item):
        """Returns the ratings [n] of pairs [n] in stars, not clipped."""
        return self.mean + self.user[user] + self.item[item]

    def leave_out(self, user, item, rating):
        """Returns (b_u, b_i), each [n], of training pairs, without the pair's own rating, to first order.

        Each offset is a damped mean of residuals. The residual of the pair's own rating is removed from that mean. The
        other residuals are kept, though they contain mu and offsets to which that rating has added a little.
        """
        own = rating - self.mean - self.user[user]
        item_offset = _without(self.item[item], self.item_count[item], own, self.damping)
        own = rating - self.mean - self.item[item]
        return _without(self.user[user], self.user_count[user], own, self.damping), item_offset


def _without(offset, count, own, damping):
    """Returns damped means [n] of `count` [n] residuals without the residual `own` [n]; 0 where no other is left."""
    return np.where(count > 1, (offset * (damping + count) - own) / np.maximum(damping + count - 1, 1e-9), 0)


def damped_offsets(train, users, items, damping):
    """Returns the Offsets of training ratings, by alternating passes: items, then users.

    Args:
      train: Split.
      users, items: `U` and `I`.
      damping: number of ratings of value mu that are added to the ratings of every user and item.
    """
    mean = float(train.rating.mean(dtype=np.float64))
    user_count, item_count = np.bincount(train.user, minlength=users), np.bincount(train.item, minlength=items)
    user, item = np.zeros(users), np.zeros(items)
    for _ in range(PASSES):
        item = np.bincount(train.item, train.rating - mean - user[train.user], items) / (damping + item_count)
        user = np.bincount(train.user, train.rating - mean - item[train.item], users) / (damping + user_count)
    return Offsets(mean, user, item, damping, user_count, item_count)


def choose_offsets(train, validation, users, items):
    """Returns the damped offsets whose damping, one of DAMPINGS, has the least validation RMSE."""
    fits = [damped_offsets(train, users, items, damping) for damping in DAMPINGS]
    return min(fits, key=lambda fit: rmse(fit.predict(validation.user, validation.item), validation.rating))


class Factors(NamedTuple):
    """Matrix factorisation: offsets plus the product of latents (Koren, Bell & Volinsky, 2009)."""
    offsets: Offsets
    user: np.ndarray  # [U, k]
    item: np.ndarray  # [I, k]

    def predict(self, user, item):
        """Returns the ratings [n] of pairs [n] in stars, not clipped."""
        return self.offsets.predict(user, item) + np.sum(self.user[user] * self.item[item], -1)


def matrix_factorisation(train, offsets, ridge, seed, factors=FACTORS, passes=MF_PASSES):
    """Returns the Factors of the residuals of the offsets, by alternating least squares with a ridge."""
    residual = train.rating - offsets.predict(train.user, train.item)
    random = np.random.RandomState(seed)
    user = random.normal(0, .1, (len(offsets.user), factors))
    item = random.normal(0, .1, (len(offsets.item), factors))
    for _ in range(passes):
        user = _solve(train.user, item[train.item], residual, len(user), ridge)
        item = _solve(train.item, user[train.user], residual, len(item), ridge)
    return Factors(offsets, user, item)


def _solve(owner, other, residual, count, ridge):
    """Returns the latents [count, k] of owners, by ridge regression of residuals [n] on the latents `other` [n, k]."""
    rows, factors = len(owner), other.shape[1]
    total = sparse.csr_matrix((np.ones(rows), (owner, np.arange(rows))), (count, rows))  # sums the rows of each owner
    gram = (total @ (other[:, :, None] * other[:, None]).reshape(rows, -1)).reshape(count, factors, factors)
    right = total @ (other * residual[:, None])
    return np.linalg.solve(gram + ridge * np.eye(factors), right[..., None])[..., 0]


def choose_factors(train, validation, offsets, seed):
    """Returns the factorisation whose ridge, one of RIDGES, has the least validation RMSE."""
    fits = [matrix_factorisation(train, offsets, ridge, seed) for ridge in RIDGES]
    return min(fits, key=lambda fit: rmse(fit.predict(validation.user, validation.item), validation.rating))
