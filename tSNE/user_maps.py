"""Makes the user maps of a run: survey, t-SNE maps, and the two nearest users.

`U` users.
"""
import os
from contextlib import closing
from typing import NamedTuple

from tqdm import tqdm

from models.inference import trained
from preprocessing import catalogue
from runtime import cli
from runtime.cli import UserError
from tSNE import maps, neighbours
from tSNE.survey import Survey, measures, survey

FEWEST = 5  # users that a map needs
STEPS = 4


class UserMaps(NamedTuple):
    survey: Survey
    points: list  # pair of [U, 2]: before the attention layers, in them
    user_ids: list  # [U] raw ids
    nearest: neighbours.Neighbours  # the two nearest active users
    measures: str  # two lines of text
    caption: str  # run, data, number of users, perplexity


def make(run_folder, perplexity, count, seed):
    """Returns the UserMaps of a run.

    Args:
      run_folder: folder of a trained run.
      perplexity: of t-SNE; lowered where the users are few.
      count: number of groups, None for the number that separates the users best.
      seed: of k-means, t-SNE and samples.

    Raises:
      UserError: the run has too few users, or cannot be loaded.
    """
    with _step(1, "load the run"):
        run = trained.load(run_folder)
    users, active = len(run.artefact.user_reviews), neighbours.active(run.artefact)
    if users < FEWEST or len(active) < 2:
        raise UserError(f"{run_folder}: has {users} users, {len(active)} of them active; a map needs at least "
                        f"{FEWEST} users, 2 of them active: train on more data")
    allowed = maps.allowed_perplexity(perplexity, users)
    if allowed < perplexity:
        cli.log.info("%d users: perplexity lowered from %g to %.3g", users, perplexity, allowed)
    with closing(catalogue.of(run.data_folder)) as connection:
        with _step(2, "group the users by attention query"):
            surveyed = survey(run, count, seed)
        with _step(3, "compute the two t-SNE maps"):
            points = [maps.tsne(vectors, allowed, seed) for vectors in tqdm(
                surveyed.vectors, "t-SNE", unit="map", leave=False, disable=None)]
        with _step(4, "compare the users' reviews"):
            pair = maps.closest_pair(surveyed.vectors[1], active)
            scores = surveyed.scores[:, surveyed.group[[pair.left, pair.right]]].mean(1)
            nearest = neighbours.of_pair(run.artefact, scores, connection, pair)
            user_ids = [user_id for user_id, in connection.execute("SELECT user_id FROM users ORDER BY user")]
            text = measures(run, surveyed, seed)
    caption = (f"run '{os.path.basename(os.path.abspath(run_folder))}' on data '{run.record['data']}': {users:,} "
               f"users, t-SNE perplexity {allowed:.3g}")
    return UserMaps(surveyed, points, user_ids, nearest, text, caption)


def _step(number, name):
    cli.log.info("[%d/%d] %s", number, STEPS, name)
    return cli.stage(name)
