"""The page "About this model", a model card: configuration and data of the run, what was measured, and limits."""
from typing import NamedTuple

from flask import Blueprint, current_app, render_template

from flask_app.recommending import quotes
from flask_app.storage import measurements
from flask_app.storage.measurements import record
from flask_app.views import measured
from flask_app.views.request_data import words
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


class Critical(NamedTuple):
    """How many of the reviews that pages show first are critical, over the held-out pairs of the evaluation."""
    shown: float  # share of the reviews shown first, 0..1
    all: float  # share of all reviews of the same items
    pairs: int


@blueprint.route("/about")
def about():
    """The page, from the run's own files."""
    config = current_app.config
    report = record(config["RUN_FOLDER"], REPORT)
    return render_template(
        "about.html", config=record(config["RUN_FOLDER"], CONFIG) or {}, report=report, ours=OURS,
        claims=measured.sentences(report or {}), tables=_tables(report or {}), ratings=_ratings(report or {}),
        coverage=_coverage(report or {}), overlap=measurements.overlap(config["RUN_FOLDER"]), plot=_plot(report or {}),
        critical=_critical(report or {}), praise=quotes.PRAISE,
        meta=record(config["DATA_FOLDER"], META), words=words(), default_preset=DEFAULT)


def _plot(report):
    """(meaning, [MethodValue] the highest first) of the measure that is drawn; None where none was measured.

    It is whether the shopper's own held-out review is found, or the first measure, with values between 0 and 1.
    """
    tables = _tables(report)
    chosen = [table for table in tables if table[0] == MEANINGS["retrieval_auc"]] or tables
    return chosen[0] if chosen and all(0 <= row.value <= 1 for row in chosen[0][1]) else None


def _critical(report):
    """The Critical of a report; None where it was not measured."""
    found = report.get("critical")
    try:
        return found and Critical(float(found["shown"]), float(found["all"]), int(found["pairs"]))
    except (KeyError, TypeError, ValueError):  # damaged
        return None


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
