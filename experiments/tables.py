"""The tables of a study as Markdown, and what they say in words. They know its record alone."""
import numpy as np

from evaluation.report.labels import MEASURES, METHODS, MODELS, RANKINGS
from metrics.comparison import LESS_IS_BETTER, OURS

SHORT = ("planted_auc_shown", "retrieval_auc_centred", "retrieval_auc_unlike_30", "agreement_cosine_1",
         "agreement_rougel_1", "agreement_aspects_1", "comprehensiveness", "helpful_ndcg", "personality")
NO_REVIEWS = ("mean", "bias", "mf", "svd", "svdpp")  # models that read none
RIVALS = ("random", "latest", "longest", "helpful", "tfidf", "swapped", "original", "centroid", "centroid_tfidf")
LEVEL = .05


def spread(values, digits=4):
    """'mean ± standard deviation' over seeds; the value alone where there is but one."""
    text = f"{np.mean(values):.{digits}f}"
    return text if len(set(values)) < 2 else f"{text} ± {np.std(values, ddof=1):.{digits}f}"


def interval(gap):
    """'+difference [low, high]', starred where it holds after correction."""
    star = "*" if gap.get("p_holm", 1.) < LEVEL else ""
    return f"{gap['difference']:+.4f} [{gap['low']:+.4f}, {gap['high']:+.4f}]{star}"


def methods(record):
    """All methods, ours first, then the rules, then the networks of other presets."""
    known = list(METHODS) + list(MODELS)
    return sorted(record["explanations"], key=known.index)


def name_of(method):
    return METHODS.get(method, MODELS.get(method, method))


def short(record):
    """The lines that the README shows."""
    return (ratings(record) + [""] + words_of_ratings(record) + [""] + rankings(record) + [""]
            + explanations(record, [name for name in SHORT if name in record["explanations"][OURS]]) + [""]
            + words_of_explanations(record) + absences(record))


def full(record):
    """All measures: a line each for every method."""
    lines = ["| measure | method | mean | our lead |", "|---|---|---|---|"]
    for measure, label in MEASURES.items():
        for method in methods(record):
            gap = record["explanations"][method].get(measure)
            if gap:
                lead = interval(gap) if "difference" in gap else ""
                lines.append(f"| {label} | {name_of(method)} | {gap['mean']:.4f} | {lead} |")
    return lines


def ratings(record):
    lines = ["| model | test RMSE | MAE | our squared error less its |", "|---|---|---|---|"]
    for name, errors in sorted(record["ratings"].items(), key=lambda entry: np.mean(entry[1]["rmse"])):
        bold, gap = "**" if name == OURS else "", errors.get("difference")
        lines.append(f"| {bold}{MODELS.get(name, name)}{bold} | {spread(errors['rmse'])} | {spread(errors['mae'])} "
                     f"| {interval(gap) if gap else ''} |")
    return lines


def rankings(record):
    lists = record["rankings"]
    if not lists:
        return []
    lines = ["| model | " + " | ".join(RANKINGS.values()) + " |", "|---" * (1 + len(RANKINGS)) + "|"]
    return lines + [f"| {MODELS.get(name, name)} | " + " | ".join(
        spread(values[key]) if key in values else "" for key in RANKINGS) + " |" for name, values in lists.items()]


def explanations(record, measures):
    lines = ["| method | " + " | ".join(MEASURES[name] for name in measures) + " |", "|---" * (1 + len(measures)) + "|"]
    for method in methods(record):
        cells = []
        for name in measures:
            gap = record["explanations"][method].get(name)
            lead = f" ({interval(gap)})" if gap and "difference" in gap else ""
            cells.append("" if gap is None else f"{gap['mean']:.4f}{lead}")
        bold = "**" if method == OURS else ""
        lines.append(f"| {bold}{name_of(method)}{bold} | " + " | ".join(cells) + " |")
    return lines


def words_of_ratings(record):
    """Whether reviews help the rating: the default beside every model that reads none."""
    gaps = {name: record["ratings"][name]["difference"] for name in NO_REVIEWS if name in record["ratings"]}
    more, alike, less = _sides({MODELS[name]: gap for name, gap in gaps.items()})
    if not alike and not more:
        return ["Reviews help the rating here: the default's error is below that of every model that reads none."]
    said = _said(("below that of", less), ("not surely other than that of", alike), ("above that of", more))
    return [f"Reviews do not surely help the rating here: the default's error is {said}."]


def words_of_explanations(record):
    """What the first shown review is worth beside each rival, and whether the order is personal."""
    lines = []
    for measure in ("agreement_cosine_1", "agreement_rougel_1"):
        gaps = {method: values[measure] for method, values in record["explanations"].items()
                if method in RIVALS and "difference" in values.get(measure, {})}
        more, alike, less = _sides({name_of(method): gap for method, gap in gaps.items()})
        if gaps:
            said = _said(("nearer than by", more), ("as near as by", alike), ("less near than by", less))
            lines.append(f"{MEASURES[measure]}: what we show is {said}.")
    noise = record["personality"]
    if noise:
        lines.append(f"Personality {noise['shoppers']:.3f} between shoppers, {noise['seeds']:.3f} between two "
                     f"trainings: {noise['says']}.")
    return lines


def _sides(gaps):
    """Names whose gap is surely above zero, unsure, and surely below."""
    return ([name for name, gap in gaps.items() if gap["low"] > 0],
            [name for name, gap in gaps.items() if gap["low"] <= 0 <= gap["high"]],
            [name for name, gap in gaps.items() if gap["high"] < 0])


def _said(*parts):
    return "; ".join(f"{words} {', '.join(names)}" for words, names in parts if names)


def absences(record):
    """A line for each measure or model that is absent, and why."""
    return [""] + [f"{MEASURES.get(name, name_of(name))}: absent, {why}." for name, why
                   in sorted(record["absent"].items())] if record["absent"] else []


def leads(record, measure):
    """{method: the gap of ours to it} of a measure, so that more is better for us."""
    found = record["explanations"]
    gaps = {name_of(method): found[method][measure] for method in methods(record)
            if "difference" in found[method].get(measure, {})}
    if measure not in LESS_IS_BETTER:
        return gaps
    return {name: {"difference": -gap["difference"], "low": -gap["high"], "high": -gap["low"]}
            for name, gap in gaps.items()}
