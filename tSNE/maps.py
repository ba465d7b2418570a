"""User vectors -> maps, and who is near whom. Nearness is the cosine, by which users ask reviews.

`U` users, `D` dimensions of a vector.
"""
import numpy as np
from sklearn.manifold import TSNE

ROWS = 1024  # rows of a block of the U x U table


def unit(vectors):
    """Vectors [U, D] scaled to length 1; a zero vector stays."""
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)


def allowed_perplexity(perplexity, users):
    """The perplexity, lowered where there are fewer than three users for each unit of it."""
    return min(perplexity, users / 3)


def tsne(vectors, perplexity, seed):
    """A map [U, 2] by t-SNE (van der Maaten & Hinton, 2008) of unit vectors [U, D].

    It starts from the first two principal components, so that the map's large-scale layout means
    something and depends little on the seed.
    """
    centred = vectors - vectors.mean(0)
    left, spread, _ = np.linalg.svd(centred, full_matrices=False)
    start = left[:, :2] * spread[:2]
    start *= 1e-4 / max(start[:, 0].std(), 1e-12)
    method = TSNE(2, perplexity=perplexity, init=start.astype(np.float32), random_state=seed,
                  learning_rate=max(len(vectors) / 48, 50))  # Belkina et al. 2019
    return method.fit_transform(vectors.astype(np.float32))


def cosines(vectors):
    """Yields (first row, cosines [rows, U]) of unit vectors [U, D]; to oneself it is -inf."""
    for first in range(0, len(vectors), ROWS):
        block = vectors[first:first + ROWS] @ vectors.T
        rows = np.arange(len(block))
        block[rows, first + rows] = -np.inf
        yield first, block


def nearest(vectors, count):
    """The `count` nearest others [U, count] of each unit vector [U, D], nearest first."""
    return np.concatenate([np.argsort(-block, axis=1, kind="stable")[:, :count]
                           for _, block in cosines(vectors)])


def closest_pair(vectors, among):
    """The two nearest of some users; of equal pairs, the first.

    Args:
      vectors: unit vectors [U, D].
      among: numbers of the users who may be chosen, rising; at least two.

    Returns:
      (user, user, cosine), the lower number first.
    """
    best = (-1, -1, -np.inf)
    for first, block in cosines(vectors[among]):
        row, column = np.unravel_index(np.argmax(block), block.shape)
        if block[row, column] > best[2]:
            best = (among[first + row], among[column], float(block[row, column]))
    low, high, cosine = best
    return int(min(low, high)), int(max(low, high)), cosine
