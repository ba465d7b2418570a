"""The losses, compared with values computed by hand."""
import types

import numpy as np

from models import graph
from models.config import ModelConfig
from models.deeprecsys import Outputs
from models.training import losses
from models.training.losses import Targets
from runtime.tf1 import tf
from tests.models.building import Running, named

LIKENESS = .05
NONE = Outputs(*[None] * len(Outputs._fields))


def run(build):
    with tf.Graph().as_default(), tf.Session() as session:
        return session.run(build())


def log_sum(*scores):
    return np.log(np.sum(np.exp(scores)))


class Scene:
    """A network whose score is the product of key and query, and a batch of four pairs.

    The users are 0, 1, 0, 2. The user of the fourth pair has no other review; the third pair has no own text.
    """

    def __init__(self, lexical_skip=False, negatives="item+batch"):
        item = types.SimpleNamespace(
            score=lambda keys, query: tf.reduce_sum(keys * query, -1),
            lexical_part=lambda lexical: lexical / LIKENESS)
        config = ModelConfig(lexical_skip=lexical_skip, own_review_negatives=negatives)
        self.network = types.SimpleNamespace(item=item, config=config)
        self.users = np.array([0, 1, 0, 2])
        self.user_slots = np.array([[3, 0], [1, 2], [4, 0], [0, 0]])
        self.item_slots = np.array([[1, 2, 0], [3, 0, 0], [1, 0, 0], [2, 0, 0]])
        self.own = np.array([4, 2, 0, 5])
        self.keys = np.array([0., .5, -1., 2., 1.5, 9.])[:, None]
        self.query = np.array([[1.], [-2.], [.3], [.1]])
        self.cross = np.arange(16).reshape(4, 4) / 100

    def score(self, pair, row):
        return (self.keys[row] * self.query[pair]).item()

    def loss(self):
        def build():
            side = types.SimpleNamespace
            inputs = side(user=side(id=tf.constant(self.users), slots=tf.constant(self.user_slots)),
                          item=side(slots=tf.constant(self.item_slots)))
            keys, query = (tf.constant(part, tf.float32) for part in (self.keys, self.query))
            personal = tf.reduce_sum(tf.gather(keys, self.item_slots) * query[:, tf.newaxis], -1)
            outputs = NONE._replace(personal=personal, query=query)
            targets = Targets(None, tf.constant(self.own), tf.constant(self.cross, tf.float32))
            return losses.own_review_loss(self.network, inputs, outputs, keys, targets)

        return run(build)


def test_own_review_loss_by_hand():
    scene = Scene()
    s = scene.score
    # the own review; those of two other users; the item's other reviews
    first = log_sum(s(0, 4), s(0, 2), s(0, 5), s(0, 1), s(0, 2)) - s(0, 4)
    second = log_sum(s(1, 2), s(1, 4), s(1, 5), s(1, 3)) - s(1, 2)
    assert abs(scene.loss() - (first + second) / 2) < 1e-4  # the third and the fourth pair do not count


def test_own_review_loss_with_the_lexical_part():
    scene = Scene(lexical_skip=True)
    words = scene.cross / LIKENESS
    first = [scene.score(0, 4) + words[0, 0], scene.score(0, 2) + words[0, 1],
             scene.score(0, 5) + words[0, 3],
             scene.score(0, 1), scene.score(0, 2)]
    second = [scene.score(1, 2) + words[1, 1], scene.score(1, 4) + words[1, 0],
              scene.score(1, 5) + words[1, 3],
              scene.score(1, 3)]
    wanted = (log_sum(*first) - first[0] + log_sum(*second) - second[0]) / 2
    assert abs(scene.loss() - wanted) < 1e-4


def test_own_review_loss_among_the_items_reviews_alone():
    scene = Scene(negatives="item")
    s = scene.score
    first = log_sum(s(0, 4), s(0, 1), s(0, 2)) - s(0, 4)
    second = log_sum(s(1, 2), s(1, 3)) - s(1, 2)
    assert abs(scene.loss() - (first + second) / 2) < 1e-4


def test_own_review_loss_compares_other_users_too():
    """The own review of a pair with other users as queries: users 1 and 0, but not 2, who has no review."""
    plain, scene = Scene(), Scene(negatives="item+batch+askers")
    s = scene.score
    first = log_sum(s(0, 4), s(1, 4)) - s(0, 4)  # the third pair is of the same user
    second = log_sum(s(1, 2), s(0, 2), s(2, 2)) - s(1, 2)
    assert abs(scene.loss() - plain.loss() - (first + second) / 2) < 1e-4


def test_the_loss_is_zero_where_no_pair_counts():
    scene = Scene()
    scene.own = np.zeros(4, int)
    assert scene.loss() == 0
    scene = Scene()
    scene.user_slots = np.zeros((4, 2), int)
    assert scene.loss() == 0


def test_ranking_loss_compares_the_items_of_the_batch_that_the_user_has_no_review_of():
    running = Running(named("ranking"))
    arrays, _ = running.arrays(rows=slice(0, 23))
    with running.session.graph.as_default():
        network, item = running.network, running.network.item
        loss, scores, gain = running.session.run(
            (losses.ranking_loss(network, running.inputs, running.outputs, running.item_reviews.keys),
             item.score(running.item_reviews.keys[tf.newaxis], running.outputs.query[:, tf.newaxis]),
             network.evidence_gain), graph.feed(running.inputs, arrays))
    slots, users, items = arrays.item.slots, arrays.user.id, arrays.item.id
    evidence = np.array([[scores[pair, row[row > 0]].mean() if row.any() else 0 for row in slots]
                         for pair in range(len(users))])
    evidence -= evidence.mean(0)
    counted = slots.any(1) & arrays.user.slots.any(1)
    wanted, left_out = [], 0
    for pair in np.flatnonzero(counted):
        authors = [set(arrays.item.counterparts[other][slots[other] > 0]) for other in range(len(users))]
        others = [other for other in np.flatnonzero(counted) if users[other] != users[pair]
                  and items[other] != items[pair] and users[pair] not in authors[other]]
        left_out += counted.sum() - 1 - len(others)
        own = gain * evidence[pair, pair]
        wanted.append(log_sum(own, *(gain * evidence[pair, other] for other in others)) - own)
    assert len(wanted) > 7 and left_out and abs(gain - 1) > .01
    np.testing.assert_allclose(loss, np.mean(wanted), rtol=1e-4)


def test_rating_loss_and_weight_decay():
    outputs = NONE._replace(rating=tf.constant([1., 4.]))
    with tf.Session() as session:
        error = session.run(losses.rating_loss(outputs,
                                               Targets(tf.constant([2., 2.]), None, None)))
    assert error == 2.5
    running = Running(named("default"))
    with running.session.graph.as_default():
        decay = running.session.run(losses.weight_decay(running.network))
    network = running.network
    decayed = [network.weight, network.user.pool_kernel, network.user.latent,
               network.item.pool_kernel,
               network.item.latent]
    assert abs(decay - sum((part ** 2).sum() / 2 for part in running.session.run(decayed))) < 1e-3
