"""Measures of clusters of users: pure functions on arrays.

`n` users, `k` neighbours, `D` dimensions.
"""
from itertools import combinations

import numpy as np
from sklearn import manifold
from sklearn.metrics import adjusted_rand_score, silhouette_samples

from metrics import significance
from tSNE import groups


def isometric(bags):
    """Returns vectors [n, n] that have the inner products of sparse rows [n, V]: then dense methods can be used.

    They are the eigenvectors of the table of inner products, scaled by the roots of their eigenvalues.
    """
    values, directions = np.linalg.eigh((bags @ bags.T).toarray())
    return (directions * np.sqrt(np.maximum(values, 0)))[:, ::-1]


def same_label(near, wanted, labels):
    """Returns [n] the share of each user's neighbours whose label is the wanted one.

    It is NaN where a user wants none. A neighbour without a label counts as another one.

    Args:
      near: [n, k] users.
      wanted: [n], below 0 for none.
      labels: [n], below 0 for none.
    """
    share = (labels[near] == wanted[:, None]).mean(axis=1)
    return np.where(wanted >= 0, share, np.nan)


def chance(wanted, labels):
    """Returns [n] the share of all other users whose label is the wanted one; NaN where a user wants none."""
    counts = np.bincount(labels[labels >= 0], minlength=max(wanted.max(initial=0), labels.max(initial=0)) + 1)
    found = counts[np.maximum(wanted, 0)] - (labels == wanted)
    return np.where(wanted >= 0, found / max(len(labels) - 1, 1), np.nan)


def silhouettes(vectors, labels):
    """Returns the silhouette [n] of each unit vector of [n, D] by cosine; NaN for all where there is one group alone,
    or as many as users."""
    if not 2 <= len(np.unique(labels)) < len(labels):
        return np.full(len(labels), np.nan)
    return silhouette_samples(vectors, labels, metric="cosine")


def agreement_of_seeds(vectors, count, seed, repetitions=5):
    """Returns the mean adjusted Rand index of pairs of groupings of unit vectors [n, D] by k-means of different seeds.

    Hubert & Arabie, "Comparing partitions", 1985: 1 for equal groupings, 0 as by chance.
    """
    made = [groups.cluster(vectors, count, seed + step, starts=3) for step in range(repetitions)]
    return float(np.mean([adjusted_rand_score(one, other) for one, other in combinations(made, 2)]))


def trustworthiness(vectors, points, count):
    """Returns how far the `count` nearest points of each point [n, 2] are near vectors [n, D], too: 1 if all are.

    Venna & Kaski, "Neighborhood preservation in nonlinear projection methods", 2001. None where there are too few
    users for it.
    """
    count = min(count, (len(vectors) - 1) // 2)
    return float(manifold.trustworthiness(vectors, points, n_neighbors=count)) if count else None


def mean_with_interval(values, seed):
    """Returns {"value", "low", "high"}: mean of the finite values [n], and its 95 % bootstrap interval over users.

    None where no value is finite.
    """
    found = significance.paired_difference(values, np.zeros(len(values)), np.arange(len(values)),
                                           np.random.RandomState(seed))
    return found and {"value": found["difference"], "low": found["low"], "high": found["high"]}
