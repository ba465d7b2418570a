"""What one worker of a training shares with the others. `ALONE` stands for a training by one process.

Let a batch have G pairs in all, of which this worker has B, from pair `first` on. The loss of the batch is the sum over
the workers of what each computes (`mean`, `mean_where`). So gradients are sums over the workers as well; the gradient
of pairs that were joined (`join`) reaches the worker that they come from.
"""
import json
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np

from models import graph
from models.network.layers import Rows
from models.training.workers.ring import Lost
from runtime.cli import UserError
from runtime.tf1 import tf


class Alone:
    """One process that trains alone."""
    leads, size = True, 1
    rows = None  # of noise: those of the batch
    sent = 0  # bytes so far; None: unknown

    def build(self, session):
        """Builds what the graph needs beside the operations below; called before them."""

    def part(self, count):
        """Returns the slice of a batch of `count` pairs that this worker computes."""
        return slice(0, count)

    def feed(self, corpus, split, rows):
        """Returns {placeholder: array} for the batch of these rows of a split."""
        return {}

    def mean(self, values):
        """Returns the mean over the batch of values [B]."""
        return tf.reduce_mean(values)

    def mean_where(self, values, mask, whole_mask):
        """Returns the mean of values [B] where a mask [B] is true; 0 where it is true nowhere in the batch, [G]."""
        kept = tf.where(mask, values, tf.zeros_like(values))
        return tf.reduce_sum(kept) / tf.maximum(tf.reduce_sum(tf.cast(whole_mask, tf.float32)), 1.)

    def join(self, part):
        """Returns the float rows [G, ..] of all pairs of the batch, of those of this worker [B, ..]."""
        return part

    def join_facts(self, *parts):
        """Returns the rows [G] of all pairs of the batch, of int32 or bool rows [B]; without gradient."""
        return parts

    def own_columns(self, scores):
        """Returns the columns [G, B] of this worker's pairs, of scores [G, G]."""
        return scores

    def same_pair(self, pairs):
        """Returns where [B, G] a pair of this worker (row) is the pair of the batch (column)."""
        return tf.eye(pairs) > 0

    def of_pairs(self, scores):
        """Returns the scores [B] of this worker's pairs with themselves, of scores [B, G]."""
        return tf.linalg.diag_part(scores)

    def gradients(self, optimiser, share, common, numbers):
        """Returns the gradients [(gradient, variable)] of the loss of the whole batch, and numbers [] of all workers.

        Args:
          optimiser: of TensorFlow.
          share: [] what this worker adds to the loss.
          common: [] what is added once and is the same on all workers, since it depends on the variables alone.
          numbers: [[]] to be summed over the workers.
        """
        return optimiser.compute_gradients(share + common), numbers

    def equalise(self):
        """Gives the variables of worker 0 to all workers."""

    def tell(self, make):
        """Returns what `make` returns, a JSON value; worker 0 alone calls it and tells the others."""
        return make()

    @contextmanager
    def together(self):
        """Within this context, raises Lost where another worker cannot be reached."""
        yield

    def close(self):
        """Leaves the other workers."""


ALONE = Alone()


class _Place(NamedTuple):
    """Where the pairs and reviews of this worker are in the whole batch."""
    first: tf.Tensor  # []
    count: tf.Tensor  # [] G
    user: Rows
    item: Rows


