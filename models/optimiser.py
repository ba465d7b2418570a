"""Adam that touches only the rows used."""
import tensorflow.compat.v1 as tf


class LazyAdam(tf.train.AdamOptimizer):
    """Adam (Kingma & Ba, 2015) whose moments of a table move only for the rows in its gradient.

    Plain Adam decays the moments of *all* rows at every step, which sweeps the whole word table.
    """

    def _apply_sparse(self, grad, var):
        rows, gradient = grad.indices, grad.values
        beta1_power, beta2_power = self._get_beta_accumulators()
        rate = self._lr_t * tf.sqrt(1 - beta2_power) / (1 - beta1_power)
        first, second = self.get_slot(var, "m"), self.get_slot(var, "v")
        new_second = self._beta2_t * tf.gather(second, rows) + (1 - self._beta2_t) * tf.square(gradient)
        with tf.control_dependencies([tf.scatter_update(second, rows, new_second)]):  # one after the other: less memory
            rows = tf.identity(rows)
        new_first = self._beta1_t * tf.gather(first, rows) + (1 - self._beta1_t) * gradient
        step = rate * new_first / (tf.sqrt(new_second) + self._epsilon_t)
        return tf.group(tf.scatter_update(first, rows, new_first), tf.scatter_sub(var, rows, step))
