"""The fast text encoder: the same numbers as `layers.encode_dense`, with far fewer products.

A convolution over word embeddings is a sum of projections, one for each word of the window:

    conv[t] = sum_k V[w_{t+k}] C_k,

so each distinct word of the batch is projected once, `P = V C` [words, W, F], and a position only adds W
rows of P. Bias and ReLU may be applied after the maximum. The gradient of a maximum reaches the position of the
maximum alone. Therefore the positions are found first, without gradient, and then the W projections at these
positions are added again, with gradient. Value and gradient are exact, and the work of the backward pass falls
from L x F to F for each review.

The positions are found by a numba kernel (`max_pool.py`) where numba is installed and TensorFlow uses no GPU, else by
TensorFlow operations with the same result.
"""
import numpy as np

from models.network import max_pool
from runtime.tf1 import gpus, tf


def has_kernels():
    """Whether numba kernels may do the work: they run on the CPU, so not where TensorFlow uses a GPU."""
    return max_pool.numba is not None and not gpus()


def encode_fast(tokens, table, kernel, bias, mask_padding=True, fused=True):
    """Encodes distinct reviews. Arguments and result are those of `layers.encode_dense` with the layout 'words'.

    Args:
      fused: whether numba may be used. An export needs TensorFlow operations alone.
    """
    if fused and has_kernels():
        word_count, width = tf.dimension_value(table.shape[0]), tf.dimension_value(kernel.shape[0])
        words, row_of, positions = max_pool.distinct_words(tokens, word_count, width, mask_padding)
        vectors = tf.gather(table, words, name="projection_vectors")  # [P, E]
        largest = max_pool.largest(vectors, kernel, row_of, positions, mask_padding)
    else:
        largest, positions = _largest_plain(tokens, table, kernel, mask_padding)
    return tf.nn.relu(largest + bias) * tf.cast(positions > 0, tf.float32)[:, tf.newaxis]  # [M, F]


def project(table, kernel):
    """Returns the projections [V, W*F] of all words of a table [V, E] by a kernel [W, E, F]."""
    width, dim, filters = kernel.shape.as_list()
    flat = tf.reshape(tf.transpose(kernel, [1, 0, 2]), [dim, width * filters])
    return tf.matmul(table, flat)


def encode_projected(tokens, projected, bias, mask_padding=True):
    """`encode_fast` on arrays, for many reviews, with all words projected beforehand. Needs numba.

    Args:
      tokens: [M, L] word ids, 0 = padding.
      projected: [V, W*F], from `project`.
      bias: [F].

    Returns:
      [M, F].
    """
    width = projected.shape[1] // len(bias)
    largest, positions = max_pool.largest_of_all(tokens, projected, width, mask_padding)
    return np.maximum(largest + bias, 0) * (positions > 0)[:, np.newaxis]


def _largest_plain(tokens, table, kernel, mask_padding):
    """Returns the largest window of each review and filter [M, F], and the number of windows of each review [M]."""
    width, _, filters = kernel.shape.as_list()
    words, row_of = tf.unique(tf.reshape(tokens, [-1]), out_idx=tf.int32)  # [P], [M*L]
    projected = project(tf.gather(table, words), kernel)  # [P, W*F]
    if mask_padding:
        projected *= tf.expand_dims(tf.cast(tf.not_equal(words, 0), tf.float32), 1)
    row_of = tf.reshape(row_of, tf.shape(tokens))  # [M, L]
    lengths = tf.reduce_sum(tf.cast(tf.not_equal(tokens, 0), tf.int32), 1)  # [M]
    if mask_padding:  # windows may reach past L, into a row of zeros
        projected = tf.pad(projected, [[0, 1], [0, 0]])
        row_of = tf.pad(row_of, [[0, 0], [0, width - 1]], constant_values=0)
        beyond = tf.range(tf.shape(row_of)[1])[tf.newaxis, :] >= lengths[:, tf.newaxis]
        row_of = tf.where(beyond, tf.fill(tf.shape(row_of), tf.size(words)), row_of)
        positions = lengths
    else:  # one window of padding alone represents all such windows
        positions = tf.minimum(lengths + width, tf.shape(tokens)[1]) - (width - 1)
    best_position = max_pool.argmax_plain(tf.stop_gradient(projected), row_of, positions, width)  # [M, F]
    column = tf.range(filters)[tf.newaxis, :]
    first = tf.range(tf.shape(tokens)[0])[:, tf.newaxis] * tf.shape(row_of)[1]  # [M, 1] in the flat [M*L]
    cell = first + best_position  # [M, F]
    entries = tf.reshape(projected, [-1])
    total = 0.
    for step in range(width):
        word = tf.gather(tf.reshape(row_of, [-1]), cell + step)  # [M, F]
        total += tf.gather(entries, (word * width + step) * filters + column)
    return total, positions
