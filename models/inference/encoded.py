"""All reviews as a tower encodes them, each once, until the weights change.

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


class EncodedTower:
    """The reviews of a corpus as one tower encodes them.

    Args:
      tower: Tower, whose variables are in `session`.
      corpus: Corpus.
      session: of TensorFlow.
      placeholders: EncodedReviews of placeholders [.., F] and [.., A].
      topics: placeholder of the LSI topics of reviews.
    """

    def __init__(self, tower, corpus, session, placeholders, topics):
        self._corpus, self._run, self._placeholders, self._topics = corpus, session.run, placeholders, topics
        self._tokens = tf.placeholder(tf.int32, [None, None])
        self._encoder = self._encoder_of(tower)
        self._keys = tower.keys(placeholders.texts, topics)
        self.forget()

    def forget(self):
        """Drops the encoded reviews. Call it when the weights have changed."""
        self._encode = self._encoded = None
        self._known = np.zeros(len(self._corpus.artefact.review_length), bool)
        memory.release()

    def close(self):
        """Drops what refers to the session, too; nothing can be encoded afterwards."""
        self.forget()
        self._encoder = None

    def all(self):
        """Returns all reviews: EncodedReviews of arrays [N+1, ..]."""
        if not self._known.all():
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
            self._encoded = EncodedReviews(*(scratch.empty((len(self._known), tf.dimension_value(part.shape[1])))
                                             for part in self._placeholders))
        self._encode = self._encode or self._encoder()
        lengths = self._corpus.artefact.review_length[rows]
        rows = rows[np.argsort(lengths, kind="stable")]  # blocks of similar length: less padding
        with tqdm(total=len(rows), desc=title, unit="review", leave=False, disable=None if title else True) as bar:
            for start in range(0, len(rows), BLOCK):
                self._encode_block(rows[start:start + BLOCK])
                bar.update(len(rows[start:start + BLOCK]))
        self._known[rows] = True

    def _encode_block(self, rows):
        texts = self._encode(rows)
        self._encoded.texts[rows] = texts
        self._encoded.keys[rows] = self._run(self._keys, {
            self._placeholders.texts: texts, self._topics: self._corpus.topics(rows)})

    def _encoder_of(self, tower):
        """Returns a function that returns an encoder by the current weights: rows [M] of reviews -> O [M, F]."""
        config, run = self._corpus.config, self._run
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
        config, artefact = self._corpus.config, self._corpus.artefact
        cut = None
        if config.mask_padding and config.word_convolution:
            cut = max(config.window, int(artefact.review_length[rows].max()))
        return artefact.review_tokens[rows, :cut]
