"""One study of many seeds: pairs of all splits together, each difference with its interval.

A seed is another split and another start; its pairs are added to those of the others, and users are drawn
with all their pairs.
"""
from typing import NamedTuple

import numpy as np

from metrics import comparison, explanation, personality, rating, significance

OURS = comparison.OURS


class Seed(NamedTuple):
    """What the runs of one split found."""
    reports: dict  # {preset: report}
    pairs: dict  # {preset: study.Pairs}
    peers: dict  # {model: [n] stars} of what was not trained as a run


def ratings(seeds, ours, random):
    """{model: {"rmse", "mae": [seed], "difference"}} of the preset `ours` ("deeprecsys") and all others.

    "difference" is the paired one of squared errors, ours less the other's.
    """
    predicted = [dict({name: values for name, values in seed.pairs[ours].predicted.items()},
                      **{preset: pairs.predicted[OURS] for preset, pairs in seed.pairs.items() if preset != ours},
                      **seed.peers) for seed in seeds]
    stars = [seed.pairs[ours].rating for seed in seeds]
    users = np.concatenate([seed.pairs[ours].user for seed in seeds])
    bootstrap, told, squares = significance.Bootstrap(users, random), {}, {}
    for name in predicted[0]:
        both = list(zip((models[name] for models in predicted), stars))
        squares[name] = np.concatenate([rating.squared_errors(*pair) for pair in both])
        told[name] = {"rmse": [rating.rmse(*pair) for pair in both], "mae": [rating.mae(*pair) for pair in both]}
    for name in told:
        if name != OURS:
            told[name]["difference"] = bootstrap.difference(squares[OURS], squares[name])
    return told


def rankings(seeds, ours):
    """{model: {measure: [seed]}}; {} where the reports have none."""
    found = {}
    for preset in seeds[0].reports:
        lists = [seed.reports[preset].get("rankings") for seed in seeds]
        if not all(lists):
            continue
        for model in lists[0]["models"]:
            if preset == ours or model == OURS:
                name = model if preset == ours else preset
                found[name] = {measure: [one["models"][model][measure] for one in lists]
                               for measure in lists[0]["models"][model] if measure != "difference"}
    return found


def explanations(seeds, ours, random):
    """{method: {measure: {"mean", and of ours to it "difference", "low", "high", "p", "p_holm"}}}.

    Methods are the network, its strangers and the rules, and every other preset's network; p is corrected for
    all that are compared by one measure.
    """
    found = _together(seeds, ours)
    bootstrap = significance.Bootstrap(np.concatenate([seed.pairs[ours].user for seed in seeds]), random)
    told = {}
    for measure in found[OURS]:  # one after the other: they share their draws
        gaps = []
        for method, measured in found.items():
            mean = explanation.mean(measured[measure]) if measure in measured else None
            if mean is None:
                continue
            entry = told.setdefault(method, {}).setdefault(measure, {"mean": mean})
            gap = None if method == OURS else bootstrap.difference(found[OURS][measure], measured[measure])
            if gap is not None:
                entry.update(gap)
                gaps.append(entry)
        for entry, corrected in zip(gaps, significance.holm([entry["p"] for entry in gaps])):
            entry["p_holm"] = float(corrected)
    return told


def _together(seeds, ours):
    """{method: {measure: [n of all seeds]}} of what every seed has."""
    each = [dict(seed.pairs[ours].found, **{preset: pairs.found[OURS] for preset, pairs in seed.pairs.items()
                                            if preset != ours}) for seed in seeds]
    found = {}
    for method in each[0]:
        names = set.intersection(*(set(one.get(method, ())) for one in each))
        found[method] = {name: np.concatenate([one[method][name] for one in each])
                         for name in each[0][method] if name in names}
    return found


def seed_noise(pairs, twin, random):
    """`personality.verdict` of a run beside a second training of it, and either's mean distance.

    Args:
      pairs, twin: study.Pairs of two runs of one split that differ in their start.
    """
    shoppers = pairs.found[OURS]["personality"]
    seeds = personality.distance(pairs.shown, twin.shown, pairs.shown > 0)
    verdict = personality.verdict(shoppers, seeds, pairs.user, random)
    if verdict is None:
        return None, seeds
    return dict(verdict, shoppers=explanation.mean(shoppers), seeds=explanation.mean(seeds)), seeds
