"""The losses: rating error, own-review retrieval, ranking of items, and weight decay."""
from typing import NamedTuple

from models.network.layers import NEVER, masked_mean
from models.training.workers.team import ALONE
from runtime.tf1 import tf


class Targets(NamedTuple):
    """What the losses compare with. The network must not read it."""
    rating: tf.Tensor  # [B] stars
    own: tf.Tensor  # [B] int32, row of the pair's own review in the item tower's tokens; 0: none
    cross_likeness: tf.Tensor  # [B, G] TF-IDF similarity of own reviews (columns) to the reviews of users (rows)


def rating_loss(outputs, targets, team=ALONE):
    """Returns the mean squared error in stars^2; of several workers, what this one adds to it."""
    return team.mean(tf.squared_difference(outputs.rating, targets.rating))


def own_review_loss(network, inputs, outputs, keys, targets, team=ALONE):
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
      team: the workers that share the batch. It has G pairs in all, G = B for one process; of several workers, each
        returns the part of its own B pairs.
    """
    own_keys = team.join(tf.gather(keys, targets.own))  # [G, A]
    scores = network.item.score(own_keys[tf.newaxis], outputs.query[:, tf.newaxis])  # [B, G]
    if network.config.lexical_skip:
        scores += network.item.lexical_part(targets.cross_likeness)
    users, has_own, has_others = inputs.user.id, targets.own > 0, tf.reduce_any(inputs.user.slots > 0, 1)  # [B]
    all_users, all_own, all_others = team.join_facts(users, has_own, has_others)  # [G]
    same_pair = team.same_pair(tf.shape(scores)[0])  # [B, G]
    another_user = tf.not_equal(users[:, tf.newaxis], all_users[tf.newaxis])  # [B, G]
    texts = same_pair | another_user & all_own[tf.newaxis] if network.config.batch_negatives else same_pair
    logits = tf.concat([_only(scores, texts), _only(outputs.personal, inputs.item.slots > 0)], 1)
    loss = tf.reduce_logsumexp(logits, 1) - team.of_pairs(scores)  # [B]
    if network.config.user_negatives:
        askers = tf.transpose(same_pair) | tf.transpose(another_user) & all_others[:, tf.newaxis]  # [G, B]
        loss += tf.reduce_logsumexp(_only(team.own_columns(scores), askers), 0) - team.of_pairs(scores)
    return team.mean_where(loss, has_own & has_others, all_own & all_others)


def ranking_loss(network, inputs, outputs, keys, team=ALONE):
    """Returns a loss that is low if the reviews of the pair's item speak to the user more than those of other items.

    `mean_b -ln( e^{gamma E(b, i_b)} / sum_c e^{gamma E(b, i_c)} )`, where E is the mean of `score` over the reviews of
    an item, less its mean over the users of the batch, and gamma is trained. c runs over b and the pairs of the batch
    of another user and another item, none of whose reviews is by the user of b. Items are in a batch as often as they
    are bought, so this is the softmax over all items of gamma E + ln(popularity) (Yi et al., "Sampling-bias-corrected
    neural modeling for large corpus item recommendations", RecSys 2019, section 3).
    Pairs whose user or item has no other review are left out.

    Args:
      keys: [M, A] of the item tower.
      team: as in `own_review_loss`.
    """
    users, slots = inputs.user.id, inputs.item.slots
    unit_keys = network.item.unit_key(tf.gather(keys, slots))  # [B, R, A]
    evidence_keys = team.join(masked_mean(unit_keys, slots > 0))  # [G, A]
    queries = network.item.unit_query(outputs.query)  # [B, A]
    queries -= tf.reduce_mean(team.join(queries), 0)
    logits = network.evidence_gain * network.item.match(evidence_keys, queries)  # [B, G]
    authors = tf.where(slots > 0, inputs.item.counterparts, tf.fill(tf.shape(slots), -1))  # [B, R]
    counted = tf.reduce_any(slots > 0, 1) & tf.reduce_any(inputs.user.slots > 0, 1)  # [B]
    all_users, all_items, all_authors, all_counted = team.join_facts(users, inputs.item.id, authors, counted)  # [G, ..]
    another = (tf.not_equal(users[:, tf.newaxis], all_users) & tf.not_equal(inputs.item.id[:, tf.newaxis], all_items)
               & ~tf.reduce_any(tf.equal(users[:, tf.newaxis, tf.newaxis], all_authors), 2) & all_counted)  # [B, G]
    logits = _only(logits, team.same_pair(tf.shape(logits)[0]) | another)
    return team.mean_where(tf.reduce_logsumexp(logits, 1) - team.of_pairs(logits), counted, all_counted)


def weight_decay(network):
    """Returns half the sum of squares of the dense weights and of the id latents."""
    towers = (network.user, network.item)
    decayed = [network.weight] + [part for tower in towers for part in (tower.pool_kernel, tower.latent)]
    return tf.add_n([tf.nn.l2_loss(part) for part in decayed])


def _only(logits, mask):
    return tf.where(mask, logits, tf.fill(tf.shape(logits), NEVER))
