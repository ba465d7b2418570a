"""Makes the user maps of a run: survey, t-SNE maps, what each user cares about, and what the clusters are worth.

`U` users, `n` neighbours.
"""
import os
from contextlib import closing
from typing import NamedTuple, Optional

import numpy as np
from tqdm import tqdm

from models.inference import trained
from models.run_folder import aspect_tables, layout, runs
from models.run_folder.aspect_tables import Tables
from preprocessing import catalogue
from runtime import cli
from runtime.cli import UserError
from tSNE import colours, evidence, maps, neighbours, people
from tSNE.colours import Colouring
from tSNE.page import content
from tSNE.survey import Survey, compared_by, survey
from user_modeling.nearest import nearest_users

FEWEST = 5  # users that a map needs
STEPS = 5


class UserMaps(NamedTuple):
    survey: Survey
    points: list  # pair of [U, 2]: before the attention layers, in them
    user_ids: tuple  # [U] raw ids
    nearest: neighbours.Neighbours  # the two nearest active users
    evidence: dict  # record of `evidence.measured`
    caption: str  # run, data, number of users, perplexity
    colourings: dict  # {name: Colouring}
    colouring: Colouring  # that of the pictures
    tables: Optional[Tables]  # of the run's aspects
    people: list  # [U] Persons
    near: np.ndarray  # [U, n] the nearest users of each by attention query
    cosines: np.ndarray  # [U, n] of their queries
    vocabulary: tuple  # words by their ids
    items: list  # [I] titles, or ids where there are none
    notes: tuple = ("", "")  # by what users are compared before the attention layers, and in them


def make(run_folder, perplexity, count, seed, colour=None):
    """Returns the UserMaps of a run.

    Args:
      run_folder: folder of a trained run.
      perplexity: of t-SNE; lowered where the users are few.
      count: number of groups, None for the number that separates the users best.
      seed: of k-means, t-SNE and samples.
      colour: one of `colours.NAMES`; None for aspects where the run has them, else groups.

    Raises:
      UserError: the run has no attention, too few users, or users who cannot be told apart; or it cannot be loaded.
    """
    _require_attention(run_folder)
    tables = aspect_tables.load(run_folder)
    with _step(1, "load the run"):
        run = trained.load(run_folder, with_order=False)
    users, active = len(run.artefact.user_reviews), neighbours.active(run.artefact)
    if users < FEWEST or len(active) < 2:
        raise UserError(f"{run_folder}: has {users} users, {len(active)} of them active; a map needs at least "
                        f"{FEWEST} users, 2 of them active: train on more data")
    allowed = maps.allowed_perplexity(perplexity, users)
    if allowed < perplexity:
        cli.log.info("%d users: perplexity lowered from %g to %.3g", users, perplexity, allowed)
    with _step(2, "group the users by attention query"):
        surveyed = survey(run, count, seed, tables)
        colourings = colours.of_run(run.artefact, surveyed, tables)
        colouring = _colouring(colourings, colour, run_folder)
    with _step(3, f"compute the two t-SNE maps with {maps.method()}"):
        points = [maps.tsne(vectors, allowed, seed) for vectors in tqdm(
            surveyed.vectors, "t-SNE", unit="map", leave=False, disable=None)]
    with closing(catalogue.of(run.data_folder)) as connection:
        with _step(4, "read what each user cares about"):
            described = _described(run, surveyed, tables, active, connection)
        with _step(5, "measure the clusters"):
            record = evidence.measured(run, surveyed, points, tables, connection, allowed, seed)
    caption = (f"run '{os.path.basename(os.path.abspath(run_folder))}' on data '{run.record['data']}': {users:,} "
               f"users, t-SNE perplexity {allowed:.3g}")
    return UserMaps(survey=surveyed, points=points, evidence=record, caption=caption, colourings=colourings,
                    colouring=colouring, tables=tables, vocabulary=run.artefact.vocabulary,
                    notes=compared_by(run.config), **described)


def _described(run, surveyed, tables, active, connection):
    """{field: value} of the fields of UserMaps that describe single users: who they are, and who is near them.

    Args:
      active: numbers of the active users, of whom the nearest two are shown side by side.
      connection: the open catalogue.
    """
    queries = surveyed.vectors[1]
    pair = maps.closest_pair(queries, active)
    scores = surveyed.scores[:, surveyed.group[[pair.left, pair.right]]].mean(1)
    near = nearest_users(queries, content.NEIGHBOURS).user
    return {
        "nearest": neighbours.of_pair(run.artefact, scores, connection, pair),
        "people": people.read(run.artefact, run.corpus.bags, connection, tables, content.LONGEST),
        "near": near,
        "cosines": np.stack([(queries * queries[column]).sum(axis=1) for column in near.T], axis=1),
        "user_ids": catalogue.user_ids(connection),
        "items": [neighbours.plain_line(title) for title, in connection.execute(
            "SELECT coalesce(nullif(title, ''), item_id) FROM items ORDER BY item")]}


def _require_attention(run_folder):
    """Raises UserError where the reviews of a run are not weighed by attention for a user."""
    config = runs.read(run_folder).config
    if config.max_pooling or config.no_query:
        setting = "review_pool=max" if config.max_pooling else "attention_query=none"
        raise UserError(f"{run_folder}: has no attention ({setting}), so there is no map of users in it; choose "
                        "another --run, such as one of the preset default")
    if config.author_query:
        cli.log.warning("%s: the query belongs to the author of a review (attention_query=author), so the map in the "
                        "attention layers shows users as authors", run_folder)


def _colouring(colourings, wanted, run_folder):
    if colours.ASPECT not in colourings and wanted in (None, colours.ASPECT):
        cli.log.info("%s has no aspects: the maps are coloured by group; ./run aspects %s finds aspects",
                     run_folder, layout.flags_of(run_folder))
    return colours.chosen(colourings, wanted)


def _step(number, name):
    cli.log.info("[%d/%d] %s", number, STEPS, name)
    return cli.stage(name)
