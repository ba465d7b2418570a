"""Numba kernels for max-pooling over positions: forward argmax and its gradient.

`largest` runs the kernels, which never hold an array `[M, L, F]`. `argmax_plain` finds the same positions by
TensorFlow operations, for installations without numba and for the export.

The gradient of a maximum reaches the position of the maximum alone. That concerns about a tenth of all pairs of
word and filter, so the products of the backward pass are sums over the entries that are not zero.
"""
import numpy as np

from models.network import kernels
from models.network.kernels import PARTS, numba
from models.network.layers import NEVER
from runtime import scratch
from runtime.tf1 import tf


def distinct_words(tokens, vocabulary, width, mask_padding):
    """Finds the distinct words of reviews, so that each is projected once.

    Args:
      tokens: [M, L] int32, 0 after the end of a review.
      vocabulary: `V`.
      width: `W`.
      mask_padding: as in `layers.encode_dense`.

    Returns:
      words [P] int32, the first is 0; rows [M, L + W - 1] int32, the row in `words` of each word, 0 after the end
      of the review; positions [M] int32, the number of windows of each review.
    """
    words, rows, positions = tf.numpy_function(
        _distinct_words, [tokens, vocabulary, width, mask_padding], [tf.int32] * 3, name="projection_words")
    words.set_shape([None]), rows.set_shape([None, None]), positions.set_shape([None])
    return words, rows, positions


def largest(vectors, kernel, rows, positions, mask_padding):
    """Returns the largest window of each review and filter, `max_t sum_k vectors[rows[t + k]] . kernel[k]`.

    Args:
      vectors: [P, E], of the distinct words.
      kernel: [W, E, F].
      rows, positions: from `distinct_words`.
      mask_padding: whether row 0 of `vectors` counts as zeros.

    Returns:
      [M, F]; 0 where a review has no window.
    """
    width, dim, filters = kernel.shape.as_list()

    @tf.custom_gradient
    def maximum(vectors, flat):
        projected = tf.matmul(vectors, flat, name="projection")  # [P, W*F]
        value, argmax = tf.numpy_function(_largest, [projected, rows, positions, width, mask_padding],
                                          [tf.float32, tf.int32], name="forward_kernel")
        value.set_shape([None, filters])

        def gradient(output_gradient):
            gradients = tf.numpy_function(
                _largest_gradient, [vectors, flat, rows, positions, argmax, output_gradient, mask_padding],
                [tf.float32, tf.float32], name="backward_kernel")
            gradients[0].set_shape([None, dim]), gradients[1].set_shape([dim, width * filters])
            return gradients

        return value, gradient

    return maximum(vectors, tf.reshape(tf.transpose(kernel, [1, 0, 2]), [dim, width * filters]))


def largest_of_all(tokens, projected, width, mask_padding):
    """`largest` on arrays, with all words projected beforehand.

    Args:
      tokens: [M, L] word ids, 0 after the end of a review.
      projected: [V, W*F] float32, a row for each word of the vocabulary.

    Returns:
      [M, F]; and the number of windows of each review [M].
    """
    rows = np.pad(tokens.astype(np.int32), [(0, 0), (0, width - 1)], "constant")
    positions = _windows((tokens > 0).sum(1), tokens.shape[1], width, mask_padding)
    return _largest(projected, rows, positions, width, mask_padding)[0], positions


def argmax_plain(projected, rows, positions, width):
    """Returns the first position of the maximum of `sum_k projected[rows[t + k], k]` over t < positions.

    Args:
      projected: [P, W*F] float32, a row for each distinct word.
      rows: [M, L] int32, the row in `projected` of each word of each review.
      positions: [M] int32, the number of windows of each review; 0 for an empty review.
      width: W.

    Returns:
      [M, F] int32, 0 for an empty review. No gradient.
    """
    parts = tf.split(projected, width, 1)  # W of [P, F]
    windows = tf.shape(rows)[1] - (width - 1)
    total = tf.add_n([tf.gather(part, rows[:, step:step + windows])
                      for step, part in enumerate(parts)])  # [M, windows, F]
    real = tf.range(windows)[tf.newaxis, :] < positions[:, tf.newaxis]
    total += tf.where(real, tf.zeros_like(real, tf.float32), tf.fill(tf.shape(real), NEVER))[:, :, tf.newaxis]
    return tf.stop_gradient(tf.argmax(total, 1, output_type=tf.int32))


def _distinct_words(tokens, vocabulary, width, mask_padding):
    rows = np.zeros((tokens.shape[0], tokens.shape[1] + width - 1), np.int32)
    words, lengths = np.zeros(tokens.size + 1, np.int32), np.zeros(len(tokens), np.int32)
    count = _number_words(tokens, np.zeros(vocabulary, np.int32), words, rows, lengths)
    return words[:count], rows, _windows(lengths, tokens.shape[1], width, mask_padding)


def _windows(lengths, words, width, mask_padding):
    """Returns the number of windows [M] int32 of reviews of `lengths` words, stored in rows of `words` ids."""
    if not mask_padding:  # one window of padding alone represents all such windows
        lengths = np.minimum(lengths + width, words) - (width - 1)
    return lengths.astype(np.int32)


def _largest(projected, rows, positions, width, mask_padding):
    shape = len(rows), projected.shape[1] // width
    value, argmax = scratch.empty(shape), scratch.empty(shape, np.int32)
    _find_largest(projected, rows, positions, width, bool(mask_padding), value, argmax)
    return value, argmax


