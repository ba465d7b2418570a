"""Which position of a review wins each filter: the inner loop of the fast encoder.

`pick` is exact and has no gradient. Two kernels of the same result: numba's, parallel over reviews, which
never materialises `[M, L, F]`; and plain TensorFlow operations, for where numba is not installed.
"""
import numpy as np
import tensorflow.compat.v1 as tf

from models.layers import NEVER

try:
    import numba
except ImportError:
    numba = None


def pick(projected, place, positions, width):
    """The first position of the maximum of `sum_k projected[place[t + k], k]` over t < positions.

    Args:
      projected: [P, W*F] float32, a row for each distinct word.
      place: [M, L] int32, the row of each word of each review.
      positions: [M] int32, windows of each review; 0 for an empty review.
      width: W.

    Returns:
      [M, F] int32, 0 for an empty review.
    """
    if numba is None:
        return pick_plain(projected, place, positions, width)
    won = tf.numpy_function(_pick_numba, [projected, place, positions, width], tf.int32)
    won.set_shape([None, projected.shape[1].value // width])
    return tf.stop_gradient(won)


def pick_plain(projected, place, positions, width):
    """`pick` by TensorFlow operations alone."""
    parts = tf.split(projected, width, 1)  # W of [P, F]
    windows = tf.shape(place)[1] - (width - 1)
    total = tf.add_n([tf.gather(part, place[:, step:step + windows])
                      for step, part in enumerate(parts)])  # [M, windows, F]
    real = tf.range(windows)[tf.newaxis, :] < positions[:, tf.newaxis]
    total += tf.where(real, tf.zeros_like(real, tf.float32), tf.fill(tf.shape(real), NEVER))[:, :, tf.newaxis]
    return tf.stop_gradient(tf.argmax(total, 1, output_type=tf.int32))


def _pick_numba(projected, place, positions, width):
    won = np.empty((len(place), projected.shape[1] // width), np.int32)
    _kernel(projected, place, positions, int(width), won)
    return won


if numba is not None:
    @numba.njit(parallel=True, cache=True, fastmath=False)
    def _kernel(projected, place, positions, width, won):
        filters = won.shape[1]
        for review in numba.prange(len(place)):
            best = np.full(filters, -np.inf, np.float32)
            first = np.zeros(filters, np.int32)
            for position in range(positions[review]):
                total = projected[place[review, position], :filters].copy()
                for step in range(1, width):
                    part = projected[place[review, position + step], step * filters:(step + 1) * filters]
                    for column in range(filters):
                        total[column] += part[column]
                for column in range(filters):
                    better = total[column] > best[column]
                    best[column] = total[column] if better else best[column]
                    first[column] = position if better else first[column]
            won[review] = first
