"""Users as vectors: before the attention layers, and in them."""
from typing import NamedTuple

import numpy as np


class Latents(NamedTuple):
    before: np.ndarray  # [U, K] U_embed, the user embedding that enters the attention
    attention: np.ndarray  # [U, A] q, the query that each user puts to the reviews of items


def of_users(run):
    """The Latents of all users of a run (models.trained.Trained)."""
    users = np.arange(len(run.artefact.user_reviews))
    outputs = run.predictor(users, np.zeros(len(users), np.int32))[0]
    embedding = run.predictor.session.run(run.predictor.network.item.other_embedding)
    return Latents(embedding, outputs.query)
