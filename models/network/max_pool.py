"""The inner loops of the fast encoder: which position of a review wins each filter, and what that teaches.

`largest` runs numba's kernels, which never materialise `[M, L, F]`; `pick_plain` makes the same choice by
plain TensorFlow operations, for where numba is not installed and for what is exported.

The gradient of a maximum touches the winners alone: a tenth of all pairs of word and filter, so that its
products are sums over those that are not zero.
"""
import numpy as np

from models.network import kernels
from models.network.kernels import PARTS, numba
from models.network.layers import NEVER
from runtime.tf1 import tf


def distinct_words(tokens, vocabulary, width, mask_padding):
    """The distinct words of reviews, to be projected once each.

    Args:
      tokens: [M, L] int32, 0 after a review's end.
      vocabulary: `V`.
      width: `W`.
      mask_padding: as in `layers.encode_dense`.

    Returns:
      words [P] int32, the first is 0; place [M, L + W - 1] int32, the row of `words` of each word, 0 beyond
      the end; positions [M] int32, windows of each review.
    """
    words, place, positions = tf.numpy_function(
        _distinct_words, [tokens, vocabulary, width, mask_padding], [tf.int32] * 3, name="projection_words")
    words.set_shape([None]), place.set_shape([None, None]), positions.set_shape([None])
    return words, place, positions


def largest(vectors, kernel, place, positions, mask_padding):
    """The largest window of each review and filter, `max_t sum_k vectors[place[t + k]] . kernel[k]`.

    Args:
      vectors: [P, E] of the distinct words.
      kernel: [W, E, F].
      place, positions: of `distinct_words`.
      mask_padding: whether row 0 of `vectors` counts as zeros.

    Returns:
      [M, F]; 0 where a review has no window.
    """
    width, dim, filters = kernel.shape.as_list()

    @tf.custom_gradient
    def maximum(vectors, flat):
        projected = tf.matmul(vectors, flat, name="projection")  # [P, W*F]
        value, won = tf.numpy_function(_largest, [projected, place, positions, width, mask_padding],
                                       [tf.float32, tf.int32], name="forward_kernel")
        value.set_shape([None, filters])

        def gradient(wanted):
            found = tf.numpy_function(_largest_gradient, [vectors, flat, place, positions, won, wanted, mask_padding],
                                      [tf.float32, tf.float32], name="backward_kernel")
            found[0].set_shape([None, dim]), found[1].set_shape([dim, width * filters])
            return found

        return value, gradient

    return maximum(vectors, tf.reshape(tf.transpose(kernel, [1, 0, 2]), [dim, width * filters]))


def largest_of_all(tokens, projected, width, mask_padding):
    """`largest` of reviews of arrays, where every word is projected already.

    Args:
      tokens: [M, L] word ids, 0 after a review's end.
      projected: [V, W*F] float32, a row for each word of the vocabulary.

    Returns:
      [M, F]; and the windows of each review [M].
    """
    place = np.pad(tokens.astype(np.int32), [(0, 0), (0, width - 1)], "constant")
    positions = _windows((tokens > 0).sum(1), tokens.shape[1], width, mask_padding)
    return _largest(projected, place, positions, width, mask_padding)[0], positions


def pick_plain(projected, place, positions, width):
    """The first position of the maximum of `sum_k projected[place[t + k], k]` over t < positions.

    Args:
      projected: [P, W*F] float32, a row for each distinct word.
      place: [M, L] int32, the row of each word of each review.
      positions: [M] int32, windows of each review; 0 for an empty review.
      width: W.

    Returns:
      [M, F] int32, 0 for an empty review. No gradient.
    """
    parts = tf.split(projected, width, 1)  # W of [P, F]
    windows = tf.shape(place)[1] - (width - 1)
    total = tf.add_n([tf.gather(part, place[:, step:step + windows])
                      for step, part in enumerate(parts)])  # [M, windows, F]
    real = tf.range(windows)[tf.newaxis, :] < positions[:, tf.newaxis]
    total += tf.where(real, tf.zeros_like(real, tf.float32), tf.fill(tf.shape(real), NEVER))[:, :, tf.newaxis]
    return tf.stop_gradient(tf.argmax(total, 1, output_type=tf.int32))


def _distinct_words(tokens, vocabulary, width, mask_padding):
    place = np.zeros((tokens.shape[0], tokens.shape[1] + width - 1), np.int32)
    words, lengths = np.zeros(tokens.size + 1, np.int32), np.zeros(len(tokens), np.int32)
    count = _number_words(tokens, np.zeros(vocabulary, np.int32), words, place, lengths)
    return words[:count], place, _windows(lengths, tokens.shape[1], width, mask_padding)


def _windows(lengths, words, width, mask_padding):
    """Windows [M] int32 of reviews of so many words, in rows of `words`."""
    if not mask_padding:  # one window of padding alone stands for all of them
        lengths = np.minimum(lengths + width, words) - (width - 1)
    return lengths.astype(np.int32)


def _largest(projected, place, positions, width, mask_padding):
    shape = len(place), projected.shape[1] // width
    value, won = kernels.empty(shape), kernels.empty(shape, np.int32)
    _find_largest(projected, place, positions, width, bool(mask_padding), value, won)
    return value, won


