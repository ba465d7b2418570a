"""Rating errors of the network and of baselines that read no reviews, on the same test pairs."""
import numpy as np

from metrics import rating, significance
from metrics.comparison import OURS
from models.inputs import baselines

GROUPED = (OURS, "bias")  # models whose errors are also measured by groups of users and items


def models_of(run):
    """{model: function (user [n], item [n]) -> [n] stars, not clipped} of the network and the baselines."""
    a, offsets = run.artefact, run.corpus.offsets
    factors = baselines.choose_factors(a.train, a.validation, offsets, run.config.seed)
    return {OURS: lambda user, item: run.predictor(user, item).outputs.rating,
            "mean": lambda user, item: np.full(len(user), offsets.mean),
            "bias": offsets.predict, "mf": factors.predict}


def predictions(run, models):
    """{model: [n] stars} of the test pairs. The network does not read the pairs' own reviews."""
    test = run.artefact.test
    baseline = {name: predict(test.user, test.item) for name, predict in models.items()
                if name != OURS}
    return dict(baseline, **{OURS: run.predictor(test.user, test.item, test.review).outputs.rating})


def measured(artefact, predicted, random):
    """({model: errors, and "difference": squared errors, ours - theirs}, {"user", "item": {model: {group: errors}}}).

    Args:
      artefact: Artefact.
      predicted: {model: [n] stars of the test pairs}.
      random: RandomState, for the intervals.
    """
    train, test = artefact.train, artefact.test
    bootstrap, errors = significance.Bootstrap(test.user, random), {}
    ours = rating.squared_errors(predicted[OURS], test.rating)
    for name, values in predicted.items():
        errors[name] = rating.errors(values, test.rating)
        if name != OURS:
            errors[name]["difference"] = bootstrap.difference(
                ours, rating.squared_errors(values, test.rating))
    groups = {side: {name: rating.by_rows(
        predicted[name], test.rating, np.bincount(getattr(train, side), minlength=count)[
            getattr(test, side)]) for name in GROUPED}
        for side, count in (("user", len(artefact.user_reviews)), ("item", len(artefact.item_reviews)))}
    return errors, groups
