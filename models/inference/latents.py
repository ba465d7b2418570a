"""Users as vectors: their embedding before the attention, and their query in it."""
from typing import NamedTuple

import numpy as np


class Latents(NamedTuple):
    """Vectors of all users."""
    before: np.ndarray  # [U, K] U_embed, the user embedding that enters the attention
    attention: np.ndarray  # [U, A] q, the query of each user for the reviews of items


def of_users(run):
    """Returns the Latents of all users of a run (trained.Trained)."""
    users = np.arange(len(run.artefact.user_reviews))
    query = run.predictor.alone("query", users, np.zeros(len(users), np.int32))
    embedding = run.predictor.session.run(run.predictor.network.item.other_embedding)
    return Latents(embedding, query)
