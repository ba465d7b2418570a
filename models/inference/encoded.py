"""Reviews as both towers encode them, each once, until the weights change.

Of a small corpus all are encoded at the first question. Of a larger one those that are asked for, so that a validation
on a sample of the pairs does not encode millions of reviews, nor needs files of their size.
"""
import numpy as np
from tqdm import tqdm

from models.network import encoder
from models.network.tower import EncodedReviews
from runtime import memory, scratch
from runtime.tf1 import tf

AT_ONCE = 2 ** 19  # reviews of a corpus that are encoded at once: sorted by length, they have the least padding
BLOCK = 512  # reviews that are encoded at a time
FIRST = 2 ** 14  # reviews that SomeReviews has room for at first


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
        self._encode = self._all = None
        memory.release()

    def close(self):
        """Drops what refers to the session, too; nothing can be encoded afterwards."""
        self.forget()
        self._encoder = None

    @property
    def has_all(self):
        """Whether all reviews are encoded."""
        return self._all is not None

    def all(self):
        """Returns all reviews: EncodedReviews of arrays [N+1, ..]."""
        if self._all is None:
            rows = np.arange(len(self._corpus.artefact.review_length))
            self._all = self.room(len(rows))
            self.fill(self._all, rows, rows, "encode reviews")
            self._encode = None
            memory.release()
        return self._all

    def room(self, count):
        """Returns EncodedReviews of arrays [count, ..] of any values."""
        return EncodedReviews(*(scratch.empty((count, tf.dimension_value(part.shape[1])))
                                for part in self._placeholders))

    def fill(self, encoded, rows, places, title=None):
        """Encodes the reviews in rows [m] into the places [m] of EncodedReviews; with a title, shows the progress."""
        self._encode = self._encode or self._encoder()
        order = np.argsort(self._corpus.artefact.review_length[rows], kind="stable")  # blocks of similar length
        rows, places = rows[order], places[order]
        with tqdm(total=len(rows), desc=title, unit="review", leave=False, disable=None if title else True) as bar:
            for start in range(0, len(rows), BLOCK):
                block, to = rows[start:start + BLOCK], places[start:start + BLOCK]
                encoded.texts[to] = texts = self._encode(block)
                encoded.keys[to] = self._run(self._keys, {
                    self._placeholders.texts: texts, self._topics: self._corpus.topics(block)})
                bar.update(len(block))

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


class SomeReviews:
    """The reviews of a large corpus that were asked for, as both towers encode them.

    Args:
      towers: (user, item) EncodedTower.
      count: N+1, reviews of the corpus with the empty one.

    Attributes:
      place: [N+1] int32 rows of the reviews in the arrays; 0 of the empty review, -1 of one that is not encoded yet.
    """

    def __init__(self, towers, count):
        self._towers, self.place = towers, np.full(count, -1, np.int32)
        self.forget()

    def forget(self):
        """Drops the encoded reviews. Call it when the weights have changed."""
        self.place.fill(-1)
        self._used, self._arrays = 0, None

    def of(self, rows):
        """Returns two EncodedReviews of arrays [m, ..] that hold the reviews in these rows, at their `place`."""
        rows = np.unique(np.append(rows, 0))  # the empty review comes first
        new = rows[self.place[rows] < 0]
        places = np.arange(self._used, self._used + len(new))
        self._reserve(self._used + len(new))
        for tower, arrays in zip(self._towers, self._arrays):
            tower.fill(arrays, new, places)
        self.place[new] = places
        self._used += len(new)
        return [EncodedReviews(*(part[:self._used] for part in arrays)) for arrays in self._arrays]

    def _reserve(self, count):
        """Makes room for so many reviews: twice as much as before, where it is too small."""
        if self._arrays is not None and count <= len(self._arrays[0].texts):
            return
        room = [tower.room(max(FIRST, 2 * count)) for tower in self._towers]
        for new, old in zip(room, self._arrays or room):
            for to, part in zip(new, old):
                to[:self._used] = part[:self._used]
        self._arrays = room
