"""A trained network that answers in process: ratings, weights and scores of pairs.

Every review is read once; a batch of pairs then costs a few small products.
"""
import numpy as np
import tensorflow.compat.v1 as tf

from models import graph
from models.deeprecsys import Outputs
from models.tower import Read

BATCH = 512  # pairs
READ = 512  # reviews read at a time


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
        self.read()

    def read(self):
        """Reads all reviews anew, after the weights have changed: `whole`, two Reads of arrays [N+1, ..]."""
        tokens, lengths = self.corpus.artefact.review_tokens, self.corpus.artefact.review_length
        config, count = self.network.config, len(self.corpus.artefact.review_length)
        self.whole = tuple(Read(np.zeros((count, config.filters), np.float32),
                                np.zeros((count, config.attention_dim), np.float32)) for _ in ("user", "item"))
        order = np.argsort(lengths, kind="stable")  # reviews of like length together: less padding
        for start in range(0, len(order), READ):
            rows = order[start:start + READ]
            cut = None
            if config.mask_padding and config.conv_layout == "words":
                cut = max(config.window, int(lengths[rows].max()))
            parts = self.session.run(self.reading, {self.tokens: tokens[rows, :cut],
                                                    self.topics: self.corpus.topics[rows]})
            for whole, part in zip(self.whole, parts):
                whole.texts[rows], whole.answers[rows] = part

    def __call__(self, user, item, own=None, slots=None):
        """Outputs as arrays, and the own reviews' personal scores.

        Args:
          user, item: [n] pairs.
          own: [n] rows of the pairs' own held-out reviews: left out of all inputs, scored as `own_score`.
          slots: (user slots, item slots); None: all training reviews.

        Returns:
          (Outputs, own_score [n], item slots [n, R], user slots [n, R']).
        """
        slots = slots or self.corpus.served_slots
        parts = [self._batch(user[start:start + BATCH], item[start:start + BATCH],
                             None if own is None else own[start:start + BATCH], slots)
                 for start in range(0, len(user), BATCH)]
        outputs = Outputs(*(np.concatenate(field) for field in zip(*(part[0] for part in parts))))
        own_score, item_slots, user_slots = (np.concatenate(field) for field in list(zip(*parts))[1:])
        return outputs, own_score, item_slots, user_slots

    def _batch(self, user, item, own, slots):
        pairs = self.corpus.pairs(user, item, own, slots=slots)
        inputs, own_rows = self.corpus.inputs(pairs, whole=True)
        lexical = self.corpus.personal_likeness(pairs.own[:, None], pairs.wrote)[:, 0]
        outputs, own_score = self.session.run(
            (self.outputs, self.own_score),
            {**graph.feed(self.inputs, inputs), **graph.feed(self.reads, self.whole),
             self.own: own_rows, self.own_lexical: lexical})
        return outputs, own_score, pairs.item_slots, pairs.user_slots
