"""Rating errors of a system and of baselines that read no reviews, on the same test pairs."""
import numpy as np

from metrics import rating, significance
from metrics.comparison import OURS
from models.inputs import baselines

GROUPED = (OURS, "bias")  # models whose errors are also measured by groups of users and items


def baselines_of(data):
    """{baseline: function (user [n], item [n]) -> [n] stars, not clipped}, fitted to the `systems.system.Data`."""
    a, offsets = data.tuning, data.corpus.offsets
    factors = baselines.choose_factors(a.train, a.validation, offsets, data.seed)
    return {"mean": lambda user, item: np.full(len(user), offsets.mean), "bias": offsets.predict,
            "mf": factors.predict}


def predictions(test, models, ours):
    """{model: [n] stars} of the test pairs by baselines and by the system; {} where `ours` is None."""
    if ours is None:
        return {}
    return dict({name: predict(test.user, test.item) for name, predict in models.items()}, **{OURS: ours})


def measured(artefact, predicted, random):
    """({model: errors, and "difference": squared errors, ours - theirs}, {"user", "item": {model: {group: errors}}}).

    With too few users for an interval (`significance.LEAST_USERS`), "difference" is absent.

    Args:
      artefact: Artefact.
      predicted: {model: [n] stars of the test pairs}; {} gives ({}, {}).
      random: RandomState, for the intervals.
    """
    if not predicted:
        return {}, {}
    train, test = artefact.train, artefact.test
    bootstrap, errors = significance.Bootstrap(test.user, random), {}
    ours = rating.squared_errors(predicted[OURS], test.rating)
    for name, values in predicted.items():
        errors[name] = rating.errors(values, test.rating)
        if name != OURS:
            gap = bootstrap.difference(ours, rating.squared_errors(values, test.rating))
            errors[name].update({} if gap is None else {"difference": gap})
    groups = {side: {name: rating.by_rows(
        predicted[name], test.rating, np.bincount(getattr(train, side), minlength=count)[
            getattr(test, side)]) for name in GROUPED}
        for side, count in (("user", len(artefact.user_reviews)), ("item", len(artefact.item_reviews)))}
    return errors, groups
