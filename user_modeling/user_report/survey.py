"""All that is said of the users of a run: groups, helpful reviewers, neighbours. Legend: `U` users."""
import os
from contextlib import closing
from typing import NamedTuple, Tuple

import numpy as np

from models.inference import trained
from models.run_folder import aspect_tables, layout
from preprocessing import artefact as contract, catalogue
from runtime import cli, memory
from runtime.cli import UserError
from user_modeling import attention, groups, helpful_reviewers, neighbours
from user_modeling.nearest import nearest_users
from user_modeling.user_report import held_out, reviewers, votes

NEAREST = 5  # neighbours of each user
FEWEST = 2  # users


class Nearest(NamedTuple):
    """The users most alike, the nearest first."""
    user: np.ndarray  # [U, n]
    likeness: np.ndarray  # [U, n]
    above: np.ndarray  # [U, n] share of all pairs of users that are less alike


class Survey(NamedTuple):
    """The users of a run."""
    run: str  # its name
    record: dict  # of config.json
    artefact: contract.Artefact
    tables: aspect_tables.Tables
    user_ids: Tuple[str, ...]  # [U] raw ids
    groups: groups.Groups
    lifts: list  # held_out.Lift or None of each group
    lift: held_out.Lift  # of all together, or None
    scores: dict  # {method: helpful_reviewers.Scores}
    agreement: votes.Agreement
    method: str  # that makes the list
    reviewers: tuple  # reviewers.Reviewer, the best first
    readers: int  # users whose attention was measured, at most
    nearest: Nearest
    pair: neighbours.Pair  # the user asked for and the nearest one, or the two nearest active users


def make(folder, seed=0, count=None, user_id=None, method=None):
    """Returns the Survey of a run.

    Args:
      folder: of the run.
      seed: of samples, resamples and k-means.
      count: number of groups; None: by the agreement of resamples.
      user_id: raw id of a user who is compared with the nearest one; None: the two nearest active users.
      method: one of `helpful_reviewers.METHODS` that makes the list; None: by votes.

    Raises:
      UserError: the run cannot be loaded, has no attention, aspects or such a user, or fewer than two users.
    """
    tables = aspect_tables.load(folder)
    if tables is None:
        raise UserError(f"{layout.aspects_of(folder)}: the run has no aspects yet; make them with ./run aspects "
                        f"{layout.flags_of(folder)}")
    with cli.stage("load the run"):
        run = trained.load(folder, with_order=False)
        attention.require_personal(run, folder)
        users = len(run.artefact.user_reviews)
        if users < FEWEST:
            raise UserError(f"{run.data_folder}: has {users} user, and one user has no neighbour and no group: "
                            "preprocess more reviews")
    with closing(catalogue.of(run.data_folder)) as connection:
        ids = catalogue.user_ids(connection)
        if user_id is not None and user_id not in ids:
            raise UserError(f"--user {user_id}: not a user of the data '{run.record['data']}'; "
                            f"one of its {users} users is {ids[0]}")
        return _of(run, tables, connection, ids, folder, seed, count, user_id, method)


def _of(run, tables, connection, ids, folder, seed, count, user_id, method):
    random = np.random.RandomState(seed)
    with cli.stage("encode the reviews"):
        attended = attention.Attention(run)
    with cli.stage("groups by aspect"):
        grouped = groups.find(tables, seed, count)
        lifts, lift = held_out.lifts(grouped, held_out.read(run.artefact, run.data_folder, tables), random)
    with cli.stage("neighbours"):
        likeness = neighbours.Likeness(attended.scores.keys, attended.scores.queries, random)
        nearest = _nearest(likeness)
        two = _two_active(likeness.vectors, tables) if user_id is None else _with_nearest(nearest, ids.index(user_id))
        pair = neighbours.compared(*two, likeness, tables, connection)
    with cli.stage("helpful reviewers"):
        received = attention.received(attended, random)
        said = helpful_reviewers.reviews_of(run.artefact, received, attended.typicality)
        scores = helpful_reviewers.scores_of(run.artefact, said)
        counted, absent = votes.read(connection, received.review, len(ids))
        agreement = votes.agree(scores, counted, absent, random)
        chosen = method or agreement.chosen
        listed = reviewers.listed(scores[chosen], run.artefact, received, tables, connection)
    memory.release()
    return Survey(os.path.basename(os.path.abspath(folder)), run.record, run.artefact, tables, ids, grouped, lifts,
                  lift, scores, agreement, chosen, listed, int(received.readers.max(initial=0)), nearest, pair)


def _nearest(likeness):
    user, value = nearest_users(likeness.vectors, NEAREST)
    return Nearest(user, value, likeness.above(value))


def _with_nearest(nearest, user):
    return user, int(nearest.user[user, 0])


def _two_active(vectors, tables):
    """The two active users whose unit vectors [U, D] are most alike, if possible of those who speak of the same aspect.

    Of each active user only the NEAREST active ones are compared.
    """
    active = neighbours.active(np.asarray(tables.user_reviews))
    near, value = nearest_users(vectors[active], NEAREST)
    speak = np.asarray(tables.user_mentions)[active] > 0
    same = (speak[:, None] & speak[near]).any(axis=2)
    value = np.where(same if same.any() else True, value, -np.inf)
    user, place = np.unravel_index(np.argmax(value), value.shape)
    return int(active[user]), int(active[near[user, place]])