def _largest_gradient(vectors, flat, rows, positions, argmax, output_gradient, mask_padding):
    width = flat.shape[1] // argmax.shape[1]
    word, free = np.empty(argmax.size * width, np.int32), np.zeros((PARTS, len(vectors)), np.int32)
    _find_words(rows, positions, argmax, width, bool(mask_padding), word.reshape(len(argmax), -1))
    _count(word, free)
    start = np.append(np.zeros(1, np.int32), np.cumsum(free.sum(0, dtype=np.int32), dtype=np.int32))  # [P+1]
    free = start[:-1] + np.cumsum(free, 0, dtype=np.int32) - free  # the first entry of each part
    entries = np.empty(start[-1], np.int32)
    _sort(word, free, entries)
    kernel = np.ascontiguousarray(flat.T)  # [W*F, E]
    vector_gradient, parts = scratch.empty(vectors.shape), np.zeros((PARTS,) + kernel.shape, np.float32)
    _multiply(start, entries, output_gradient.reshape(-1), width, vectors, kernel, vector_gradient, parts)
    return vector_gradient, np.ascontiguousarray(parts.sum(0).T)


if numba is not None:
    @numba.njit(cache=True)
    def _number_words(tokens, row_of, words, rows, lengths):
        """Fills words, rows and lengths; `row_of` [V] holds zeros. Returns the number of distinct words."""
        count = 1
        for review in range(len(tokens)):
            for position in range(tokens.shape[1]):
                word = tokens[review, position]
                if word:
                    if not row_of[word]:
                        row_of[word] = count
                        words[count] = word
                        count += 1
                    rows[review, position] = row_of[word]
                    lengths[review] += 1
        return count

    @numba.njit(cache=True)
    def _keep_larger(best, first, total, last, position):
        for column in range(len(best)):
            value = total[column] + last[column]
            better = value > best[column]
            best[column] = value if better else best[column]
            first[column] = position if better else first[column]

    @numba.njit(cache=True)
    def _slide(projected, rows, positions, width, mask_padding, best, first):
        """Fills `best` and `first` [F]: the maximum over the windows of one review, and its first position."""
        filters = len(best)
        total, nothing = np.empty(filters, np.float32), np.zeros(filters, np.float32)
        best[:] = -np.inf if positions else 0
        first[:] = 0
        for position in range(positions):
            part = nothing
            for step in range(width):
                row = rows[position + step]
                part = projected[row, step * filters:(step + 1) * filters]
                if mask_padding and not row:
                    part = nothing
                if step == 0:
                    total[:] = part if width > 1 else nothing
                elif step < width - 1:
                    kernels.add(total, np.float32(1), part)
            _keep_larger(best, first, total, part, np.int32(position))

    @numba.njit(parallel=True, cache=True)
    def _find_largest(projected, rows, positions, width, mask_padding, value, argmax):
        for review in numba.prange(len(rows)):
            _slide(projected, rows[review], positions[review], width, mask_padding, value[review], argmax[review])

    @numba.njit(parallel=True, cache=True)
    def _find_words(rows, positions, argmax, width, mask_padding, word):
        """Fills word [M, F*W]: the rows in `vectors` of the words of each largest window; -1: no word."""
        for review in numba.prange(len(argmax)):
            for filter_ in range(argmax.shape[1]):
                for step in range(width):
                    row = rows[review, argmax[review, filter_] + step]
                    counts = positions[review] and (row or not mask_padding)
                    word[review, filter_ * width + step] = row if counts else -1

    @numba.njit(parallel=True, cache=True)
    def _count(word, count):
        """Adds to count [PARTS, P] how often each word occurs in each part of the flat `word`."""
        for part in numba.prange(PARTS):
            for entry in range(part * len(word) // PARTS, (part + 1) * len(word) // PARTS):
                if word[entry] >= 0:
                    count[part, word[entry]] += 1

    @numba.njit(parallel=True, cache=True)
    def _sort(word, free, entries):
        """Fills entries: positions in the flat `word`, sorted by word. `free` [PARTS, P]: where a part writes next."""
        for part in numba.prange(PARTS):
            for entry in range(part * len(word) // PARTS, (part + 1) * len(word) // PARTS):
                if word[entry] >= 0:
                    entries[free[part, word[entry]]] = entry
                    free[part, word[entry]] += 1

    @numba.njit(cache=True)
    def _multiply_rows(rows, start, entries, output_gradient, width, vectors, kernel, vector_gradient,
                       kernel_gradient):
        spread = np.zeros(len(kernel), np.float32)  # the gradient of one word's projections
        filters = len(kernel) // width
        for row in range(rows[0], rows[1]):
            vector_gradient[row] = 0
            for entry in entries[start[row]:start[row + 1]]:
                spread[entry % width * filters + entry // width % filters] += output_gradient[entry // width]
            if start[row] == start[row + 1]:
                continue
            for column in range(len(kernel)):
                if spread[column] != 0:
                    kernels.add(vector_gradient[row], spread[column], kernel[column])
                    kernels.add(kernel_gradient[column], spread[column], vectors[row])
                    spread[column] = 0

    @numba.njit(parallel=True, cache=True)
    def _multiply(start, entries, output_gradient, width, vectors, kernel, vector_gradient, kernel_gradient):
        """Fills `spread kernel` and, in parts, `spread^T vectors`; `spread` [P, W*F] is the gradient of `projected`.

        Its row p is the sum of `output_gradient` [M*F] over the maxima that entries start[p] to start[p+1] list.
        """
        for part in numba.prange(PARTS):
            rows = part * len(vectors) // PARTS, (part + 1) * len(vectors) // PARTS
            _multiply_rows(rows, start, entries, output_gradient, width, vectors, kernel, vector_gradient,
                           kernel_gradient[part])
