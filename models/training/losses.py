"""The losses: rating error, own-review retrieval, and weight decay."""
from typing import NamedTuple

from models.network.layers import NEVER
from runtime.tf1 import tf


class Targets(NamedTuple):
    """What the losses compare with. The network must not read it."""
    rating: tf.Tensor  # [B] stars
    own: tf.Tensor  # [B] int32, row of the pair's own review in the item tower's tokens; 0: none
    cross_likeness: tf.Tensor  # [B, B] TF-IDF similarity of own reviews (columns) to the reviews of users (rows)


def rating_loss(outputs, targets):
    """Returns the mean squared error in stars^2."""
    return tf.reduce_mean(tf.squared_difference(outputs.rating, targets.rating))


def own_review_loss(network, inputs, outputs, keys, targets):
    """Returns a loss that is low if the user's own review of the item has the highest personal score.

    First, among reviews, with the user as query (InfoNCE: van den Oord et al., 2018, equation 4):
    `mean_b -ln( e^{s(b, own_b)} / (e^{s(b, own_b)} + sum_c e^{s(b, own_c)} + sum_l e^{s(b, l)}) )`, where c runs over
    the batch's own reviews by other users, and l over the item's other reviews.
    Second, among users, with the review given: `mean_b -ln( e^{s(b, own_b)} / sum_c e^{s(c, own_b)} )`, where c runs
    over b and the batch's other users. It keeps reviews that are similar to the reviews of all users from high scores
    (both directions at once: Radford et al., 2021, figure 3).
    Pairs whose own review has no text, or whose user has no other review, are left out.

    Args:
      keys: [M, A] of the item tower.
    """
    own_keys = tf.gather(keys, targets.own)  # [B, A]
    scores = network.item.score(own_keys[tf.newaxis], outputs.query[:, tf.newaxis])  # [B, B]
    if network.config.lexical_skip:
        scores += network.item.lexical_part(targets.cross_likeness)
    has_own, has_others = targets.own > 0, tf.reduce_any(inputs.user.slots > 0, 1)  # [B]
    same_pair, users = tf.eye(tf.shape(scores)[0]) > 0, inputs.user.id
    another_user = tf.not_equal(users[:, tf.newaxis], users[tf.newaxis])  # [B, B]
    texts = same_pair | another_user & has_own[tf.newaxis] if network.config.batch_negatives else same_pair
    logits = tf.concat([_only(scores, texts), _only(outputs.personal, inputs.item.slots > 0)], 1)
    loss = tf.reduce_logsumexp(logits, 1) - tf.linalg.diag_part(scores)  # [B]
    if network.config.user_negatives:
        queries = _only(scores, same_pair | another_user & has_others[:, tf.newaxis])
        loss += tf.reduce_logsumexp(queries, 0) - tf.linalg.diag_part(scores)  # [B]
    return _mean_where(loss, has_own & has_others)


def weight_decay(network):
    """Returns half the sum of squares of the dense weights and of the id latents."""
    towers = (network.user, network.item)
    decayed = [network.weight] + [part for tower in towers for part in (tower.pool_kernel, tower.latent)]
    return tf.add_n([tf.nn.l2_loss(part) for part in decayed])


def _only(logits, mask):
    return tf.where(mask, logits, tf.fill(tf.shape(logits), NEVER))


def _mean_where(loss, mask):
    weight = tf.cast(mask, tf.float32)
    kept = tf.where(mask, loss, tf.zeros_like(loss))
    return tf.reduce_sum(kept) / tf.maximum(tf.reduce_sum(weight), 1.)
