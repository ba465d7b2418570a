"""Maps users by t-SNE and finds the two users nearest to each other, by cosine (as the attention compares them).

`U` users, `D` dimensions of a vector.
"""
from typing import NamedTuple

import numpy as np
import sklearn
from sklearn import manifold

from user_modeling.nearest import cosines

try:
    import openTSNE
except ImportError:  # it has no wheel for some platforms
    openTSNE = None


class Pair(NamedTuple):
    """Two users by number, the lower number first, and the cosine of their vectors."""
    left: int
    right: int
    cosine: float


def unit(vectors):
    """Returns vectors [U, D] scaled to length 1; a zero vector stays zero."""
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)


def allowed_perplexity(perplexity, users):
    """Returns the perplexity, lowered to a third of the number of other users where it is above that."""
    return min(perplexity, (users - 1) / 3)


def method():
    """Returns the name and version of the package that computes the maps."""
    package = sklearn if openTSNE is None else openTSNE
    return f"{'scikit-learn' if openTSNE is None else 'openTSNE'} {package.__version__}"


def tsne(vectors, perplexity, seed):
    """Returns a map [U, 2] by t-SNE (van der Maaten & Hinton, 2008) of unit vectors [U, D].

    It starts from the first two principal components, so that the large-scale layout of the map is meaningful
    and depends little on the seed. openTSNE (Policar et al., 2019) computes it where it is installed, else
    scikit-learn does.
    """
    centred = vectors - vectors.mean(0)
    left, spread, _ = np.linalg.svd(centred, full_matrices=False)
    start = np.zeros((len(vectors), 2))
    start[:, :left.shape[1]] = (left * spread)[:, :2]
    start *= 1e-4 / max(start[:, 0].std(), 1e-12)
    if openTSNE is None:
        model = manifold.TSNE(2, perplexity=perplexity, init=start.astype(np.float32), random_state=seed,
                              learning_rate=max(len(vectors) / 48, 50))  # Belkina et al. 2019
        return model.fit_transform(vectors.astype(np.float32))
    model = openTSNE.TSNE(2, perplexity=perplexity, initialization=start, random_state=seed, n_jobs=-1)
    return np.array(model.fit(vectors.astype(np.float32)))


def closest_pair(vectors, among):
    """Returns the closest Pair among some users; of equally close pairs, the first.

    Args:
      vectors: unit vectors [U, D].
      among: ascending numbers of the users who may be chosen; at least two.
    """
    closest = Pair(-1, -1, -np.inf)
    for first, block in cosines(vectors[among]):
        row, column = np.unravel_index(np.argmax(block), block.shape)
        if block[row, column] > closest.cosine:
            low, high = sorted((int(among[first + row]), int(among[column])))
            closest = Pair(low, high, float(block[row, column]))
    return closest
