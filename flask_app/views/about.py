"""The page "About deeprecsys": the run's configuration, its data, what was measured, and its known limits."""
from typing import NamedTuple

from flask import Blueprint, current_app, render_template

from flask_app.storage.measurements import record
from flask_app.views.request_data import words
from metrics import claims
from metrics.comparison import OURS
from metrics.labels import MEANINGS, METHODS, MODELS
from models.config import DEFAULT
from models.run_folder.layout import CONFIG, REPORT
from preprocessing.artefact import META

blueprint = Blueprint("about", __name__)


class RatingError(NamedTuple):
    """The error of one model's predicted ratings."""
    model: str
    rmse: float
    mae: float


class MethodValue(NamedTuple):
    """One method's value of a measure."""
    method: str
    value: float
    lead: dict  # {"low", "high"}, the interval of our lead over it; None


class Coverage(NamedTuple):
    """How many different items the rankings of all shoppers begin with."""
    top: int  # length of the beginning of each ranking
    shoppers: int
    covered: int  # different items in all beginnings together
    items: int


@blueprint.route("/about")
def about():
    """The page, from the run's own files."""
    config = current_app.config
    report = record(config["RUN_FOLDER"], REPORT)
    return render_template(
        "about.html", config=record(config["RUN_FOLDER"], CONFIG) or {}, report=report, ours=OURS,
        claims=claims.of(report or {}, "shopper"), tables=_tables(report or {}), ratings=_ratings(report or {}),
        coverage=_coverage(report or {}),
        meta=record(config["DATA_FOLDER"], META), words=words(), default_preset=DEFAULT)


def _ratings(report):
    """[RatingError], the smallest RMSE first."""
    rows = [RatingError(MODELS.get(name, name), scores["rmse"], scores["mae"])
            for name, scores in (report.get("ratings") or {}).items()]
    return sorted(rows, key=lambda row: row.rmse)


def _coverage(report):
    """The Coverage of our ranking; None where it was not measured."""
    rankings = report.get("rankings") or {}
    try:
        top, items = rankings["k"], rankings["items"]
        share = rankings["models"][OURS][f"coverage_{top}"]
        return Coverage(top, rankings["users"], round(items * share), items)
    except (KeyError, TypeError):  # the report is of an older version, or damaged
        return None


def _tables(report):
    """[(meaning of a measure, [MethodValue] the highest first)] of the measures that the report holds."""
    tables, own = [], report.get("explanation") or {}
    for measure, meaning in MEANINGS.items():
        if not isinstance(own.get(measure), (int, float)):
            continue
        rows = [MethodValue(METHODS[OURS], own[measure], None)]
        for rule, values in sorted((report.get("explanation_rules") or {}).items()):
            if isinstance(values.get(measure), (int, float)):
                rows.append(MethodValue(METHODS.get(rule, rule), values[measure],
                                        (values.get("difference") or {}).get(measure)))
        tables.append((meaning, sorted(rows, key=lambda row: -row.value)))
    return tables