class Team(Alone):
    """One of several workers.

    Args:
      engine: one of `engines`.
      digest: text that is the same where all settings and data are; raises UserError where the workers' differ.
    """

    def __init__(self, engine, digest):
        self.engine, self.rank, self.size = engine, engine.rank, engine.size
        self.leads = self.rank == 0
        with tf.Graph().as_default(), tf.Session() as session, self.together():
            digests = session.run(engine.gather([tf.constant(np.frombuffer(digest.encode(), np.uint8))]))[0]
        if len(set(map(bytes, digests.reshape(self.size, -1)))) > 1:
            raise UserError("the workers have different data or settings; give all of them the same flags and data")

    sent = property(lambda team: team.engine.sent)

    def build(self, session):
        def ints(*shape):
            return tf.placeholder(tf.int32, shape)

        self.session = session
        self.place = _Place(ints(), ints(), *(Rows(ints(None), ints()) for _ in range(2)))
        pairs = Rows(self.place.first + tf.range(self._pairs_of_this_worker()), self.place.count)
        self.rows = {"pair": pairs, "user": self.place.user, "item": self.place.item}
        self.message = tf.placeholder(tf.uint8, [None])
        self.engine.start_order()
        self.told = self.engine.gather([self.message])[0]
        self.engine.start_order()

    def _pairs_of_this_worker(self):
        part = self.part(self.place.count)
        return part.stop - part.start

    def part(self, count):
        return slice(count * self.rank // self.size, count * (self.rank + 1) // self.size)

    def feed(self, corpus, split, rows):
        part = self.part(len(rows))
        own = corpus.own_texts(split.review[rows])
        slots = corpus.slots_without(split.user[rows], split.item[rows], split.review[rows])
        whole = corpus.distinct(*slots, own)
        local = corpus.distinct(*(table[part] for table in slots), own[part])
        sides = (Rows(np.searchsorted(of_all, of_worker), len(of_all)) for of_all, of_worker in zip(whole, local))
        return graph.feed(self.place, _Place(part.start, len(rows), *sides))

    def mean(self, values):
        return tf.reduce_sum(values) / tf.cast(self.place.count, tf.float32)

    def join(self, part):
        @tf.custom_gradient
        def joined(part):
            whole = self.engine.gather([part])[0]

            def gradient(upstream):
                total = tf.reshape(self.engine.sum(tf.reshape(upstream, [-1])), tf.shape(whole))
                return self._own(total)

            return whole, gradient

        return joined(part)

    def join_facts(self, *parts):
        joined = self.engine.gather([tf.cast(part, tf.int32) for part in parts])
        return [tf.cast(whole, part.dtype) for whole, part in zip(joined, parts)]

    def own_columns(self, scores):
        return tf.transpose(self._own(tf.transpose(self.join(scores))))

    def _own(self, rows):
        """Returns the rows [B, ..] of this worker's pairs, of rows [G, ..] of all pairs."""
        return rows[self.place.first:self.place.first + self._pairs_of_this_worker()]

    def same_pair(self, pairs):
        return tf.equal(self.rows["pair"].own[:, tf.newaxis], tf.range(self.place.count)[tf.newaxis])

    def of_pairs(self, scores):
        return tf.reduce_sum(tf.where(self.same_pair(None), scores, tf.zeros_like(scores)), 1)

    def gradients(self, optimiser, share, common, numbers):
        pairs = optimiser.compute_gradients(share)
        merged, numbers = self._merged([pair for pair in pairs if pair[0] is not None], numbers)
        for added, variable in optimiser.compute_gradients(common):
            if added is not None:
                data = merged.get(variable)
                merged[variable] = added if data is None else added + tf.convert_to_tensor(data)
        return [(merged.get(variable), variable) for _, variable in pairs], numbers

    def _merged(self, pairs, numbers):
        """Returns {variable: gradient}, of the (gradient, variable) of all workers, and the sums of numbers [[]].

        Dense gradients are summed in one exchange. Rows of sparse ones are joined in another one and never made dense.
        """
        dense, sparse = ([pair for pair in pairs if isinstance(pair[0], tf.Tensor) == kind] for kind in (True, False))
        flat = [tf.reshape(part, [-1]) for part in [gradient for gradient, _ in dense] + list(numbers)]
        sizes = [variable.shape.num_elements() for _, variable in dense] + [1] * len(numbers)
        parts = tf.split(self.engine.sum(tf.concat(flat, 0)), sizes)
        merged = {variable: tf.reshape(part, variable.shape) for part, (_, variable) in zip(parts, dense)}
        rows = self.engine.gather([part for gradient, _ in sparse for part in (gradient.values, gradient.indices)])
        for values, indices, (gradient, variable) in zip(rows[::2], rows[1::2], sparse):
            merged[variable] = tf.IndexedSlices(values, indices, gradient.dense_shape)
        return merged, [tf.reshape(part, []) for part in parts[len(dense):]]

    def equalise(self):
        with self.session.graph.as_default(), self.together():
            variables = tf.global_variables()
            large = [variable for variable in variables if variable.shape.num_elements() > graph.LARGE]
            for group in [[variable for variable in variables if variable not in large]] + [[one] for one in large]:
                self.engine.start_order()
                parts = [tf.reshape(variable, [-1])[:None if self.leads else 0] for variable in group]
                self.session.run([tf.assign(variable, tf.reshape(whole, variable.shape)).op
                                  for variable, whole in zip(group, self.engine.gather(parts))])
            self.engine.start_order()

    def tell(self, make):
        text = json.dumps(make()) if self.leads else ""
        with self.together():
            told = self.session.run(self.told, {self.message: np.frombuffer(text.encode(), np.uint8)})
        return json.loads(told.tobytes().decode())

    @contextmanager
    def together(self):
        try:
            yield
        except tf.errors.OpError as error:
            lost = self.engine.has_lost(error)
            if lost is None:
                raise
            raise Lost(lost) from error

    def close(self):
        self.engine.close()
