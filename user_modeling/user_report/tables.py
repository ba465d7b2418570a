"""The tables of a Survey: one row for each user, group, aspect of a user, reviewer, attended review and neighbour."""
import csv
import io

import numpy as np

from models.run_folder import aspect_profiles, cells
from user_modeling.user_report import reviewers

DIGITS = 6  # of numbers in CSV


def of(survey):
    """Returns {name of the table: {column: list or array}} of a Survey; all columns of a table have one length."""
    return {"users": users(survey), "groups": groups(survey), "profiles": profiles(survey),
            "helpful_reviewers": helpful_reviewers(survey), "helpful_reviews": helpful_reviews(survey),
            "neighbours": neighbours(survey)}


def users(survey):
    """A row for each user. `group` counts from 1, 0 = none; a score is empty where a method cannot measure the user."""
    tables, average = survey.tables, aspect_profiles.averages(survey.tables)
    count = len(survey.user_ids)
    stars = _means(survey.artefact)
    columns = {"user_id": list(survey.user_ids), "reviews": np.asarray(tables.user_reviews).astype(int),
               "mean_stars": stars, "group": survey.groups.group + 1,
               "group_name": [survey.groups.name_of(user) for user in range(count)],
               "aspects": [", ".join(reviewers.cares(tables, user, average, 3)) for user in range(count)]}
    for method, scores in survey.scores.items():
        name = method.replace(", ", "_").replace(" ", "_")
        columns[f"helpful_by_{name}"] = scores.score
        columns[f"helpful_by_{name}_low"] = scores.bound
    if survey.nearest.user.shape[1]:
        columns["nearest_user_id"] = [survey.user_ids[user] for user in survey.nearest.user[:, 0]]
        columns["nearest_likeness"] = survey.nearest.likeness[:, 0].astype(float)
    return columns


def groups(survey):
    """A row for each group, the largest first; a lift that is not defined is empty."""
    found, lifts = survey.groups, survey.lifts
    return {"group": np.arange(len(found.names)) + 1, "name": list(found.names), "users": found.sizes(),
            "aspects": [", ".join(survey.tables.aspects[one].name for one in some) for some in found.aspects],
            "held_out_reviews": [0 if lift is None else lift.reviews for lift in lifts],
            **{f"lift{end}": [np.nan if lift is None else getattr(lift, field) for lift in lifts]
               for end, field in (("", "value"), ("_low", "low"), ("_high", "high"))}}


def profiles(survey):
    """A row for each user and each aspect that the user speaks of."""
    tables, average = survey.tables, aspect_profiles.averages(survey.tables)
    user, aspect = np.nonzero(np.asarray(tables.user_mentions))
    fields = {"share": "share", "lift": "lift", "praise": "positivity", "confidence": "confidence"}
    parts = {name: [] for name in fields}
    for one, first, last in zip(*_runs(user)):
        profile = aspect_profiles.of_user(tables, one, average)
        for name, field in fields.items():
            parts[name].append(getattr(profile, field)[aspect[first:last]])
    return {"user_id": [survey.user_ids[one] for one in user], "aspect": [tables.aspects[one].name for one in aspect],
            "mentions": np.asarray(tables.user_mentions)[user, aspect].astype(int),
            **{name: np.concatenate(some) if some else np.zeros(0) for name, some in parts.items()}}


def helpful_reviewers(survey):
    """A row for each listed reviewer, the best first."""
    listed = survey.reviewers
    return {"rank": np.arange(len(listed)) + 1, "user_id": [survey.user_ids[one.user] for one in listed],
            "by": [survey.method] * len(listed), "score": [one.score for one in listed],
            "low": [one.bound for one in listed], "reviews": [one.reviews for one in listed],
            "group_name": [survey.groups.name_of(one.user) for one in listed]}


def helpful_reviews(survey):
    """A row for each reader of the most attended reviews of the listed reviewers."""
    rows = [(survey.user_ids[one.user], review.written.item_id, review.written.title, review.written.stars,
             review.share, survey.user_ids[reader.user], reader.share, ", ".join(reader.aspects), review.written.text)
            for one in survey.reviewers for review in one.evidence for reader in review.readers]
    names = ("user_id", "item_id", "title", "stars", "attention", "reader_id", "reader_attention", "reader_aspects",
             "excerpt")
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


def neighbours(survey):
    """A row for each user and each of the nearest users; `above` is the share of all pairs of users less alike."""
    near, users = survey.nearest, len(survey.user_ids)
    count = near.user.shape[1]
    return {"user_id": [one for one in survey.user_ids for _ in range(count)],
            "rank": np.tile(np.arange(count) + 1, users),
            "neighbour_id": [survey.user_ids[one] for one in near.user.ravel()],
            "likeness": near.likeness.ravel().astype(float), "above": near.above.ravel()}


def as_csv(columns):
    """Returns the CSV text of a table; a number that is not defined is an empty cell, texts are those of `cells`."""
    out = io.StringIO(newline="")
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(columns)
    lines.writerows(zip(*(_cells(values) for values in columns.values())))
    return out.getvalue()


def _cells(values):
    array = np.asarray(values)
    if array.dtype.kind != "f":
        return [cells.of_text(value) for value in values]
    return [f"{value:.{DIGITS}g}" if np.isfinite(value) else "" for value in array.tolist()]


def _means(artefact):
    """Mean stars [U] of the training ratings of users; NaN for a user without one."""
    users, train = len(artefact.user_reviews), artefact.train
    count = np.bincount(train.user, minlength=users)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.bincount(train.user, train.rating, users) / count


def _runs(sorted_values):
    """(values, first positions, last positions + 1) of the runs of equal values of a sorted array."""
    values, first = np.unique(sorted_values, return_index=True)
    return values.tolist(), first.tolist(), np.append(first[1:], len(sorted_values)).tolist()
