"""Do clusters of users appear in the attention layers, and not before them? Measures of one run: record and table.

Four kinds of vectors are compared: the embeddings before the attention layers, the queries in them, and two that need
no network, the users' TF-IDF and LSI vectors. `n` users of a random sample, `k` neighbours, `V` words.
"""
import os

import numpy as np
from tqdm import tqdm

from preprocessing import artefact as contract
from preprocessing.catalogue import user_ids
from runtime import files
from runtime.cli import log
from tSNE import cluster_measures as measures, colours, groups, held_out, maps, people
from user_modeling.nearest import nearest_users

MOST, NEIGHBOURS = 2000, 10  # users that are measured, and how many nearest users of each
SPACES = {"before": "before attention", "attention": "in attention", "tfidf": "TF-IDF", "lsi": "LSI"}
ROWS = {  # measure: its name in the table
    "trustworthiness": "trustworthiness of the map",
    "aspect": "nearest users with the same dominant aspect",
    "held_out_aspect": "nearest users with the aspect of the held-out review",
    "taste": "nearest users with the same planted taste",
    "silhouette": "silhouette of the space's own groups",
    "agreement": "agreement of the groups over seeds (adjusted Rand)",
    "similarity": "similarity to the held-out review, nearest users / all users"}
CHANCE = "by chance"


def measured(run, survey, points, tables, catalogue, perplexity, seed):
    """Returns the record of clusters.json for a run (Trained).

    Args:
      survey: Survey of its users.
      points: pair of maps [U, 2]: before the attention layers, in them.
      tables: Tables of its aspects, or None.
      catalogue: an open catalogue of its data.
      perplexity: of the maps.
    """
    artefact, bags = run.artefact, run.corpus.bags
    written = np.unique(artefact.review_user[contract.training_rows(artefact)])
    users = written
    if len(users) > MOST:
        users = np.sort(np.random.RandomState(seed).choice(users, MOST, replace=False))
    spaces = _spaces(artefact, bags, survey, users)
    wanted = _labels(run, tables, catalogue, users)
    count, k = min(len(survey.names), groups.most_groups_of_five(len(users))), min(NEIGHBOURS, len(users) - 1)
    record = {"users": len(users), "of": len(survey.group), "neighbours": k, "groups": count, "seed": seed,
              "perplexity": perplexity, "spaces": {},
              CHANCE: {name: float(np.nanmean(measures.chance(*pair))) for name, pair in wanted.items()}}
    for place, (name, vectors) in enumerate(tqdm(list(spaces.items()), "vectors", leave=False, disable=None)):
        near = nearest_users(vectors, k).user
        own = groups.cluster(vectors, count, seed)
        shown = points[place][users] if place < 2 else maps.tsne(
            vectors, maps.allowed_perplexity(perplexity, len(users)), seed)
        found = {"trustworthiness": measures.trustworthiness(vectors, shown, k),
                 "silhouette": measures.mean_with_interval(measures.silhouettes(vectors, own), seed),
                 "agreement": measures.agreement_of_seeds(vectors, count, seed),
                 "similarity": _similarity(artefact, bags, users, near, seed)}
        for label, (asked, labels) in wanted.items():
            found[label] = measures.mean_with_interval(measures.same_label(near, asked, labels), seed)
        record["spaces"][name] = found
    return record


def _spaces(artefact, bags, survey, users):
    """{name: unit vectors [n, D]} of the users."""
    profiles = people.of_users(artefact, bags)[users]
    lengths = np.sqrt(np.asarray(profiles.multiply(profiles).sum(axis=1)).ravel())
    profiles = people.mean_rows(np.arange(len(users)), 1 / np.maximum(lengths, 1e-12), len(users)) @ profiles
    return {"before": survey.vectors[0][users], "attention": survey.vectors[1][users],
            "tfidf": maps.unit(measures.isometric(profiles)),
            "lsi": maps.unit(profiles @ artefact.word_topics.astype(np.float64))}


def _labels(run, tables, catalogue, users):
    """{measure: (label [n] that a user's neighbours should have, label [n] that each user has)}."""
    found = {}
    if tables is not None and tables.aspects:
        dominant = colours.dominant(tables)[users]
        found["aspect"] = dominant, dominant
        held = held_out.aspects(run, tables)[users]
        if (held >= 0).any():
            found["held_out_aspect"] = held, dominant
    tastes = _tastes(run.data_folder, catalogue)
    if tastes is not None:
        found["taste"] = tastes[users], tastes[users]
    return {name: pair for name, pair in found.items() if (pair[0] >= 0).any()}


