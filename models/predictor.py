"""A trained network that answers in process: ratings, weights and scores of pairs.

Every review is encoded once; a batch of pairs then costs a few small products.
"""
import numpy as np
import tensorflow.compat.v1 as tf

from models import graph
from models.deeprecsys import Outputs

BATCH = 512  # pairs
ENCODED = 512  # reviews encoded at a time


class Predictor:
    """Answers for a network whose variables live in `session`.

    Args:
      network: DeepRecSys, built in the session's graph.
      corpus: Corpus.
      session: of TensorFlow.
    """

    def __init__(self, network, corpus, session):
        self.network, self.corpus, self.session = network, corpus, session
        filters = network.config.filters
        with session.graph.as_default():
            self.inputs = graph.input_placeholders(corpus.topics.shape[1])
            self.texts = tuple(tf.placeholder(tf.float32, [None, filters]) for _ in range(2))
            self.own, self.own_lexical = (tf.placeholder(kind, [None]) for kind in (tf.int32, tf.float32))
            self.outputs, answers = network.rate(self.inputs, *self.texts)
            own = network.item.score(tf.gather(answers, self.own), self.outputs.query)
            if network.config.lexical_skip:
                own += network.item.lexical_part(self.own_lexical)
            self.own_score = own  # [B]
            self.tokens = tf.placeholder(tf.int32, [None, None])
            self.encoded = (network.user.encode(self.tokens), network.item.encode(self.tokens))
        self.encode()

    def encode(self):
        """Encodes all reviews anew, after the weights have changed."""
        tokens, lengths = self.corpus.artefact.review_tokens, self.corpus.artefact.review_length
        config = self.network.config
        self.vectors = tuple(np.zeros((len(tokens), config.filters), np.float32) for _ in range(2))
        order = np.argsort(lengths, kind="stable")  # reviews of like length together: less padding
        for start in range(0, len(order), ENCODED):
            rows = order[start:start + ENCODED]
            cut = None
            if config.mask_padding and config.conv_layout == "words":
                cut = max(config.window, int(lengths[rows].max()))
            parts = self.session.run(self.encoded, {self.tokens: tokens[rows, :cut]})
            for whole, part in zip(self.vectors, parts):
                whole[rows] = part

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
        lexical = np.asarray(pairs.wrote.multiply(self.corpus.bags[pairs.own]).sum(1)).ravel()
        outputs, own_score = self.session.run(
            (self.outputs, self.own_score),
            {**graph.feed(self.inputs, inputs), **dict(zip(self.texts, self.vectors)),
             self.own: own_rows, self.own_lexical: lexical})
        return outputs, own_score, pairs.item_slots, pairs.user_slots
