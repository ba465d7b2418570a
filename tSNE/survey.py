"""Surveys the users of a run: their vectors, and their groups by attention query.

`U` users, `G` groups, `V` words, `K` latent dimension, `A` attention dimension.
"""
from typing import NamedTuple

import numpy as np

from models.inference import latents
from runtime.cli import UserError
from tSNE import groups, maps


LEAST = 1e-6  # spread of unit vectors below which they are equal


class Survey(NamedTuple):
    """The users of a run and their groups. Pairs are (before the attention layers, in the attention layers)."""
    vectors: tuple  # pair of [U, K] and [U, A], of unit length
    group: np.ndarray  # [U] from 0, by attention query: the same for both vectors
    scores: np.ndarray  # [V, G] how distinctive each word is of each group
    words: list  # [G] tuples of the most distinctive words
    silhouettes: tuple  # pair


def survey(run, count, seed):
    """Returns the Survey of a run (Trained) in `count` groups; None takes the number that separates users best.

    Raises UserError where all users have the same vector."""
    vectors = tuple(maps.unit(side) for side in latents.of_users(run))
    for place, side in zip(("before", "in"), vectors):
        if not np.isfinite(side).all() or np.ptp(side, axis=0).max() < LEAST:
            raise UserError(f"data '{run.record['data']}': all users have the same vector {place} the attention "
                            "layers, so no map can tell them apart; train the run longer, or choose another --run")
    queries = vectors[1]
    count = min(count or groups.choose_count(queries, seed), groups.most_groups(len(queries)))
    group = groups.cluster(queries, count, seed)
    scores = groups.distinctive_scores(run.artefact, run.corpus.bags, group)
    return Survey(vectors, group, scores, groups.distinctive_words(run.artefact, scores),
                  tuple(groups.silhouette(side, group, seed) for side in vectors))
