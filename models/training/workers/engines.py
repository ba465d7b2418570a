"""The operations in the graph by which workers exchange arrays: by a ring of TCP connections, or by Horovod.

Both engines offer `gather`, `sum`, `rank`, `size`, `sent` (bytes so far; None: unknown), `has_lost(error)` and `close`.
The collective operations of TensorFlow itself, which its strategies for several workers use, are no choice: in 1.15 and
2.21 they refuse parts of different lengths ("Shape mismatch in the collective instance"), which sparse gradients have.
"""
import os

from models.training.workers.ring import Lost
from runtime.tf1 import tf


class RingEngine:
    """Operations by a `ring.Ring`. All workers must build the same operations in the same order."""

    def __init__(self, ring):
        self.ring, self.rank, self.size = ring, ring.rank, ring.size
        self.last = self.lost = None

    sent = property(lambda engine: engine.ring.sent)

    def start_order(self):
        """Later operations wait for none that exists so far. Call it between operations of different runs."""
        self.last = None

    def gather(self, tensors):
        """Returns the tensors [n, ..] of all workers, each joined along its first axis in the order of ranks."""
        joined = self._call(lambda *arrays: self.ring.gather(arrays), tensors, "workers_gather")
        for whole, part in zip(joined, tensors):
            whole.set_shape([None] + part.shape[1:].as_list())
        return joined

    def sum(self, vector):
        """Returns the sum [n] over all workers of a vector [n]."""
        total, = self._call(lambda array: [self.ring.sum(array)], [vector], "workers_sum")
        total.set_shape(vector.shape)
        return total

    def has_lost(self, error):
        """Returns why other workers cannot be reached, where that is the cause of an error of TensorFlow; else None."""
        return self.lost

    def close(self):
        self.ring.close()

    def _call(self, function, tensors, name):
        def call(*arrays):
            try:
                return function(*arrays)
            except Lost as lost:
                self.lost = str(lost)
                raise

        with tf.control_dependencies([self.last] if self.last is not None else []):  # the same order on all workers
            results = tf.numpy_function(call, tensors, [tensor.dtype for tensor in tensors], name=name)
        self.last = results[0].op
        return results


class HorovodEngine:
    """Operations by Horovod, which orders them itself. The environment says which worker this is."""

    sent = None

    def __init__(self):
        os.environ.setdefault("HOROVOD_STALL_CHECK_DISABLE", "1")  # others wait while worker 0 validates
        import horovod.tensorflow as horovod

        horovod.init()
        self.horovod, self.rank, self.size = horovod, horovod.rank(), horovod.size()

    def start_order(self):
        pass

    def gather(self, tensors):
        return [self.horovod.allgather(tensor) for tensor in tensors]

    def sum(self, vector):
        return self.horovod.allreduce(vector, op=self.horovod.Sum)

    def has_lost(self, error):
        """See RingEngine. Horovod says in the text of an error alone that a worker has ended."""
        return "another worker has ended or cannot be reached" if "orovod" in str(error) else None

    def close(self):
        self.horovod.shutdown()
