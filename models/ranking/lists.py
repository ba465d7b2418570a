"""Points in lists of near ones: k-means by Lloyd's algorithm (1982), in blocks of bounded memory."""
import numpy as np
from scipy import sparse

ROUNDS = 8
SAMPLE = 64  # points of each list that the centres are learned from
BLOCK = 4096  # points at a time


def of_points(points, count, random):
    """Returns the list [n] int32 of each point, numbered from 0 without gaps; at most `count` lists.

    Args:
      points: [n, d] float32.
      count: number of lists; fewer where fewer points differ.
      random: RandomState, for the sample that the centres are learned from, and for its start.
    """
    sample = points[np.sort(random.permutation(len(points))[:SAMPLE * count])]
    centres = sample[random.permutation(len(sample))[:count]]
    for _ in range(ROUNDS):
        centres = _means(sample, nearest(sample, centres), len(centres))
    return np.unique(nearest(points, centres), return_inverse=True)[1].astype(np.int32).reshape(-1)


def nearest(points, centres):
    """Returns the number [n] of the nearest of the centres [k, d] of each point [n, d]; of equal ones the first."""
    half = (centres ** 2).sum(1) / 2
    blocks = [np.argmax(points[start:start + BLOCK] @ centres.T - half, 1) for start in range(0, len(points), BLOCK)]
    return np.concatenate(blocks) if blocks else np.zeros(0, np.int64)


def _means(points, of, count):
    """The mean [k, d] of the points of each list that has any."""
    size = np.bincount(of, minlength=count)
    total = sparse.csr_matrix((np.ones(len(of), np.float32), (of, np.arange(len(of)))), (count, len(points))) @ points
    return (total[size > 0] / size[size > 0, np.newaxis]).astype(np.float32)
