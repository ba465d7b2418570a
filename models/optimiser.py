"""Adam that touches only the rows used."""
import numpy as np
import tensorflow.compat.v1 as tf

from models import kernels
from models.kernels import numba


class LazyAdam(tf.train.AdamOptimizer):
    """Adam (Kingma & Ba, 2015) whose moments of a table move only for the rows in its gradient.

    Plain Adam decays the moments of *all* rows at every step, which sweeps the whole word table. Where numba
    is installed, one kernel does what takes TensorFlow a dozen operations over all those rows.
    """

    def _apply_sparse_duplicate_indices(self, grad, var):
        if numba is None:
            return super()._apply_sparse_duplicate_indices(grad, var)
        settings = tf.stack([self._rate(), self._beta1_t, self._beta2_t, self._epsilon_t])
        rows, *moved = tf.numpy_function(
            _move, [self.get_slot(var, "m"), self.get_slot(var, "v"), grad.indices, grad.values, settings],
            [grad.indices.dtype] + [tf.float32] * 3)
        return self._write(var, rows, *moved)

    def _apply_sparse(self, grad, var):
        rows, gradient = grad.indices, grad.values
        first, second = self.get_slot(var, "m"), self.get_slot(var, "v")
        new_first = self._beta1_t * tf.gather(first, rows) + (1 - self._beta1_t) * gradient
        new_second = self._beta2_t * tf.gather(second, rows) + (1 - self._beta2_t) * tf.square(gradient)
        step = self._rate() * new_first / (tf.sqrt(new_second) + self._epsilon_t)
        return self._write(var, rows, new_first, new_second, step)

    def _rate(self):
        beta1_power, beta2_power = self._get_beta_accumulators()
        return self._lr_t * tf.sqrt(1 - beta2_power) / (1 - beta1_power)

    def _write(self, var, rows, first, second, step):
        return tf.group(tf.scatter_update(self.get_slot(var, "m"), rows, first),
                        tf.scatter_update(self.get_slot(var, "v"), rows, second), tf.scatter_sub(var, rows, step))


def _move(first, second, rows, gradient, settings):
    """(distinct rows [n], their new moments and their steps, each [n, ...]) of a gradient that may repeat rows."""
    distinct, place = np.unique(rows, return_inverse=True)
    gradient = gradient.reshape(len(rows), -1)
    if len(distinct) < len(rows):
        gradient = _sum_rows(gradient, place, np.zeros((len(distinct), gradient.shape[1]), np.float32))
    else:
        distinct = rows
    shape = (len(distinct),) + first.shape[1:]
    moved = tuple(kernels.empty(shape) for _ in range(3))
    flat = [part.reshape(len(part), -1) for part in (first, second) + moved]
    _move_rows(flat[0], flat[1], distinct, gradient, settings, *flat[2:])
    return (distinct,) + moved


if numba is not None:
    @numba.njit(cache=True)
    def _sum_rows(gradient, place, total):
        for row in range(len(gradient)):
            kernels.add(total[place[row]], np.float32(1), gradient[row])
        return total

    @numba.njit(cache=True, error_model="numpy")  # a check of each divisor would cost the vector code
    def _move_row(first, second, gradient, settings, new_first, new_second, step):
        rate, beta1, beta2, epsilon = settings
        for column in range(len(first)):
            new_first[column] = beta1 * first[column] + (np.float32(1) - beta1) * gradient[column]
            new_second[column] = beta2 * second[column] + (np.float32(1) - beta2) * gradient[column] ** 2
            step[column] = rate * new_first[column] / (np.sqrt(new_second[column]) + epsilon)

    @numba.njit(parallel=True, cache=True)
    def _move_rows(first, second, rows, gradient, settings, new_first, new_second, step):
        values = (settings[0], settings[1], settings[2], settings[3])
        for place in numba.prange(len(rows)):
            row = rows[place]
            _move_row(first[row], second[row], gradient[place], values, new_first[place], new_second[place],
                      step[place])
