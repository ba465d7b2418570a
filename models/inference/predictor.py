"""A trained network that predicts in this process: ratings, attention weights and scores of pairs.

Every review is encoded once (`encoded.py`); a batch of pairs then costs a few small products.
"""
from typing import NamedTuple

import numpy as np

from models import graph
from models.deeprecsys import Outputs
from models.inference import encoded
from models.inference.encoded import EncodedTower, SomeReviews
from models.network.tower import EncodedReviews
from runtime.tf1 import tf

BATCH = 128  # pairs at most
SLOTS = 8192  # of reviews in a batch at most: a few users and items have hundreds
BLOCK = 512  # owners whose slots are read at a time


class Batch(NamedTuple):
    """Some of the pairs and their feed, with as many slots as the pair with the most reviews needs."""
    rows: np.ndarray  # [b] numbers of the pairs
    fed: dict  # {placeholder: array}
    item_slots: np.ndarray  # [b, R]
    user_slots: np.ndarray  # [b, R']


class Answers(NamedTuple):
    """What the network computes for all pairs, as arrays."""
    outputs: Outputs
    own_score: np.ndarray  # [n] personal score of each pair's own held-out review
    item_slots: np.ndarray  # [n, R] rows of reviews
    user_slots: np.ndarray  # [n, R'] rows of reviews


class BatchAnswers(NamedTuple):
    """The Answers for one Batch, with the numbers of its pairs."""
    rows: np.ndarray  # [b]
    outputs: Outputs
    own_score: np.ndarray  # [b]
    item_slots: np.ndarray  # [b, R]
    user_slots: np.ndarray  # [b, R']


