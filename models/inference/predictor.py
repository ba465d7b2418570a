"""A trained network that answers in process: ratings, weights and scores of pairs.

Every review is read once; a batch of pairs then costs a few small products.
"""
from typing import NamedTuple

import numpy as np

from models import graph
from models.deeprecsys import Outputs
from models.network import encoder, kernels
from models.network.tower import EncodedReviews
from runtime import memory
from runtime.tf1 import tf

BATCH = 128  # pairs at most,
SLOTS = 8192  # of so many slots: a few users and items have hundreds
READ = 512  # reviews read at a time


class Batch(NamedTuple):
    """Some of the pairs, as the network is fed with them, with slots as far as any of them has reviews."""
    rows: np.ndarray  # [b] of the pairs
    fed: dict  # {placeholder: array}
    item_slots: np.ndarray  # [b, R]
    user_slots: np.ndarray  # [b, R']


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
            self.inputs = graph.input_placeholders(graph.sizes_of(corpus.artefact).topics)
            self.reads = tuple(EncodedReviews(*(tf.placeholder(tf.float32, [None, size]) for size in sizes))
                               for _ in ("user", "item"))
            self.own, self.own_lexical = (tf.placeholder(kind, [None]) for kind in (tf.int32, tf.float32))
            self.outputs = network.rate(self.inputs, *self.reads)
            own = network.item.score(tf.gather(self.reads[1].answers, self.own), self.outputs.query)
            if network.config.lexical_skip:
                own += network.item.lexical_part(self.own_lexical)
            self.own_score = own  # [B]
            self.tokens, self.topics = tf.placeholder(tf.int32, [None, None]), self.inputs.item.topics
            self.encoders = [self._encoder(tower) for tower in (network.user, network.item)]
            self.answers_of = [tower.keys(read.texts, self.topics) for tower, read in zip(
                (network.user, network.item), self.reads)]
        self.forget()

    def forget(self):
        """Has the reviews read anew when they are next needed: the weights have changed."""
        self._whole = None
        memory.release()

    @property
    def whole(self):
        """All reviews as the towers of user and item read them: two Reads of arrays [N+1, ..]."""
        if self._whole is None:
            self._whole = self._read()
        return self._whole

    def _encoder(self, tower):
        """A function that makes another one of the weights as they are: rows [M] of reviews -> O [M, F]."""
        config, run = self.network.config, self.session.run
        if config.encoder != "fast" or kernels.numba is None:
            texts = tower.encode(self.tokens)
            return lambda: lambda rows: run(texts, {self.tokens: self._tokens(rows)})
        weights = encoder.project(tower.table, tower.kernel), tower.conv_bias

        def projected():
            words, bias = run(weights)  # a word once for all reviews, not once for each block of them
            return lambda rows: encoder.encode_projected(self._tokens(rows), words, bias, config.mask_padding)

        return projected

    def _tokens(self, rows):
        """Word ids [M, L] of reviews, L as far as any of them reaches where padding is masked."""
        config, artefact = self.network.config, self.corpus.artefact
        cut = None
        if config.mask_padding and config.conv_layout == "words":
            cut = max(config.window, int(artefact.review_length[rows].max()))
        return artefact.review_tokens[rows, :cut]

    def _read(self):
        reads = tuple(self._read_by(*side) for side in zip(self.encoders, self.answers_of, self.reads))
        memory.release()
        return reads

    def _read_by(self, make_encode, answers_of, read):
        """All reviews as one tower reads them: a Read of arrays."""
        lengths = self.corpus.artefact.review_length
        texts, answers = (kernels.empty((len(lengths), part.shape[1].value)) for part in read)
        order, encode = np.argsort(lengths, kind="stable"), make_encode()  # of like length together: less padding
        for start in range(0, len(order), READ):
            rows = order[start:start + READ]
            texts[rows] = encode(rows)
            answers[rows] = self.session.run(answers_of, {read.texts: texts[rows],
                                                          self.topics: self.corpus.topics(rows)})
        return EncodedReviews(texts, answers)

    def __call__(self, user, item, own=None, slots=None):
        """Answers about pairs, as arrays. Arguments as of `batches`.

        Returns:
          (Outputs, own_score [n]: the own reviews' personal scores, item slots [n, R], user slots [n, R']).
        """
        slots = slots or self.corpus.served_slots
        rows, outputs, own_score, item_slots, user_slots = zip(*self.answers(self.batches(user, item, own, slots)))
        user_width, item_width = (table.shape[1] for table in slots)
        back = np.argsort(np.concatenate(rows))

        def join(parts, width=None):
            return _join(parts, width)[back]

        return (Outputs(*map(join, zip(*outputs), _widths_of_outputs(user_width, item_width))), join(own_score),
                join(item_slots, item_width), join(user_slots, user_width))

    def batches(self, user, item, own=None, slots=None):
        """Yields the Batches of pairs. A list of them can be asked about again and again as the weights change.

        Args:
          user, item: [n] pairs.
          own: [n] rows of the pairs' own held-out reviews: left out of all inputs, scored as `own_score`.
          slots: (user slots, item slots); None: all training reviews.
        """
        user, item = np.asarray(user), np.asarray(item)
        slots = slots or self.corpus.served_slots
        used = [self._used(table) for table in slots]
        order = np.argsort(used[1][item], kind="stable")  # items of as many reviews together: less padding
        while len(order):
            rows = order[:BATCH]
            rows = rows[:max(1, SLOTS // _widest(used, user[rows], item[rows]).max())]
            order, widths = order[len(rows):], _widest(used, user[rows], item[rows])
            yield Batch(rows, *self._batch(user[rows], item[rows], None if own is None else own[rows],
                                           [table[:, :width] for table, width in zip(slots, widths)]))

    def answers(self, batches):
        """Yields (rows [b] of the pairs, Outputs, own_score [b], item slots [b, R], user slots [b, R']) of each
        Batch: a fraction of the memory that arrays of all pairs take."""
        reads = graph.feed(self.reads, self.whole)
        for batch in batches:
            outputs, own_score = self.session.run((self.outputs, self.own_score), {**batch.fed, **reads})
            yield batch.rows, outputs, own_score, batch.item_slots, batch.user_slots

    def _used(self, table):
        """How many slots [n] of each owner to read: one beyond the last review, which stands for all empty ones."""
        if not self.network.config.mask_padding:
            return np.full(len(table), table.shape[1])
        real = table[:, ::-1] > 0
        last = np.where(real.any(1), table.shape[1] - real.argmax(1), 0)
        return np.minimum(last + 1, table.shape[1])

    def _batch(self, user, item, own, slots):
        pairs = self.corpus.pairs(user, item, own, slots=slots)
        inputs, own_rows = self.corpus.inputs(pairs, whole=True)
        lexical = self.corpus.personal_likeness(pairs.own[:, None], pairs.wrote)[:, 0]
        return ({**graph.feed(self.inputs, inputs), self.own: own_rows, self.own_lexical: lexical},
                pairs.item_slots, pairs.user_slots)


def _widest(used, user, item):
    """The most slots that any of the pairs uses: [2] of its users and of its items."""
    return np.array([count[ids].max() for count, ids in zip(used, (user, item))])


def _widths_of_outputs(user_slots, item_slots):
    """The width of each field of Outputs; None: it has no slots."""
    return Outputs(rating=None, user_weights=user_slots, query=None,
                   **dict.fromkeys(("item_weights", "personal", "useful", "votes"), item_slots))


def _join(parts, width):
    """Joins arrays of batches [.., R']; what the last slot holds, all empty slots up to `width` hold."""
    if width is None:
        return np.concatenate(parts)
    return np.concatenate([np.pad(part, [(0, 0), (0, width - part.shape[1])], "edge") for part in parts])
