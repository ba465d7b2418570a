"""What teaches the network: ratings, and the reviews that people went on to write. No helpful votes."""
from typing import NamedTuple

from models.network.layers import NEVER
from models.network.tower import LIKENESS
from runtime.tf1 import tf


class Lessons(NamedTuple):
    """What the losses know and the network must not read."""
    rating: tf.Tensor  # [B] stars
    own: tf.Tensor  # [B] int32, the pair's own review among the item tower's reviews; 0: none
    cross_likeness: tf.Tensor  # [B, B] TF-IDF likeness of own reviews (columns) to what users (rows) wrote
    own_likeness: tf.Tensor  # [B, R] TF-IDF likeness of the item's reviews to the own review


def rating_loss(outputs, lessons):
    """Mean squared error in stars^2."""
    return tf.reduce_mean(tf.squared_difference(outputs.rating, lessons.rating))


def own_review_loss(network, inputs, outputs, answers, lessons):
    """The shopper's own review of the item should score highest, and highest of all when its author asks.

    `mean_b -ln( e^{s(b, own_b)} / (sum_c e^{s(b, own_c)} + sum_l e^{s(b, l)}) )`: c runs over the batch's own
    reviews by other users, l over the item's other reviews (InfoNCE: van den Oord et al., 2018, equation 4);
    and `mean_b -ln( e^{s(b, own_b)} / sum_c e^{s(c, own_b)} )`, c running over the other users who ask: a text
    that looks near to everybody is of nobody's (both ways at once: Radford et al., 2021, figure 3). Pairs
    without an own text, or whose user wrote nothing else, are skipped.

    Args:
      answers: [M, A] of the item tower.
    """
    own_answers = tf.gather(answers, lessons.own)  # [B, A]
    scores = network.item.score(own_answers[tf.newaxis], outputs.query[:, tf.newaxis])  # [B, B]
    if network.config.lexical_skip:
        scores += network.item.lexical_part(lessons.cross_likeness)
    wrote, asks = lessons.own > 0, tf.reduce_any(inputs.user.slots > 0, 1)  # [B]
    itself, users = tf.eye(tf.shape(scores)[0]) > 0, inputs.user.id
    stranger = tf.not_equal(users[:, tf.newaxis], users[tf.newaxis])  # [B, B]
    negatives = network.config.own_review_negatives
    texts = itself if negatives == "item" else itself | stranger & wrote[tf.newaxis]
    logits = tf.concat([_only(scores, texts), _only(outputs.personal, inputs.item.slots > 0)], 1)
    loss = tf.reduce_logsumexp(logits, 1) - tf.linalg.diag_part(scores)  # [B]
    if negatives == "item+batch+askers":
        askers = _only(scores, itself | stranger & asks[:, tf.newaxis])
        loss += tf.reduce_logsumexp(askers, 0) - tf.linalg.diag_part(scores)  # [B]
    return _mean_where(loss, wrote & asks)


def usefulness_loss(inputs, outputs, lessons):
    """What buyers went on to write teaches what is useful to anybody.

    Cross-entropy of `softmax_l(c)` against `softmax_l(cos(own, l) / 0.05)` over the item's other reviews.
    """
    real = inputs.item.slots > 0
    target = tf.nn.softmax(_only(lessons.own_likeness / LIKENESS, real))  # [B, R]
    loss = -tf.reduce_sum(target * tf.nn.log_softmax(_only(outputs.useful, real)), 1)  # [B]
    taught = (lessons.own > 0) & (tf.reduce_sum(tf.cast(real, tf.int32), 1) > 1)
    return _mean_where(loss, taught)


def weight_decay(network):
    """Sum of squares, halved, of the dense weights and of the id latents."""
    towers = (network.user, network.item)
    decayed = [network.weight] + [part for tower in towers for part in (tower.pool_kernel, tower.latent)]
    return tf.add_n([tf.nn.l2_loss(part) for part in decayed])


def _only(logits, mask):
    return tf.where(mask, logits, tf.fill(tf.shape(logits), NEVER))


def _mean_where(loss, mask):
    weight = tf.cast(mask, tf.float32)
    kept = tf.where(mask, loss, tf.zeros_like(loss))
    return tf.reduce_sum(kept) / tf.maximum(tf.reduce_sum(weight), 1.)