class Predictor:
    """Predicts by a network whose variables are in `session`.

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
            self.review_placeholders = tuple(
                EncodedReviews(*(tf.placeholder(tf.float32, [None, size]) for size in sizes))
                for _ in ("user", "item"))
            self.own, self.own_author, self.own_lexical = (
                tf.placeholder(kind, [None]) for kind in (tf.int32, tf.int32, tf.float32))
            self.outputs = network.rate(self.inputs, *self.review_placeholders)
            by_author = network.config.author_query  # whoever asks, the query is that of the review's author
            query = network.item.query(self.own_author, 0.) if by_author else self.outputs.query
            own = network.item.score(tf.gather(self.review_placeholders[1].keys, self.own), query)
            if network.config.lexical_skip:
                own += network.item.lexical_part(self.own_lexical)
            self.own_score = own  # [B]
            self.encoded = [EncodedTower(tower, corpus, session, part, self.inputs.item.topics)
                            for tower, part in zip((network.user, network.item), self.review_placeholders)]
        self.some = SomeReviews(self.encoded, len(corpus.artefact.review_length))

    def forget(self):
        """Drops the encoded reviews. Call it when the weights have changed; the reviews are encoded again on demand."""
        self.some.forget()
        for tower in self.encoded:
            tower.forget()

    def close(self):
        """Frees the variables of the network, and what refers to this object. Only `corpus` may be used afterwards."""
        self.session.close()
        self.some.forget()
        for tower in self.encoded:
            tower.close()

    @property
    def encoded_reviews(self):
        """All reviews as encoded by the user tower and by the item tower: two EncodedReviews of arrays [N+1, ..]."""
        return tuple(tower.all() for tower in self.encoded)

    def __call__(self, user, item, own=None, slots=None):
        """Returns the Answers for pairs. The arguments are those of `batches`."""
        slots = slots or self.corpus.served_slots
        rows, outputs, own_score, item_slots, user_slots = zip(*self.answers(self.batches(user, item, own, slots)))
        user_width, item_width = (table.shape[1] for table in slots)
        back = np.argsort(np.concatenate(rows))

        def join(parts, width=None):
            return _join(parts, width)[back]

        return Answers(Outputs(*map(join, zip(*outputs), _widths_of_outputs(user_width, item_width))), join(own_score),
                       join(item_slots, item_width), join(user_slots, user_width))

    def alone(self, name, user, item, own=None, slots=None):
        """Returns one of the Outputs that have no slots, `rating` [n] or `query` [n, A], in little memory.

        The other arguments are those of `batches`.
        """
        rows, parts = zip(*((answer.rows, getattr(answer.outputs, name)) for answer in
                            self.answers(self.batches(user, item, own, slots))))
        return np.concatenate(parts)[np.argsort(np.concatenate(rows))]

    def batches(self, user, item, own=None, slots=None):
        """Yields the Batches of pairs. They can be kept and answered again after the weights have changed.

        Args:
          user, item: [n] pairs.
          own: [n] rows of the pairs' own held-out reviews, which are left out of all inputs and scored as `own_score`.
          slots: (user slots, item slots); None: all training reviews.
        """
        user, item = np.asarray(user), np.asarray(item)
        slots = slots or self.corpus.served_slots
        used = np.stack([self._used(table, owner) for table, owner in zip(slots, (user, item))])  # [2, n]
        order = np.argsort(used[1], kind="stable")  # items with similar numbers of reviews together: less padding
        while len(order):
            rows = order[:BATCH]
            rows = rows[:max(1, SLOTS // used[:, rows].max())]
            order, widths = order[len(rows):], used[:, rows].max(1)
            yield Batch(rows, *self._batch(user[rows], item[rows], None if own is None else own[rows],
                                           [table[:, :width] for table, width in zip(slots, widths)]))

    def answers(self, batches):
        """Yields the BatchAnswers of each Batch. They take a fraction of the memory of the Answers for all pairs."""
        for batch in batches:
            outputs, own_score = self.session.run((self.outputs, self.own_score), self._feed(batch.fed))
            yield BatchAnswers(batch.rows, outputs, own_score, batch.item_slots, batch.user_slots)

    def _feed(self, fed):
        """Returns the feed of a batch with the encoded reviews: all, or where those are not encoded yet, some."""
        if len(self.some.place) <= encoded.AT_ONCE or all(tower.has_all for tower in self.encoded):
            return {**fed, **graph.feed(self.review_placeholders, self.encoded_reviews)}
        slots = [part for side in (self.inputs.user, self.inputs.item) for part in (side.slots, side.other_slots)]
        slots.append(self.own)
        reviews = self.some.of(np.concatenate([fed[part].ravel() for part in slots]))
        return {**fed, **{part: self.some.place[fed[part]] for part in slots},
                **graph.feed(self.review_placeholders, reviews)}

    def _used(self, table, owner):
        """Returns how many slots [n] of the owners [n] are read: up to one empty slot after the last review."""
        if not self.network.config.mask_padding:
            return np.full(len(owner), table.shape[1])
        owners, pair = np.unique(owner, return_inverse=True)
        used = np.zeros(len(owners), int)
        for start in range(0, len(owners), BLOCK):
            real = table[owners[start:start + BLOCK], ::-1] > 0
            last = np.where(real.any(1), table.shape[1] - real.argmax(1), 0)
            used[start:start + BLOCK] = np.minimum(last + 1, table.shape[1])
        return used[pair]

    def _batch(self, user, item, own, slots):
        """Returns the fields of a Batch after `rows`."""
        pairs = self.corpus.pairs(user, item, own, slots=slots)
        inputs, own_rows = self.corpus.inputs(pairs, whole=True)
        lexical = self.corpus.personal_likeness(pairs.own[:, None], pairs.wrote)[:, 0]
        author = self.corpus.artefact.review_user[pairs.own]
        return ({**graph.feed(self.inputs, inputs), self.own: own_rows, self.own_author: author,
                 self.own_lexical: lexical}, pairs.item_slots, pairs.user_slots)


def _widths_of_outputs(user_slots, item_slots):
    """Returns the number of slots of each field of Outputs; None: the field has no slots."""
    return Outputs(rating=None, user_weights=user_slots, query=None,
                   **dict.fromkeys(("item_weights", "personal", "useful", "votes"), item_slots))


def _join(parts, width):
    """Joins arrays of batches [.., R'] and repeats the last slot, an empty one, up to `width` slots."""
    if width is None:
        return np.concatenate(parts)
    return np.concatenate([np.pad(part, [(0, 0), (0, width - part.shape[1])], "edge") for part in parts])
