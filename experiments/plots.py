"""The plots of a study: errors with their range, our leads with intervals, curves, entropy, personality."""
import numpy as np

from evaluation.report import charts
from evaluation.report.labels import MEASURES, MODELS
from experiments import tables
from metrics.comparison import OURS

PLOTTED = ("retrieval_auc_centred", "agreement_cosine_1", "comprehensiveness")


def of(record, first, distances):
    """{suffix: figure} of a study's record, the default's first Pairs and its distances between trainings."""
    errors = {MODELS.get(name, name): values["rmse"] for name, values in record["ratings"].items()}
    found = {"ratings": charts.bars(
        f"{record['data']}: test RMSE, mean and range of {len(record['seeds'])} seeds",
        {name: float(np.mean(values)) for name, values in errors.items()}, "stars, less is better",
        {name: (min(values), max(values)) for name, values in errors.items()}, (MODELS[OURS],))}
    for measure in PLOTTED:
        gaps = tables.leads(record, measure)
        if gaps:
            found[measure] = charts.leads(f"{record['data']}: {MEASURES[measure]}", gaps)
    found["validation"] = charts.lines(f"{record['data']}: validation RMSE, first seed", {
        MODELS.get(name, name): values for name, values in record["curves"].items()}, "epoch", "RMSE")
    mine = first.found[OURS]
    found["entropy"] = charts.histogram(f"{record['data']}: entropy of attention (1: uniform)",
                                        {"default": mine["attention_entropy"]}, "share of ln n", (0, 1))
    found["personality"] = charts.histogram(
        f"{record['data']}: how the order of an item's reviews differs", {
            "between shoppers": mine["personality"], "between two trainings": distances},
        "1 - Kendall's tau: 0 the same, 1 by chance")
    return found
