"""All reviews as both towers encode them, each once, until the weights change.

Of a small corpus all are encoded at the first question. Of a larger one those that are asked for, so that a validation
on a sample of the pairs does not encode millions of reviews.
"""
import numpy as np
from tqdm import tqdm

from models.network import encoder
from models.network.tower import EncodedReviews
from runtime import memory, scratch
from runtime.tf1 import tf

AT_ONCE = 2 ** 19  # reviews of a corpus that are encoded at once: sorted by length, they have the least padding
BLOCK = 512  # reviews that are encoded at a time


class EncodedCorpus:
    """The encoded training and held-out reviews of a corpus.

    Args:
      network: DeepRecSys, whose variables are in `session`.
      corpus: Corpus.
      session: of TensorFlow.
      placeholders: (user, item) EncodedReviews of placeholders [.., F] and [.., A].
      topics: placeholder of the LSI topics of reviews.
    """

    def __init__(self, network, corpus, session, placeholders, topics):
        self._config, self._corpus, self._run = network.config, corpus, session.run
        self._tokens, self._topics, self._placeholders = tf.placeholder(tf.int32, [None, None]), topics, placeholders
        towers = network.user, network.item
        self._encoders = [self._encoder(tower) for tower in towers]
        self._keys = [tower.keys(reviews.texts, topics) for tower, reviews in zip(towers, placeholders)]
        self.forget()

    def forget(self):
        """Drops the encoded reviews. Call it when the weights have changed."""
        self._encode = self._encoded = None
        self._known = np.zeros(len(self._corpus.artefact.review_length), bool)
        memory.release()

    def close(self):
        """Drops what refers to the session, too; nothing can be encoded afterwards."""
        self.forget()
        self._encoders = []

    def all(self):
        """Returns all reviews as encoded by both towers, user and item: EncodedReviews of arrays [N+1, ..]."""
        if self._encoded is None or not self._known.all():
            self._add(np.flatnonzero(~self._known), "encode reviews")
            self._encode = None
            memory.release()
        return self._encoded

    def of(self, rows):
        """Returns the same arrays, in which the reviews in these rows are encoded, and of a small corpus all."""
        if len(self._known) <= AT_ONCE:
            return self.all()
        rows = np.unique(rows)
        self._add(rows[~self._known[rows]])
        return self._encoded

    def _add(self, rows, title=None):
        """Encodes the reviews in these rows; with a title, shows the progress."""
        if self._encoded is None:
            self._encoded = tuple(EncodedReviews(*(scratch.empty((len(self._known), tf.dimension_value(part.shape[1])))
                                                   for part in parts)) for parts in self._placeholders)
        if self._encode is None:
            self._encode = [make() for make in self._encoders]
        lengths = self._corpus.artefact.review_length[rows]
        rows = rows[np.argsort(lengths, kind="stable")]  # blocks of similar length: less padding
        with tqdm(total=len(self._encode) * len(rows), desc=title, unit="review", leave=False,
                  disable=None if title else True) as bar:
            for side in zip(self._encode, self._keys, self._placeholders, self._encoded):
                for start in range(0, len(rows), BLOCK):
                    self._encode_block(rows[start:start + BLOCK], *side)
                    bar.update(len(rows[start:start + BLOCK]))
        self._known[rows] = True

    def _encode_block(self, rows, encode, keys, placeholders, encoded):
        """Fills the rows of one tower's EncodedReviews."""
        texts = encode(rows)
        encoded.texts[rows] = texts
        encoded.keys[rows] = self._run(keys, {placeholders.texts: texts, self._topics: self._corpus.topics(rows)})

    def _encoder(self, tower):
        """Returns a function that returns an encoder by the current weights: rows [M] of reviews -> O [M, F]."""
        config, run = self._config, self._run
        if not config.fused_encoder or not encoder.has_kernels():
            texts = tower.encode(self._tokens)
            return lambda: lambda rows: run(texts, {self._tokens: self._tokens_of(rows)})
        weights = encoder.project(tower.table, tower.kernel), tower.conv_bias

        def projected():
            words, bias = run(weights)  # each word once for all reviews, not once for each block of them
            return lambda rows: encoder.encode_projected(self._tokens_of(rows), words, bias, config.mask_padding)

        return projected

    def _tokens_of(self, rows):
        """Returns word ids [M, L] of reviews; where padding is masked, L is the length of the longest of them."""
        config, artefact = self._config, self._corpus.artefact
        cut = None
        if config.mask_padding and config.word_convolution:
            cut = max(config.window, int(artefact.review_length[rows].max()))
        return artefact.review_tokens[rows, :cut]
