"""About this model: the run's configuration, its data, what was measured, what it cannot do."""
from flask import Blueprint, current_app, render_template

from flask_app.views import request_data as resources
from flask_app.storage import measurements as measured

MODELS = {"deeprecsys": "this model", "bias": "mean + damped offsets", "mean": "train mean",
          "mf": "matrix factorisation"}
RULES = {"centroid": "nearest to the item’s other reviews", "latest": "latest",
         "tfidf": "TF-IDF nearest to the shopper", "lsi": "LSI nearest to the shopper",
         "helpful": "most helpful votes", "highest_rated": "most stars",
         "longest": "longest", "random": "random", "swapped": "this model, asked by a stranger",
         "tfidf_lsi": "TF-IDF and LSI", "centroid_tfidf": "centroid and TF-IDF"}
MEASURES = {"planted_auc": "finds the reviews that were planted for the shopper (AUC)",
            "retrieval_auc": "finds the shopper’s own held-out review (AUC)",
            "retrieval_auc_centred": "the same, likeness to everybody taken off (AUC)",
            "agreement_rouge1_1": "first review shown: likeness to what the shopper went on to "
                                  "write (ROUGE-1 F)",
            "agreement_cosine_1": "the same, cosine of TF-IDF"}

blueprint = Blueprint("about", __name__)


@blueprint.route("/about")
def about():
    """The run, as its own files tell it."""
    config = current_app.config
    report = measured.record(config["RUN_FOLDER"], "evaluation", "report.json")
    return render_template(
        "about.html", config=measured.record(config["RUN_FOLDER"], "config.json") or {},
        report=report, tables=_tables(report) if report else [],
        ratings=_ratings(report) if report else [], rankings=_rankings(report or {}),
        meta=measured.record(config["DATA_FOLDER"], "meta.json"), words=resources.words())


def _ratings(report):
    """[(model, RMSE, MAE)], best first."""
    rows = [(MODELS.get(name, name), scores["rmse"], scores["mae"])
            for name, scores in (report.get("ratings") or {}).items()]
    return sorted(rows, key=lambda row: row[1])


def _rankings(report):
    """(length of each ranking's top, shoppers, how many of the items all tops hold, items); None if not measured."""
    found = report.get("rankings") or {}
    try:
        top, items = found["k"], found["items"]
        return top, found["users"], round(items * found["models"]["deeprecsys"][f"coverage_{top}"]), items
    except (KeyError, TypeError):  # of an older version, or damaged
        return None


def _tables(report):
    """[(measure, [(method, value, lead or None)])], best first; only what the report holds."""
    tables, own = [], report.get("explanation") or {}
    for measure, name in MEASURES.items():
        if not isinstance(own.get(measure), (int, float)):
            continue
        rows = [("this model", own[measure], None)]
        for rule, found in sorted((report.get("explanation_rules") or {}).items()):
            if isinstance(found.get(measure), (int, float)):
                rows.append((RULES.get(rule, rule), found[measure],
                             (found.get("difference") or {}).get(measure)))
        tables.append((name, sorted(rows, key=lambda row: -row[1])))
    return tables
