"""The rating errors of the network and of what needs no reviews, on the same test pairs."""
import numpy as np

from metrics import comparison, rating, significance
from models.inputs import baselines

NETWORK = comparison.OURS
GROUPED = (NETWORK, "bias")  # models whose errors are told by groups


def models_of(run):
    """{model: (user [n], item [n]) -> [n] stars} of the network and the baselines, not clipped."""
    a, offsets = run.artefact, run.corpus.offsets
    factors = baselines.choose_factors(a.train, a.validation, offsets, run.config.seed)
    return {NETWORK: lambda user, item: run.predictor(user, item)[0].rating,
            "mean": lambda user, item: np.full(len(user), offsets.mean),
            "bias": offsets.predict, "mf": factors.predict}


def predictions(run, models):
    """{model: [n] stars} of the test pairs; the network's without their own reviews, by construction."""
    test = run.artefact.test
    found = {name: predict(test.user, test.item) for name, predict in models.items()
             if name != NETWORK}
    return dict(found, **{NETWORK: run.predictor(test.user, test.item, test.review)[0].rating})


def measured(artefact, predicted, random):
    """({model: errors, and the "difference" of our squared errors to its}, {group of users or items: ..}).

    Args:
      artefact: Artefact.
      predicted: {model: [n] stars of the test pairs}.
      random: RandomState, for the intervals.
    """
    train, test = artefact.train, artefact.test
    bootstrap, told = significance.Bootstrap(test.user, random), {}
    ours = rating.squared_errors(predicted[NETWORK], test.rating)
    for name, values in predicted.items():
        told[name] = rating.errors(values, test.rating)
        if name != NETWORK:
            told[name]["difference"] = bootstrap.difference(
                ours, rating.squared_errors(values, test.rating))
    groups = {side: {name: rating.by_rows(
        predicted[name], test.rating, np.bincount(getattr(train, side), minlength=count)[
            getattr(test, side)]) for name in GROUPED}
        for side, count in (("user", len(artefact.user_reviews)), ("item", len(artefact.item_reviews)))}
    return told, groups
