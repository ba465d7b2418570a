"""Surveys the users of a run: their vectors, their groups by attention query, and whether the groups are real.

`U` users, `G` groups, `V` words, `K` latent dimension, `A` attention dimension.
"""
from typing import NamedTuple

import numpy as np

from models.inference import latents
from tSNE import groups, maps


class Survey(NamedTuple):
    """The users of a run and their groups. Pairs are (before the attention layers, in the attention layers)."""
    vectors: tuple  # pair of [U, K] and [U, A], of unit length
    group: np.ndarray  # [U] from 0, by attention query: the same for both vectors
    scores: np.ndarray  # [V, G] how distinctive each word is of each group
    words: list  # [G] tuples of the most distinctive words
    silhouettes: tuple  # pair


def survey(run, count, seed):
    """Returns the Survey of a run (Trained) in `count` groups; None takes the number that separates users best."""
    vectors = tuple(maps.unit(side) for side in latents.of_users(run))
    queries = vectors[1]
    count = min(count or groups.choose_count(queries, seed), groups.most_groups(len(queries)))
    group = groups.cluster(queries, count, seed)
    scores = groups.distinctive_scores(run.artefact, run.corpus.bags, group)
    return Survey(vectors, group, scores, groups.distinctive_words(run.artefact, scores),
                  tuple(groups.silhouette(side, group, seed) for side in vectors))


def measures(run, surveyed, seed):
    """Returns two lines of text: whether the groups are real, and whether near users write similar reviews."""
    before, inside = surveyed.silhouettes
    verdict = "real groups" if inside >= groups.REAL else f"below {groups.REAL}: no real groups"
    count = min(groups.NEIGHBOURS, len(surveyed.group) - 1)
    ratios = []
    for vectors in surveyed.vectors:
        similarity = groups.held_out_similarity(run.artefact, run.corpus.bags, maps.nearest(vectors, count), seed)
        ratios.append(similarity.neighbours / max(similarity.everyone, 1e-12))
    return (f"{len(surveyed.words)} groups of users by attention query: silhouette {inside:.2f} in the attention "
            f"layers ({verdict}), {before:.2f} before them\n"
            f"similarity (TF-IDF cosine) of a user's validation reviews to the training reviews of the {count} "
            f"nearest users, divided by the similarity to those of all users: {ratios[1]:.2f} in the attention "
            f"layers, {ratios[0]:.2f} before them")
