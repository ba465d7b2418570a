"""Users as vectors: their embedding before the attention, and their query in it."""
from typing import NamedTuple

import numpy as np

from models.inputs import bags
from runtime.tf1 import tf


class Latents(NamedTuple):
    """Vectors of all users."""
    before: np.ndarray  # [U, K] U_embed, the user embedding that enters the attention
    attention: np.ndarray  # [U, A] q, the query of each user for the reviews of items


def of_users(run):
    """Returns the Latents of all users of a run (trained.Trained)."""
    embedding = run.predictor.session.run(run.predictor.network.item.other_embedding)
    return Latents(embedding, queries(run.predictor))


def queries(predictor, side="user"):
    """Returns q [O, A] of all users of a Predictor for the reviews of items, or of all items for those of users.

    A query is made of the id of its owner and of the owner's own training reviews, so no pair is needed. Where the
    query belongs to the author of a review (attention_query=author), it is made of the id alone, and the vector of a
    user is the query for the reviews that the user wrote.

    Args:
      side: "user" or "item", whose queries are wanted.
    """
    network, which = predictor.network, ("user", "item").index(side)
    slots, dim = predictor.corpus.served_slots[which], network.config.attention_dim
    means = np.zeros((1, dim), np.float32)
    if network.config.text_query:
        means = bags.mean(predictor.encoded[1 - which].all().keys, slots)
    with predictor.session.graph.as_default():
        mean_key = tf.placeholder(tf.float32, [None, dim])
        query = (network.item, network.user)[which].query(tf.range(len(slots)), mean_key)
    return predictor.session.run(query, {mean_key: means})
