"""The page "About this model", a model card: configuration and data of the run, what was measured, and limits."""
from typing import NamedTuple

from flask import Blueprint, current_app, render_template

from flask_app.recommending import quotes
from flask_app.storage import measurements
from flask_app.storage.measurements import record
from flask_app.views import measured
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


class Critical(NamedTuple):
    """How many of the reviews that pages show first are critical, over the held-out pairs of the evaluation."""
    shown: float  # share of the reviews shown first, 0..1
    all: float  # share of all reviews of the same items
    pairs: int


@blueprint.route("/about")
def about():
    """The page, from the run's own files."""
    run_folder, data_folder = (current_app.config[name] for name in ("RUN_FOLDER", "DATA_FOLDER"))
    report = record(run_folder, REPORT) or {}
    return render_template(
        "about.html", config=_training(record(run_folder, CONFIG) or {}), report=report, ours=OURS,
        counts=_numbers(report, ("test_pairs", "sampled_users")), claims=measured.sentences(report),
        tables=_tables(report), ratings=_ratings(report), coverage=_coverage(report),
        overlap=measurements.overlap(run_folder), plot=_plot(report), critical=_critical(report), praise=quotes.PRAISE,
        meta=_data(record(data_folder, META) or {}), words=words(), default_preset=DEFAULT)


def _training(config):
    """What config.json says of the training; {} where it does not have the fields of the model."""
    if not isinstance(config.get("model"), dict):
        return {}
    return dict(_texts(config, ("preset", "started", "git_revision")), model=config["model"])


def _data(meta):
    """What meta.json says of the data, without what is damaged."""
    sources = meta.get("sources")
    found = [_texts(source, ("file", "sha256")) for source in (sources if isinstance(sources, list) else ())]
    return dict(_texts(meta, ("name",)), sizes=_numbers(meta.get("sizes"), "NIUVL"),
                splits=_numbers(meta.get("splits")), sources=[source for source in found if len(source) == 2])


def _texts(values, names):
    """Those of some names that have a text in the JSON object `values`, as a dictionary."""
    return {name: values[name] for name in names if isinstance(values, dict) and isinstance(values.get(name), str)}


def _numbers(values, names=None):
    """Those of some names (None: of all) that have a number in the JSON object `values`, as a dictionary."""
    values = values if isinstance(values, dict) else {}
    return {name: values[name] for name in (values if names is None else names) if claims.is_number(values.get(name))}


def _plot(report):
    """(meaning, [MethodValue] the highest first) of the measure that is drawn; None where none was measured.

    It is whether the shopper's own held-out review is found, or the first measure, with values between 0 and 1.
    """
    tables = _tables(report)
    chosen = [table for table in tables if table[0] == MEANINGS["retrieval_auc"]] or tables
    return chosen[0] if chosen and all(0 <= row.value <= 1 for row in chosen[0][1]) else None


def _critical(report):
    """The Critical of a report; None where it was not measured."""
    found = _numbers(report.get("critical"), Critical._fields)
    return Critical(**found) if len(found) == len(Critical._fields) else None


def _ratings(report):
    """[RatingError], the smallest RMSE first."""
    ratings = report.get("ratings")
    found = {name: _numbers(scores, ("rmse", "mae")) for name, scores in ratings.items()} if isinstance(
        ratings, dict) else {}
    rows = [RatingError(MODELS.get(name, name), **scores) for name, scores in found.items() if len(scores) == 2]
    return sorted(rows, key=lambda row: row.rmse)


def _coverage(report):
    """The Coverage of our ranking; None where it was not measured."""
    rankings = report.get("rankings")
    counts = _numbers(rankings, ("k", "users", "items"))
    try:
        share = rankings["models"][OURS][f"coverage_{counts['k']}"]
        return Coverage(counts["k"], counts["users"], round(counts["items"] * share), counts["items"])
    except (KeyError, TypeError, ValueError, OverflowError):  # the report is of an older version, or damaged
        return None


def _tables(report):
    """[(meaning of a measure, [MethodValue] the highest first)] of the measures that the report holds."""
    own, rules = _numbers(report.get("explanation")), claims.rules(report)
    tables = []
    for measure, meaning in MEANINGS.items():
        if measure in own:
            rows = [MethodValue(METHODS[OURS], own[measure], None)]
            rows += [MethodValue(METHODS.get(rule, rule), values[measure], _lead(values, measure))
                     for rule, values in sorted(rules.items()) if claims.is_number(values.get(measure))]
            tables.append((meaning, sorted(rows, key=lambda row: -row.value)))
    return tables


def _lead(values, measure):
    """{"low", "high"} of our lead over the method with these values; None where it was not measured."""
    leads = values.get("difference")
    lead = _numbers(leads.get(measure) if isinstance(leads, dict) else None, ("low", "high"))
    return lead if len(lead) == 2 else None
