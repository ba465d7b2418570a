"""Personal scores `s` of every training review for whole users: what the evidence of the ranking is made of.

`Predictor` scores the reviews of pairs. Here one product scores the reviews of all items for a user.
"""
import numpy as np

from models.inference import latents
from runtime import scratch
from runtime.tf1 import tf

BLOCK = 2 ** 24  # scores that are computed at a time
REVIEWS = 8192  # whose keys are computed at a time


class PersonalScores:
    """The personal scores of a network's training reviews, stored by item.

    Attributes:
      owner: [n] int items of the reviews, rising.
      review: [n] int rows of the reviews in the artefact.
      keys: [n, A] of these reviews, of unit length where scores are cosines.
      queries: [U, A] of all users, likewise.
    """

    def __init__(self, predictor):
        self.corpus, self._run = predictor.corpus, predictor.session.run
        corpus = self.corpus
        item_slots = corpus.served_slots.item
        self.owner, column = np.nonzero(item_slots > 0)
        self.review = item_slots[self.owner, column]
        tower, keys, run = predictor.network.item, predictor.encoded[1].all().keys, self._run
        dim = corpus.config.attention_dim
        with predictor.session.graph.as_default():
            stored = tf.placeholder(tf.float32, [None, dim])
            unit_key, unit_query = tower.unit_key(stored), tower.unit_query(stored)
            self._queries, self._unit_keys = (tf.placeholder(tf.float32, [None, dim]) for _ in ("queries", "unit keys"))
            self._lexical = tf.placeholder(tf.float32, [None, None])
            self._scores = tower.match(self._unit_keys, self._queries)  # [m, n]
            if corpus.config.lexical_skip:
                self._scores += tower.lexical_part(self._lexical)
        self.keys = unit_keys(run, unit_key, stored, keys, self.review)  # [n, A]
        self.queries = run(unit_query, {stored: latents.queries(predictor)})  # [U, A]

    def __call__(self, users, lexical=None):
        """Returns s [m, n] of users [m].

        Args:
          lexical: [m, n] their `Corpus.personal_likeness_of_all`, where it is known already.
        """
        block = max(1, BLOCK // max(len(self.review), 1))
        scores = np.empty((len(users), len(self.review)), np.float32)
        for start in range(0, len(users), block):
            some = slice(start, start + block)
            scores[some] = self._some(users[some], None if lexical is None else lexical[some])
        return scores

    def _some(self, users, lexical):
        corpus = self.corpus
        fed = {self._queries: self.queries[users], self._unit_keys: self.keys}
        if corpus.config.lexical_skip:
            fed[self._lexical] = (corpus.personal_likeness_of_all(self.review, corpus.wrote(users))
                                  if lexical is None else lexical)
        return self._run(self._scores, fed)


def unit_keys(run, unit_key, stored, keys, review):
    """Returns the `Tower.unit_key` [n, A] of the reviews in rows `review` [n], in a scratch array.

    Args:
      run: of a session.
      unit_key: the tensor [.., A], of the placeholder `stored` [.., A].
      keys: [N+1, A] of all reviews.
    """
    found = scratch.empty((len(review), keys.shape[1]))
    for start in range(0, len(review), REVIEWS):
        found[start:start + REVIEWS] = run(unit_key, {stored: keys[review[start:start + REVIEWS]]})
    return found
