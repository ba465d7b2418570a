"""Layers that both towers use, and the plain text encoder. Shapes by the legend of `deeprecsys.py`."""
from typing import NamedTuple

from runtime.tf1 import tf

NEVER = -1e9  # a logit whose softmax is 0
ENOUGH = 1e6  # a limit that no score reaches


def masked_softmax(logits, mask):
    """Returns the softmax over the last axis of the entries where `mask` is true; other entries are 0.

    Args:
      logits: [..., R] float32.
      mask: [..., R] bool.
    """
    weights = tf.nn.softmax(tf.where(mask, logits, tf.fill(tf.shape(logits), NEVER)))
    return weights * tf.cast(mask, tf.float32)


def soft_minimum(values, limit, softness):
    """Returns -T ln(e^(-x / T) + e^(-m / T)) [..] of values x [..], a limit m and a softness T above 0.

    It is x far below m and m far above it, each but for some T, and rises with x everywhere.
    """
    return values - softness * tf.nn.softplus((values - limit) / softness)


def masked_mean(values, mask):
    """Returns the mean [..., n] of `values` [..., R, n] where `mask` [..., R] is true; 0 where it is true nowhere."""
    weight = tf.expand_dims(tf.cast(mask, tf.float32), -1)
    return tf.reduce_sum(values * weight, -2) / tf.maximum(tf.reduce_sum(weight, -2), 1.)


def unit(vectors):
    """Returns the vectors scaled to length 1 along the last axis; a zero vector stays zero."""
    return tf.math.l2_normalize(vectors, -1, epsilon=1e-12)


def dense(values, kernel):
    """Returns the matrix product [.., n] of values [.., m] and a kernel [m, n]."""
    return tf.matmul(values, kernel) if values.shape.ndims == 2 else tf.tensordot(values, kernel, 1)


class Rows(NamedTuple):
    """Which rows of a whole batch one of several workers computes."""
    own: tf.Tensor  # [n] int32
    count: tf.Tensor  # [] int32, rows of the whole batch


class Noise:
    """Random numbers of one training step. They depend on its seed alone, so that a resumed run draws the same ones."""

    def __init__(self, seed, rows=None):
        """
        Args:
          seed: [2] int32 tensor, (seed of the run, number of the step).
          rows: {kind: Rows}, for a worker that computes a part of a batch: it uses its rows of the numbers that one
            process would draw. None: the batch is whole.
        """
        self.seed, self.rows, self.drawn = seed, rows, 0

    def uniform(self, shape, kind="pair"):
        """Returns numbers in [0, 1); each call draws new ones.

        Args:
          shape: of the result.
          kind: what the first axis counts: each "pair", or each distinct review of the "user" tower or "item" tower.
        """
        self.drawn += 1
        seed = self.seed + [self.drawn * 7919, 0]
        if self.rows is None:
            return tf.random.stateless_uniform(shape, seed)
        whole = tf.concat([[self.rows[kind].count], tf.convert_to_tensor(shape)[1:]], 0)
        return tf.gather(tf.random.stateless_uniform(whole, seed), self.rows[kind].own)


def dropout(values, keep_prob, noise, kind="pair"):
    """Returns the values after inverted dropout by `noise`; without noise (None) the values themselves.

    `kind` is that of `Noise.uniform`.
    """
    if noise is None or keep_prob >= 1:
        return values
    return values * tf.cast(noise.uniform(tf.shape(values), kind) < keep_prob, tf.float32) / keep_prob


def whole_dropout(values, keep_prob, noise):
    """Returns `values` [B, n] with whole rows set to 0 with probability 1 - keep_prob; the others are not scaled up."""
    if noise is None or keep_prob >= 1:
        return values
    return values * tf.cast(noise.uniform([tf.shape(values)[0], 1]) < keep_prob, tf.float32)


def encode_dense(tokens, table, kernel, bias, layout="words", mask_padding=True):
    """The plain text encoder: embed, convolve over words, ReLU, maximum over positions. The reference of the tests.

    Kim, "Convolutional neural networks for sentence classification", 2014, equations 1 to 3.

    Args:
      tokens: [M, L] int32 word ids, 0 = padding.
      table: [V, E] word vectors.
      kernel: [W, E, F].
      bias: [F].
      layout: 'words', or 'reshape': the embedding is read as in the first public code, which used a reshape
        where a transpose was meant.
      mask_padding: if true, padding adds 0, a window starts at a real word, and an empty review gives 0. If
        false, padding is a word like any other, and windows lie inside the L words.

    Returns:
      [M, F].
    """
    width = tf.dimension_value(kernel.shape[0])
    embedded = tf.gather(table, tokens)  # [M, L, E]
    real = tf.not_equal(tokens, 0)  # [M, L]
    if mask_padding:
        embedded *= tf.expand_dims(tf.cast(real, tf.float32), -1)
        embedded = tf.pad(embedded, [[0, 0], [0, width - 1], [0, 0]])  # [M, L+W-1, E]
    if layout == "reshape":
        shape = tf.shape(embedded)
        embedded = tf.transpose(tf.reshape(embedded, [shape[0], shape[2], shape[1]]), [0, 2, 1])
    features = tf.nn.conv1d(embedded, kernel, 1, "VALID")  # [M, L or L-W+1, F]
    if mask_padding:
        features = tf.where(tf.tile(tf.expand_dims(real, -1), [1, 1, tf.dimension_value(kernel.shape[2])]), features,
                            tf.fill(tf.shape(features), NEVER))
    return tf.nn.relu(tf.reduce_max(features, 1) + bias) * _written(real, mask_padding)  # [M, F]


def _written(real, mask_padding):
    if not mask_padding:
        return 1.
    return tf.cast(tf.reduce_any(real, 1, keepdims=True), tf.float32)  # [M, 1]
