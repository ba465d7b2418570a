"""Surveys the users of a run: their vectors, and their groups by attention query.

`U` users, `G` groups, `V` words, `K` latent dimension, `A` attention dimension.
"""
from typing import NamedTuple

import numpy as np

from models.inference import latents
from runtime.cli import UserError
from tSNE import groups, maps
from user_modeling.groups import characteristic

LEAST = 1e-6  # spread of unit vectors below which they are equal
GROUPS = ("Users with similar queries, the vectors of the map in the attention layers, grouped by k-means. The groups "
          "are the same in both maps, and numbered by size. A group whose users do not lie together on a map has no "
          "label there.")
ID, TEXTS = "the embedding of the user's id", "the user's own training reviews"
MADE_OF = {"id+text": f"{ID} and {TEXTS}", "id": ID, "text": TEXTS}  # a query, by the setting attention_query


class Survey(NamedTuple):
    """The users of a run and their groups. Pairs are (before the attention layers, in the attention layers)."""
    vectors: tuple  # pair of [U, K] and [U, A], of unit length
    group: np.ndarray  # [U] from 0, by attention query: the same for both vectors
    scores: np.ndarray  # [V, G] how distinctive each word is of each group
    names: list  # [G] tuples of what the users of each group speak of more than the others do, see `named`
    silhouettes: tuple  # pair


def survey(run, count, seed, tables=None):
    """Returns the Survey of a run (Trained) in `count` groups; None takes the number that separates users best.

    Args:
      tables: Tables of the run's aspects, or None; they name the groups.

    Raises UserError where all users have the same vector."""
    vectors = tuple(maps.unit(side) for side in latents.of_users(run))
    for place, side in zip(("before", "in"), vectors):
        if not np.isfinite(side).all() or np.ptp(side, axis=0).max() < LEAST:
            raise UserError(f"data '{run.record['data']}': all users have the same vector {place} the attention "
                            "layers, so no map can tell them apart; train the run longer, or choose another --run")
    queries = vectors[1]
    count = min(count or groups.choose_count(queries, seed), groups.most_groups_of_five(len(queries)))
    group = groups.cluster(queries, count, seed)
    scores = groups.distinctive_scores(run.artefact, run.corpus.bags, group)
    return Survey(vectors, group, scores, named(run.artefact, scores, group, tables),
                  tuple(groups.silhouette(side, group, seed) for side in vectors))


def compared_by(config):
    """Returns by what users are compared (before the attention layers, in them), a sentence each, of a ModelConfig."""
    before = ("Users are compared by the trained embedding of their id, which enters the attention layers; it contains "
              "nothing of their texts directly.")
    if config.author_query:
        return before, ("Users are compared as authors, by the query that scores the reviews that they wrote. It is "
                        f"made of {ID} alone.")
    return before, ("Users are compared by their query, with which the attention scores the reviews of items. It is "
                    f"made of {MADE_OF[config.attention_query]}; near users look for the same in reviews.")


def named(artefact, scores, group, tables):
    """Returns [G] tuples of names: the aspects that a group's users speak of more than all others do
    (`user_modeling.groups.characteristic`), or the most distinctive words by scores [V, G] where there are none."""
    words = groups.distinctive_words(artefact, scores)
    if tables is None:
        return words
    return [tuple(tables.aspects[aspect].name for aspect in characteristic(tables, group == number)) or words[number]
            for number in range(len(words))]
