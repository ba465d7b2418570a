"""Adam that updates only the rows of a table that a batch uses."""
from runtime.tf1 import gpus, tf

BLOCK = 512  # rows at a time, so that intermediate values stay in the cache of the processor


class LazyAdam(tf.train.AdamOptimizer):
    """Adam (Kingma & Ba, 2015) that updates the moments of a table only for the rows in its gradient.

    Plain Adam decays the moments of *all* rows at every step, so it reads and writes the whole word table.
    """

    def _zeros_slot(self, var, slot_name, op_name):
        def zeros(shape, dtype, partition_info):  # a constant would stay in memory beside the slot
            return tf.fill(shape, tf.placeholder_with_default(tf.zeros([], dtype), []))

        return self._get_or_make_slot_with_initializer(
            var, zeros, var.shape, var.dtype.base_dtype, slot_name, op_name)

    def _apply_sparse_duplicate_indices(self, grad, var):
        rows, row_of = tf.unique(grad.indices)
        gradient = tf.cond(
            tf.equal(tf.size(rows), tf.size(row_of)), lambda: grad.values,  # a sum would copy them
            lambda: tf.math.unsorted_segment_sum(grad.values, row_of, tf.size(rows)))

        if gpus():  # a loop would start many small kernels
            return tf.group(*self._move(var, rows, gradient))

        def move(start):
            moved = self._move(var, rows[start:start + BLOCK], gradient[start:start + BLOCK])
            with tf.control_dependencies(moved):
                return start + BLOCK

        return tf.while_loop(lambda start: start < tf.size(rows), move, [0], parallel_iterations=1,
                             back_prop=False)

    def _move(self, var, rows, gradient):
        """Returns the operations of one step of distinct rows [n] by their gradient [n, ..]."""
        beta1_power, beta2_power = self._get_beta_accumulators()
        rate = self._lr_t * tf.sqrt(1 - beta2_power) / (1 - beta1_power)
        first, second = self.get_slot(var, "m"), self.get_slot(var, "v")
        new_first = self._beta1_t * tf.gather(first, rows) + (1 - self._beta1_t) * gradient
        new_second = (self._beta2_t * tf.gather(second, rows)
                      + (1 - self._beta2_t) * tf.square(gradient))
        step = rate * new_first / (tf.sqrt(new_second) + self._epsilon_t)
        return (tf.scatter_update(first, rows, new_first),
                tf.scatter_update(second, rows, new_second), tf.scatter_sub(var, rows, step))
