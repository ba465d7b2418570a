"""A trained network that answers in process: ratings, weights and scores of pairs.

Every review is read once; a batch of pairs then costs a few small products.
"""
from typing import NamedTuple

import numpy as np
import tensorflow.compat.v1 as tf

import heap
from models import graph, kernels
from models.deeprecsys import Outputs
from models.tower import Read

BATCH = 128  # pairs
READ, READ_FUSED = 512, 2048  # reviews read at a time; the fused kernel keeps nothing of a review's length


class Prepared(NamedTuple):
    """Pairs in batches, as the network is fed with them."""
    batches: list  # of ({placeholder: array}, item slots, user slots)
    back: np.ndarray  # [n] place of each pair among those of the batches
    widths: list  # slots of the tables of users and items


class Predictor:
    """Answers for a network whose variables live in `session`.

    Args:
      network: DeepRecSys, built in the session's graph.
      corpus: Corpus.
      session: of TensorFlow.
    """

    def __init__(self, network, corpus, session):
        self.network, self.corpus, self.session = network, corpus, session
        sizes = network.config.filters, network.config.attention_dim
        with session.graph.as_default():
            self.inputs = graph.input_placeholders(corpus.topics.shape[1])
            self.reads = tuple(Read(*(tf.placeholder(tf.float32, [None, size]) for size in sizes))
                               for _ in ("user", "item"))
            self.own, self.own_lexical = (tf.placeholder(kind, [None]) for kind in (tf.int32, tf.float32))
            self.outputs = network.rate(self.inputs, *self.reads)
            own = network.item.score(tf.gather(self.reads[1].answers, self.own), self.outputs.query)
            if network.config.lexical_skip:
                own += network.item.lexical_part(self.own_lexical)
            self.own_score = own  # [B]
            self.tokens, self.topics = tf.placeholder(tf.int32, [None, None]), self.inputs.item.topics
            self.reading = tuple(tower.read(self.tokens, self.topics) for tower in (network.user, network.item))
        self.forget()

    def forget(self):
        """Has the reviews read anew when they are next needed: the weights have changed."""
        self._whole = None
        heap.release()

    @property
    def whole(self):
        """All reviews as the towers of user and item read them: two Reads of arrays [N+1, ..]."""
        if self._whole is None:
            self._whole = self._read()
        return self._whole

    def _read(self):
        tokens, lengths = self.corpus.artefact.review_tokens, self.corpus.artefact.review_length
        config, count = self.network.config, len(self.corpus.artefact.review_length)
        reads = tuple(Read(kernels.empty((count, config.filters)), kernels.empty((count, config.attention_dim)))
                      for _ in ("user", "item"))
        order = np.argsort(lengths, kind="stable")  # reviews of like length together: less padding
        size = READ_FUSED if config.encoder == "fast" and kernels.numba else READ
        for start in range(0, len(order), size):
            rows = order[start:start + size]
            cut = None
            if config.mask_padding and config.conv_layout == "words":
                cut = max(config.window, int(lengths[rows].max()))
            fed = {self.tokens: tokens[rows, :cut], self.topics: self.corpus.topics[rows]}
            for read, reading in zip(reads, self.reading):  # one tower at a time: less memory
                read.texts[rows], read.answers[rows] = self.session.run(reading, fed)
        return reads

    def __call__(self, user, item, own=None, slots=None):
        """`ask` of `prepare`."""
        return self.ask(self.prepare(user, item, own, slots))

    def prepare(self, user, item, own=None, slots=None):
        """Pairs as the network is fed with them, to be asked about again and again as its weights change.

        Args:
          user, item: [n] pairs.
          own: [n] rows of the pairs' own held-out reviews: left out of all inputs, scored as `own_score`.
          slots: (user slots, item slots); None: all training reviews.

        Returns:
          Prepared.
        """
        user, item = np.asarray(user), np.asarray(item)
        slots = slots or self.corpus.served_slots
        used = [self._used(table) for table in slots]
        order = np.argsort(used[1][item], kind="stable")  # items of as many reviews together: less padding
        batches = []
        for start in range(0, len(order), BATCH):
            rows = order[start:start + BATCH]
            widths = [int(count[ids[rows]].max()) for count, ids in zip(used, (user, item))]
            batches.append(self._batch(user[rows], item[rows], None if own is None else own[rows],
                                       [table[:, :width] for table, width in zip(slots, widths)]))
        return Prepared(batches, np.argsort(order), [table.shape[1] for table in slots])

    def ask(self, prepared):
        """Answers about Prepared pairs, as arrays.

        Returns:
          (Outputs, own_score [n]: the own reviews' personal scores, item slots [n, R], user slots [n, R']).
        """
        reads, back = graph.feed(self.reads, self.whole), prepared.back
        parts = [self.session.run((self.outputs, self.own_score), {**fed, **reads})
                 for fed, _, _ in prepared.batches]
        outputs = Outputs(*(_join(field, width)[back] for field, width in zip(
            zip(*(part[0] for part in parts)), _widths_of_outputs(*prepared.widths))))
        user_width, item_width = prepared.widths
        return (outputs, np.concatenate([part[1] for part in parts])[back],
                _join([slots for _, slots, _ in prepared.batches], item_width)[back],
                _join([slots for _, _, slots in prepared.batches], user_width)[back])

    def _used(self, table):
        """How many slots [n] of each owner to read: one beyond the last review, which stands for all empty ones."""
        if not self.network.config.mask_padding:
            return np.full(len(table), table.shape[1])
        last = ((table > 0) * np.arange(1, table.shape[1] + 1)).max(1)
        return np.minimum(last + 1, table.shape[1])

    def _batch(self, user, item, own, slots):
        pairs = self.corpus.pairs(user, item, own, slots=slots)
        inputs, own_rows = self.corpus.inputs(pairs, whole=True)
        lexical = self.corpus.personal_likeness(pairs.own[:, None], pairs.wrote)[:, 0]
        return ({**graph.feed(self.inputs, inputs), self.own: own_rows, self.own_lexical: lexical},
                pairs.item_slots, pairs.user_slots)


def _widths_of_outputs(user_slots, item_slots):
    """The width of each field of Outputs; None: it has no slots."""
    return Outputs(rating=None, user_weights=user_slots, query=None,
                   **dict.fromkeys(("item_weights", "personal", "useful", "votes"), item_slots))


def _join(parts, width):
    """Joins arrays of batches [.., R']; what the last slot holds, all empty slots up to `width` hold."""
    if width is None:
        return np.concatenate(parts)
    return np.concatenate([np.pad(part, [(0, 0), (0, width - part.shape[1])], "edge") for part in parts])
