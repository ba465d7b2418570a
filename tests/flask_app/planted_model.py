"""A SavedModel of planted numbers for the tiny shop, and the same numbers in numpy."""
import os
from typing import NamedTuple

import numpy as np

from serving import signatures as wire
from tests.flask_app.tiny_catalogue import ITEMS, REVIEWS, SHOPPERS


class Planted(NamedTuple):
    """The numbers of the model: `U` shoppers, `I` items, `N` reviews; row 0 of the reviews is empty."""
    base: np.ndarray  # [U, I] stars without reviews
    personal: np.ndarray  # [U, N+1]
    useful: np.ndarray  # [N+1]
    residual: np.ndarray  # [N+1] stars
    slots: np.ndarray  # [I, R] training reviews of the items
    bought: np.ndarray  # [U, I] bool

    def weights(self, user, item):
        """{review row: weight}, heaviest first."""
        rows = self.slots[item][self.slots[item] > 0]
        logits = self.personal[user, rows] + self.useful[rows]
        weights = np.exp(logits) / np.exp(logits).sum()
        return dict(sorted(zip(rows.tolist(), weights.tolist()), key=lambda pair: -pair[1]))

    def votes(self, user, item):
        """{review row: stars}."""
        weights = self.weights(user, item)
        return {row: (weight - 1 / len(weights)) * self.residual[row]
                for row, weight in weights.items()}

    def rating(self, user, item):
        return self.base[user, item] + sum(self.votes(user, item).values())

    def ranking(self, user, with_owned=False):
        """Item rows, best first."""
        items = [item for item in range(len(ITEMS)) if with_owned or not self.bought[user, item]]
        return sorted(items, key=lambda item: -self.rating(user, item))


def plant(seed=11):
    random = np.random.RandomState(seed)
    users, items, count = len(SHOPPERS), len(ITEMS), len(REVIEWS)
    train = [row for row in range(1, count + 1) if REVIEWS[row - 1][5] == "train"]
    slots = np.zeros((items, 5), int)
    bought = np.zeros((users, items), bool)
    for row in train:
        user, item = REVIEWS[row - 1][:2]
        slots[item, np.count_nonzero(slots[item])] = row
        bought[user, item] = True
    stars = np.array([0] + [review[2] for review in REVIEWS], float)
    return Planted(base=random.uniform(2, 4.6, (users, items)),
                   personal=random.normal(size=(users, count + 1)),
                   useful=random.normal(size=count + 1) / 2,
                   residual=np.where(stars > 0, stars - 3, 0.), slots=slots, bought=bought)


def write_model(folder, planted):
    """Writes the planted model as a SavedModel with the signatures that the shop calls."""
    from runtime.tf1 import tf

    def explain(user, item):
        rows = tf.gather(tf.constant(planted.slots, tf.int32), item)  # [B, R]
        rows = rows[:, :tf.reduce_max(tf.math.count_nonzero(rows, 1, dtype=tf.int32))]
        real = tf.cast(rows > 0, tf.float32)
        pairs = tf.stack([tf.broadcast_to(user[:, None], tf.shape(rows)), rows], -1)
        personal = tf.gather_nd(tf.constant(planted.personal, tf.float32), pairs) * real
        useful = tf.gather(tf.constant(planted.useful, tf.float32), rows) * real
        weights = tf.exp(personal + useful) * real
        weights /= tf.maximum(tf.reduce_sum(weights, 1, keepdims=True), 1e-9)
        even = real / tf.maximum(tf.reduce_sum(real, 1, keepdims=True), 1)
        votes = (weights - even) * tf.gather(tf.constant(planted.residual, tf.float32), rows)
        base = tf.gather_nd(tf.constant(planted.base, tf.float32), tf.stack([user, item], -1))
        return {wire.RATING: base + tf.reduce_sum(votes, 1), wire.ITEM_REVIEWS: rows,
                wire.ITEM_WEIGHTS: weights, wire.ITEM_PERSONAL: personal, wire.ITEM_USEFUL: useful,
                wire.ITEM_VOTES: votes, wire.USER_REVIEWS: rows[:, :1],
                wire.USER_WEIGHTS: weights[:, :1]}

    def rank(user, k, with_owned):
        users, items = tf.shape(user)[0], planted.base.shape[1]
        rating = explain(tf.repeat(user, items), tf.tile(tf.range(items), [users]))[wire.RATING]
        rating = tf.reshape(rating, [users, items])
        owned = tf.gather(tf.constant(planted.bought), user) & (not with_owned)
        best, item = tf.math.top_k(tf.where(owned, tf.fill([users, items], -1e9), rating), k)
        return {wire.ITEM: tf.where(best > -1e8, item, -tf.ones_like(item)),
                wire.RATING: tf.where(best > -1e8, best, tf.zeros_like(best))}

    with tf.Graph().as_default(), tf.Session() as session:
        user, item = (tf.placeholder(tf.int32, [None], name) for name in (wire.USER, wire.ITEM))
        k = tf.placeholder(tf.int32, [], wire.TOP_K)
        signatures = {
            wire.EXPLAIN: ({wire.USER: user, wire.ITEM: item}, explain(user, item)),
            wire.RANK: ({wire.USER: user, wire.TOP_K: k}, rank(user, k, True)),
            wire.RANK_UNBOUGHT: ({wire.USER: user, wire.TOP_K: k}, rank(user, k, False))}
        builder = tf.saved_model.Builder(os.path.join(str(folder), "3"))
        builder.add_meta_graph_and_variables(
            session, [tf.saved_model.SERVING],
            {name: tf.saved_model.predict_signature_def(inputs, outputs)
             for name, (inputs, outputs) in signatures.items()})
        builder.save()
    return str(folder)