def _largest_gradient(vectors, flat, place, positions, won, wanted, mask_padding):
    width = flat.shape[1] // won.shape[1]
    word, free = np.empty(won.size * width, np.int32), np.zeros((PARTS, len(vectors)), np.int32)
    _find_words(place, positions, won, width, bool(mask_padding), word.reshape(len(won), -1))
    _count(word, free)
    start = np.append(np.zeros(1, np.int32), np.cumsum(free.sum(0, dtype=np.int32), dtype=np.int32))  # [P+1]
    free = start[:-1] + np.cumsum(free, 0, dtype=np.int32) - free  # where each part begins to write
    entries = np.empty(start[-1], np.int32)
    _sort(word, free, entries)
    kernel = np.ascontiguousarray(flat.T)  # [W*F, E]
    vector_gradient, parts = kernels.empty(vectors.shape), np.zeros((PARTS,) + kernel.shape, np.float32)
    _multiply(start, entries, wanted.reshape(-1), width, vectors, kernel, vector_gradient, parts)
    return vector_gradient, np.ascontiguousarray(parts.sum(0).T)


if numba is not None:
    @numba.njit(cache=True)
    def _number_words(tokens, row_of, words, place, lengths):
        """Fills words, place and lengths; `row_of` [V] is zero. Returns the number of distinct words."""
        count = 1
        for review in range(len(tokens)):
            for position in range(tokens.shape[1]):
                word = tokens[review, position]
                if word:
                    if not row_of[word]:
                        row_of[word] = count
                        words[count] = word
                        count += 1
                    place[review, position] = row_of[word]
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
    def _slide(projected, place, positions, width, mask_padding, best, first):
        """Slides the window over one review: `best` and `first` [F] of its positions."""
        filters = len(best)
        total, nothing = np.empty(filters, np.float32), np.zeros(filters, np.float32)
        best[:] = -np.inf if positions else 0
        first[:] = 0
        for position in range(positions):
            part = nothing
            for step in range(width):
                row = place[position + step]
                part = projected[row, step * filters:(step + 1) * filters]
                if mask_padding and not row:
                    part = nothing
                if step == 0:
                    total[:] = part if width > 1 else nothing
                elif step < width - 1:
                    kernels.add(total, np.float32(1), part)
            _keep_larger(best, first, total, part, np.int32(position))

    @numba.njit(parallel=True, cache=True)
    def _find_largest(projected, place, positions, width, mask_padding, value, won):
        for review in numba.prange(len(place)):
            _slide(projected, place[review], positions[review], width, mask_padding, value[review], won[review])

    @numba.njit(parallel=True, cache=True)
    def _find_words(place, positions, won, width, mask_padding, word):
        """Fills word [M, F*W]: of each winning window the rows in `vectors` of its words; -1: it counts for none."""
        for review in numba.prange(len(won)):
            for filter_ in range(won.shape[1]):
                for step in range(width):
                    row = place[review, won[review, filter_] + step]
                    counts = positions[review] and (row or not mask_padding)
                    word[review, filter_ * width + step] = row if counts else -1

    @numba.njit(parallel=True, cache=True)
    def _count(word, count):
        """Adds to count [PARTS, P] how often each word stands in each part of `word`, flat."""
        for part in numba.prange(PARTS):
            for entry in range(part * len(word) // PARTS, (part + 1) * len(word) // PARTS):
                if word[entry] >= 0:
                    count[part, word[entry]] += 1

    @numba.njit(parallel=True, cache=True)
    def _sort(word, free, entries):
        """Fills entries: places in flat `word`, in the order of words; each part where `free` [PARTS, P] says."""
        for part in numba.prange(PARTS):
            for entry in range(part * len(word) // PARTS, (part + 1) * len(word) // PARTS):
                if word[entry] >= 0:
                    entries[free[part, word[entry]]] = entry
                    free[part, word[entry]] += 1

    @numba.njit(cache=True)
    def _multiply_rows(rows, start, entries, wanted, width, vectors, kernel, vector_gradient, kernel_gradient):
        spread = np.zeros(len(kernel), np.float32)  # the gradient of one word's projections
        filters = len(kernel) // width
        for row in range(rows[0], rows[1]):
            vector_gradient[row] = 0
            for entry in entries[start[row]:start[row + 1]]:
                spread[entry % width * filters + entry // width % filters] += wanted[entry // width]
            if start[row] == start[row + 1]:
                continue
            for column in range(len(kernel)):
                if spread[column] != 0:
                    kernels.add(vector_gradient[row], spread[column], kernel[column])
                    kernels.add(kernel_gradient[column], spread[column], vectors[row])
                    spread[column] = 0

    @numba.njit(parallel=True, cache=True)
    def _multiply(start, entries, wanted, width, vectors, kernel, vector_gradient, kernel_gradient):
        """`spread kernel` and, in parts, `spread^T vectors`, of the gradient `spread` [P, W*F] of `projected`: that of
        word p is a sum of the gradients `wanted` [M*F] of the maxima that entries start[p] to start[p+1] tell of."""
        for part in numba.prange(PARTS):
            rows = part * len(vectors) // PARTS, (part + 1) * len(vectors) // PARTS
            _multiply_rows(rows, start, entries, wanted, width, vectors, kernel, vector_gradient,
                           kernel_gradient[part])