def _tastes(data_folder, catalogue):
    """[U] number of each user's planted set of aspects; None where the data is no sample corpus of this project."""
    truth = files.read_json(os.path.join(data_folder, contract.TRUTH))
    if truth is None:
        return None
    try:
        cares = truth["users"]
        sets = [tuple(sorted(cares[one])) for one in user_ids(catalogue)]
        return np.unique([" & ".join(one) for one in sets], return_inverse=True)[1].ravel()
    except (KeyError, TypeError, AttributeError):
        log.warning("%s: has not the planted tastes of these users; they are left out",
                    os.path.join(data_folder, contract.TRUTH))
        return None


def _similarity(artefact, bags, users, near, seed):
    """Similarity of the test reviews to the nearest users' reviews, divided by that to all users'; None where there is
    no test review that can be measured."""
    around = np.full((len(artefact.user_reviews), near.shape[1]), -1)
    around[users] = users[near]
    found = held_out.similarity(artefact, bags, around, seed)
    return found and found.neighbours / max(found.everyone, 1e-12)


def table(record):
    """Returns the record as a Markdown table: a row for each measure, a column for each kind of vectors."""
    shown = {key: name for key, name in ROWS.items()
             if any(space.get(key) is not None for space in record["spaces"].values())}
    lines = ["| | " + " | ".join(SPACES[name] for name in record["spaces"]) + f" | {CHANCE} |",
             "|---" * (len(record["spaces"]) + 2) + "|"]
    for key, name in shown.items():
        cells = [_cell(space.get(key)) for space in record["spaces"].values()]
        lines.append(f"| {name} | " + " | ".join(cells) + f" | {_cell(record[CHANCE].get(key))} |")
    return "\n".join(lines) + "\n"


def verdict(record):
    """Returns whether the groups in the attention are real, in sentences: their silhouette and agreement, and what test
    reviews say of users who are near each other."""
    return (" ".join(filter(None, (_separation(record), _held_out(record))))
            or "There are too few users to measure whether the groups are real.")


def _separation(record):
    before, within = (record["spaces"][name] for name in ("before", "attention"))
    if not within["silhouette"]:
        return ""
    value = within["silhouette"]["value"]
    said = "The groups are separate" if value >= groups.REAL else (
        "The groups are not separate: users differ by degrees, and a border between groups means little")
    others = f", {before['silhouette']['value']:.2f} for groups made before them" if before["silhouette"] else ""
    return (f"{said} (silhouette {value:.2f} in the attention layers, where {groups.REAL} or more is needed{others}). "
            f"Groupings by five seeds agree by {within['agreement']:.2f} (adjusted Rand index; 1: they are equal).")


def _held_out(record):
    before, within = (record["spaces"][name] for name in ("before", "attention"))
    aspect = within.get("held_out_aspect")
    if aspect:
        usual = record[CHANCE]["held_out_aspect"]
        agree = "agree" if aspect["low"] > usual else "do not agree"
        return (f"Test reviews, of which no vector is made, {agree}: {100 * aspect['value']:.0f} % of the users "
                "nearest in the attention layers care about the aspect of a user's test reviews, "
                f"{100 * before['held_out_aspect']['value']:.0f} % before them, {100 * usual:.0f} % by chance.")
    if within.get("similarity"):
        return (f"The test reviews of a user, of which no vector is made, are {within['similarity']:.2f} times as "
                "similar to reviews of the users nearest in the attention layers as to those of all users "
                f"({before['similarity']:.2f} times before them).")
    return ""


def page(record, caption):
    """Returns the verdict and the table as a Markdown page with what it was measured on."""
    return (f"# Clusters of users\n\n{verdict(record)}\n\n{caption}. {record['users']} of {record['of']} users, "
            f"{record['neighbours']} nearest users by cosine, {record['groups']} groups by k-means, seed "
            f"{record['seed']}. In brackets the 95 % bootstrap interval over users.\n\n{table(record)}")


def _cell(value):
    if value is None:
        return ""
    if isinstance(value, dict):
        return f"{value['value']:.3f} [{value['low']:.3f}, {value['high']:.3f}]"
    return f"{value:.3f}"
