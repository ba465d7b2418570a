"""Latent factors of users and items by the optional package `implicit`: iALS and BPR.

One thread and a seed make the factors reproducible. The score of an item for a user is the product of their factors.
"""
from typing import NamedTuple

import numpy as np
from scipy import sparse

from models.ranking import item_item

MOST_PAIRED_ITEMS = 100000  # `matrix` scores each pair of items, which takes minutes for so many
MISSING = "the package implicit is not installed: .venv/bin/python -m pip install --no-deps implicit"


class Factors(NamedTuple):
    """Factors of all users and items."""
    user: np.ndarray  # [U, k] float32
    item: np.ndarray  # [I, k] float32

    def scores(self, users):
        """Returns the scores [m, I] of users [m]."""
        return self.user[users] @ self.item.T


def installed():
    """Whether the package `implicit` can be imported."""
    try:
        import implicit.als
        return bool(implicit.als)
    except ImportError:
        return False


def ials(purchases, seed, factors=64, regularization=50., alpha=30., iterations=15):
    """Returns the Factors of implicit alternating least squares.

    It minimises `sum over all (u, i) of c_ui (x_ui - p_u . q_i)^2 + regularization (|p|^2 + |q|^2)`, with confidence
    `c_ui = 1 + alpha` for a training pair, 1 otherwise (Hu, Koren & Volinsky, "Collaborative filtering for implicit
    feedback datasets", ICDM 2008, equation 3; the package's own `alpha` is the confidence of a pair).

    Args:
      purchases: X [U, I], CSR.
      seed: of the initial factors.
      factors: `k`.
      regularization, alpha: as above.
      iterations: passes over users and items.
    """
    from implicit.cpu.als import AlternatingLeastSquares

    return _fitted(AlternatingLeastSquares, purchases, factors=factors, regularization=regularization,
                   alpha=1 + alpha, iterations=iterations, random_state=seed)


def matrix(item, regularization, alpha, keep):
    """Returns B [I, I], CSC: what the purchase of one item adds to others by the item factors of `ials`.

    `B_ji = (1 + alpha) Q_ji / (1 + alpha Q_jj)` with `Q = Y (Y'Y + regularization I)^-1 Y'` is the score of item `i`
    for a user who bought item `j` alone: the factors of that user are `(1 + alpha) (Y'Y + alpha y_j y_j' +
    regularization I)^-1 y_j`, and the inverse follows from the one without `y_j y_j'` (Sherman & Morrison, 1950). The
    score of a user is the sum over the purchases; iALS itself tells a score apart in this way, with an inverse for each
    user (Hu, Koren & Volinsky, ICDM 2008, section 5).

    Args:
      item: Y [I, k], item factors.
      regularization, alpha: as in `ials`.
      keep: number of largest entries that are kept of each column.
    """
    item = item.astype(np.float64)
    solved = np.linalg.solve(item.T @ item + regularization * np.eye(item.shape[1]), item.T).T  # [I, k]
    own = (item * solved).sum(1)  # [I] Q_jj
    buying = ((1 + alpha) * solved / (1 + alpha * own)[:, np.newaxis]).astype(np.float32)  # [I, k]
    blocks = []
    for start in range(0, len(item), item_item.BLOCK):
        block = buying @ item[start:start + item_item.BLOCK].T.astype(np.float32)  # [I, b]
        block[np.arange(start, start + block.shape[1]), np.arange(block.shape[1])] = 0
        blocks.append(item_item.strongest(block, keep))
    return sparse.hstack(blocks, "csc")


def bpr(purchases, seed, factors=64, regularization=.1, learning_rate=.03, iterations=200):
    """Returns the Factors of Bayesian personalised ranking.

    Stochastic gradients of `ln sigmoid(s_ui - s_uj)` for a training item `i` and a drawn other item `j`, with an item
    bias as the last factor (Rendle, Freudenthaler, Gantner & Schmidt-Thieme, UAI 2009). The package draws `j` in
    proportion to popularity, not uniformly, which lowers popular items.

    Args:
      purchases: X [U, I], CSR.
      seed: of the initial factors and the draws.
      factors: `k` without the bias.
      regularization, learning_rate: of the gradients.
      iterations: passes over the pairs.
    """
    from implicit.cpu.bpr import BayesianPersonalizedRanking

    return _fitted(BayesianPersonalizedRanking, purchases, factors=factors, regularization=regularization,
                   learning_rate=learning_rate, iterations=iterations, random_state=seed)


def _fitted(kind, purchases, **settings):
    """The Factors of a class of `implicit` with these settings, fitted to X by one thread."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, "blas"):  # the package warns of more threads
        model = kind(num_threads=1, **settings)
        model.fit(purchases.tocsr(), show_progress=False)
    return Factors(np.array(model.user_factors), np.array(model.item_factors))
