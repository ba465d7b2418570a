"""The seeds of a study pooled: the pairs of all splits together, each difference with its interval.

A seed is another split and another start. The bootstrap draws users, each with the pairs of all seeds.
"""
from typing import NamedTuple

import numpy as np

from metrics import explanation, personality, rating, significance
from metrics.comparison import BY_STARS, OURS
from metrics.labels import CHIEF_RANKING
from models import config as configs


class Seed(NamedTuple):
    """The results of the runs of one split."""
    reports: dict  # {preset: report}
    pairs: dict  # {preset: Pairs}
    peers: dict  # {model: [n] stars} of models that are not trained as runs


def ratings(seeds, ours, random):
    """{model: {"rmse", "mae": [a value for each seed], "difference"}} of the preset `ours` and all other models.

    "difference" is the paired squared-error difference, ours - theirs, with "p_holm", corrected for all models; our
    preset's model is named `deeprecsys`.
    """
    predicted = [dict(seed.pairs[ours].predicted,
                      **{preset: pairs.predicted[OURS] for preset, pairs in seed.pairs.items() if preset != ours},
                      **seed.peers) for seed in seeds]
    stars = [seed.pairs[ours].rating for seed in seeds]
    users = np.concatenate([seed.pairs[ours].user for seed in seeds])
    bootstrap, errors, squares = significance.Bootstrap(users, random), {}, {}
    for name in predicted[0]:
        by_seed = list(zip((models[name] for models in predicted), stars))
        squares[name] = np.concatenate([rating.squared_errors(*both) for both in by_seed])
        errors[name] = {"rmse": [rating.rmse(*both) for both in by_seed],
                        "mae": [rating.mae(*both) for both in by_seed]}
    for name in errors:
        if name != OURS:
            gap = bootstrap.difference(squares[OURS], squares[name])
            errors[name].update({} if gap is None else {"difference": gap})
    significance.correct(model.get("difference") for model in errors.values())
    return errors


def rankings(seeds, ours, random):
    """{model: {measure: [a value for each seed], "difference": nDCG@10 of ours - the model's, over all seeds}}.

    All models of the runs of the preset `ours`, and of other presets the network: by its order of items where it has
    personal scores of its own, else by stars. Models and measures that a seed lacks are left out. "difference" has
    "p_holm", corrected for all models; it is absent where the evaluations are older than these arrays. {} where the
    reports have no rankings.
    """
    users = [seed.pairs[ours].ranked_user for seed in seeds]
    bootstrap = None if any(of_seed is None for of_seed in users) else significance.Bootstrap(
        np.concatenate(users), random)
    values = {}
    for preset in seeds[0].reports:
        by_seed = [seed.reports[preset].get("rankings") for seed in seeds]
        if not all(by_seed):
            continue
        models = [rankings["models"] for rankings in by_seed]
        by_order = configs.PRESETS[preset].own_review_loss > 0 or BY_STARS not in models[0]
        for model in models[0] if preset == ours else [OURS if by_order else BY_STARS]:
            if all(model in of_seed for of_seed in models):
                name = model if preset == ours else preset
                values[name] = {measure: [of_seed[model][measure] for of_seed in models] for measure in models[0][model]
                                if measure != "difference" and all(measure in of_seed[model] for of_seed in models)}
                if bootstrap is not None and name != OURS:
                    values[name].update(_ranking_difference(seeds, ours, preset, model, bootstrap))
    significance.correct(measures.get("difference") for measures in values.values())
    return values


def _ranking_difference(seeds, ours, preset, model, bootstrap):
    """{"difference": our nDCG@10 - that of a model of a preset, over the users of all seeds}; {}: not measured."""
    parts = []
    for mine, other in ((seed.pairs[ours], seed.pairs[preset]) for seed in seeds):
        if model not in (other.ranked or {}) or not np.array_equal(mine.ranked_user, other.ranked_user):
            return {}
        parts.append((mine.ranked[OURS][CHIEF_RANKING], other.ranked[model][CHIEF_RANKING]))
    gap = bootstrap.difference(*map(np.concatenate, zip(*parts)))
    return {} if gap is None else {"difference": gap}


def ranking_faithfulness(seeds, ours, random):
    """{measure: {"value", "control": [a mean for each seed], "difference"}} of the order of items; {}: not measured.

    A measure that a seed lacks is left out. The interval of the difference is over the users of all seeds; its "p_holm"
    is corrected for all of these measures.
    """
    parts, found = [seed.pairs[ours] for seed in seeds], {}
    if not all(part.faithful for part in parts):
        return {}
    bootstrap = significance.Bootstrap(np.concatenate([part.ranked_user for part in parts]), random)
    for name in parts[0].faithful:
        value, control = ([part.faithful[name][key] for part in parts] for key in ("value", "control"))
        gap = bootstrap.difference(np.concatenate(value), np.concatenate(control))
        means = [[explanation.mean(of_seed) for of_seed in both] for both in (value, control)]
        if gap is not None and None not in means[0] + means[1]:
            found[name] = {"value": means[0], "control": means[1], "difference": gap}
    significance.correct(measured["difference"] for measured in found.values())
    return found


def explanations(seeds, ours, random):
    """{method: {measure: {"mean", and for our lead over it "difference", "low", "high", "p", "p_holm"}}}.

    Methods are our network, the same for swapped users, the rules, and the networks of other presets. p_holm is
    corrected for all methods that are compared by one measure.
    """
    pooled = _pooled(seeds, ours)
    bootstrap = significance.Bootstrap(np.concatenate([seed.pairs[ours].user for seed in seeds]), random)
    entries = {}
    for measure in pooled[OURS]:  # the measures share the draws of the bootstrap: their order counts
        compared = []
        for method, measured in pooled.items():
            mean = explanation.mean(measured[measure]) if measure in measured else None
            if mean is None:
                continue
            entry = entries.setdefault(method, {}).setdefault(measure, {"mean": mean})
            gap = None if method == OURS else bootstrap.difference(pooled[OURS][measure], measured[measure])
            if gap is not None:
                entry.update(gap)
                compared.append(entry)
        significance.correct(compared)
    return entries


def _pooled(seeds, ours):
    """{method: {measure: [n of all seeds]}} of the measures that every seed has."""
    by_seed = [dict(seed.pairs[ours].measures, **{preset: pairs.measures[OURS] for preset, pairs in seed.pairs.items()
                                                  if preset != ours}) for seed in seeds]
    pooled = {}
    for method, measures in by_seed[0].items():
        shared = set.intersection(*(set(methods.get(method, ())) for methods in by_seed))
        pooled[method] = {name: np.concatenate([methods[method][name] for methods in by_seed])
                          for name in measures if name in shared}
    return pooled


def seed_noise(pairs, twin, random):
    """Whether the orders of two users differ more than those of two trainings for one user.

    Args:
      pairs, twin: Pairs of two runs of one split that differ in their start.

    Returns:
      (`personality.verdict` with the mean distances "shoppers" and "seeds", or None; distances [n] between the
      trainings).
    """
    users = pairs.measures[OURS]["personality"]
    trainings = personality.distance(pairs.shown, twin.shown, pairs.shown > 0)
    verdict = personality.verdict(users, trainings, pairs.user, random)
    if verdict is None:
        return None, trainings
    return dict(verdict, shoppers=explanation.mean(users), seeds=explanation.mean(trainings)), trainings
