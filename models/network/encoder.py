"""The fast text encoder: the same numbers as `layers.encode_dense`, arranged well.

A convolution over word embeddings is a sum of projections, one for each word of the window:

    conv[t] = sum_k V[w_{t+k}] C_k,

so each distinct word of the batch is projected once, `P = V C` [words, W, F], and a position only adds W
rows of P. Bias and ReLU commute with the maximum. The gradient of a maximum touches the winning position
alone: winners are picked on values without gradient, then the W projections of the winners are added up
again, with gradient. Value and gradient are exact, and the backward pass shrinks from L x F to F a review.

The winners are picked by a fused kernel (`winners.py`) where numba is installed, else by plain TensorFlow
operations of the same result.
"""
import numpy as np

from models.network import max_pool
from runtime.tf1 import tf


def encode_fast(tokens, table, kernel, bias, mask_padding=True, fused=True):
    """Encodes distinct reviews. Arguments and result as `layers.encode_dense`, layout 'words'.

    Args:
      fused: False keeps to TensorFlow operations, for what is exported.
    """
    if fused and max_pool.numba is not None:
        words, place, positions = max_pool.distinct_words(tokens, table.shape[0].value, kernel.shape[0].value,
                                                          mask_padding)
        vectors = tf.gather(table, words, name="projection_vectors")  # [P, E]
        largest = max_pool.largest(vectors, kernel, place, positions, mask_padding)
    else:
        largest, positions = _largest_plain(tokens, table, kernel, mask_padding)
    return tf.nn.relu(largest + bias) * tf.cast(positions > 0, tf.float32)[:, tf.newaxis]  # [M, F]


def project(table, kernel):
    """Every word's projections [V, W*F] by a table [V, E] and a kernel [W, E, F]."""
    width, dim, filters = kernel.shape.as_list()
    flat = tf.reshape(tf.transpose(kernel, [1, 0, 2]), [dim, width * filters])
    return tf.matmul(table, flat)


def encode_projected(tokens, projected, bias, mask_padding=True):
    """`encode_fast` of arrays, for many reviews at once: every word is projected already. Needs numba.

    Args:
      tokens: [M, L] word ids, 0 = padding.
      projected: [V, W*F] of `project`.
      bias: [F].

    Returns:
      [M, F].
    """
    width = projected.shape[1] // len(bias)
    largest, positions = max_pool.largest_of_all(tokens, projected, width, mask_padding)
    return np.maximum(largest + bias, 0) * (positions > 0)[:, np.newaxis]


def _largest_plain(tokens, table, kernel, mask_padding):
    """The largest window of each review and filter [M, F], and the windows of each review [M]."""
    width, _, filters = kernel.shape.as_list()
    words, place = tf.unique(tf.reshape(tokens, [-1]), out_idx=tf.int32)  # [P], [M*L]
    projected = project(tf.gather(table, words), kernel)  # [P, W*F]
    if mask_padding:
        projected *= tf.expand_dims(tf.cast(tf.not_equal(words, 0), tf.float32), 1)
    place = tf.reshape(place, tf.shape(tokens))  # [M, L]
    lengths = tf.reduce_sum(tf.cast(tf.not_equal(tokens, 0), tf.int32), 1)  # [M]
    if mask_padding:  # windows may reach past L: into a row of zeros
        projected = tf.pad(projected, [[0, 1], [0, 0]])
        place = tf.pad(place, [[0, 0], [0, width - 1]], constant_values=0)
        beyond = tf.range(tf.shape(place)[1])[tf.newaxis, :] >= lengths[:, tf.newaxis]
        place = tf.where(beyond, tf.fill(tf.shape(place), tf.size(words)), place)
        positions = lengths
    else:  # one window of padding alone stands for all of them
        positions = tf.minimum(lengths + width, tf.shape(tokens)[1]) - (width - 1)
    won = max_pool.pick_plain(tf.stop_gradient(projected), place, positions, width)  # [M, F]
    column = tf.range(filters)[tf.newaxis, :]
    rows = tf.range(tf.shape(tokens)[0])[:, tf.newaxis] * tf.shape(place)[1] + won  # [M, F] in the flat [M*L]
    entries = tf.reshape(projected, [-1])
    total = 0.
    for step in range(width):
        word = tf.gather(tf.reshape(place, [-1]), rows + step)  # [M, F]
        total += tf.gather(entries, (word * width + step) * filters + column)
    return total, positions
