"""The tables of a study as Markdown, and their results in sentences: made from the study's record alone."""
import numpy as np

from metrics import personality, significance
from metrics.comparison import LESS_IS_BETTER, OURS
from metrics.labels import (FAITHFULNESS, FAITHFULNESS_CONTROLS, MEASURES, METHODS, MODELS, RANKING_DIFFERENCE,
                            RANKINGS, measure)

SHORT = ("planted_auc_shown", "retrieval_auc_centred", "retrieval_auc_unlike_30", "agreement_cosine_1",
         "agreement_rougel_1", "agreement_aspects_1", "comprehensiveness", "helpful_ndcg", "personality")
NO_REVIEWS = ("mean", "bias", "mf", "svd", "svdpp")  # models that read no review
NETWORKS = ("ranking", "drawing", "original", "narre", "deepconn")  # other presets of the network
RIVALS = ("random", "latest", "longest", "helpful", "tfidf", "swapped", "original", "centroid", "expected",
          "centroid_tfidf", "fitted_rules")
LEVEL = .05


def spread(values, digits=4):
    """'mean ± standard deviation' over seeds; the value alone where all are equal."""
    text = f"{np.mean(values):.{digits}f}"
    return text if len(set(values)) < 2 else f"{text} ± {np.std(values, ddof=1):.{digits}f}"


def interval(gap):
    """'+difference [low, high]', with a star where it differs from zero after correction; '' of None."""
    return "" if gap is None else significance.as_text(gap) + _star(gap)


def _star(gap):
    """A star for a difference that differs from zero after Holm's correction, too."""
    return "*" if gap.get("p_holm", 1.) < LEVEL else ""


def methods(record):
    """Names of all methods in the record: our network, the rules, the networks of other presets."""
    order = list(METHODS) + list(MODELS)
    return sorted(record["explanations"], key=order.index)


def name_of(name):
    """The label of a method or model."""
    return METHODS.get(name, MODELS.get(name, name))


def short(record):
    """Lines of Markdown: the tables of ratings, rankings and the chief measures of explanations, with sentences."""
    return (ratings(record) + [""] + sentence_on_ratings(record) + [""] + rankings(record) + [""]
            + ranking_faithfulness(record)
            + explanations(record, [name for name in SHORT if name in record["explanations"][OURS]]) + [""]
            + sentences_on_explanations(record) + absences(record))


def full(record):
    """Lines of Markdown: a row for each measure and method."""
    lines = ["| measure | method | mean | lead of deeprecsys |", "|---|---|---|---|"]
    for name, label in MEASURES.items():
        for method in methods(record):
            gap = record["explanations"][method].get(name)
            if gap:
                lead = interval(gap) if "difference" in gap else ""
                lines.append(f"| {label} | {name_of(method)} | {gap['mean']:.4f} | {lead} |")
    return lines


def ratings(record):
    """Rows of test errors, the least RMSE first."""
    lines = ["| model | test RMSE | MAE | squared-error difference (ours - theirs) |", "|---|---|---|---|"]
    for name, errors in sorted(record["ratings"].items(), key=lambda entry: np.mean(entry[1]["rmse"])):
        bold, gap = "**" if name == OURS else "", errors.get("difference")
        lines.append(f"| {bold}{name_of(name)}{bold} | {spread(errors['rmse'])} | {spread(errors['mae'])} "
                     f"| {interval(gap) if gap else ''} |")
    return lines


def rankings(record):
    """Rows of ranking measures: the models that every run is compared with, then the networks of other presets.

    Measures and differences that the record lacks, as one that is older than them does, make no column.
    """
    models = record["rankings"]
    if not models:
        return []
    order = sorted(set(models) - set(NETWORKS)) + [name for name in NETWORKS if name in models]
    keys = [key for key in RANKINGS if any(key in measures for measures in models.values())]
    titles, cells = [RANKINGS[key] for key in keys], {name: [
        spread(models[name][key]) if key in models[name] else "" for key in keys] for name in order}
    if any("difference" in measures for measures in models.values()):
        titles.append(RANKING_DIFFERENCE)
        for name in order:
            cells[name].append(interval(models[name]["difference"]) if "difference" in models[name] else "")
    lines = ["| model | " + " | ".join(titles) + " |", "|---" * (1 + len(titles)) + "|"]
    return lines + [f"| {name_of(name)} | " + " | ".join(cells[name]) + " |" for name in order]


def ranking_faithfulness(record):
    """Rows of the faithfulness of the order of items, and an empty line; nothing where the record has none."""
    found = record.get("ranking_faithfulness")
    if not found:
        return []
    return ["| faithfulness of the order | | control | | difference |", "|---" * 5 + "|"] + [
        f"| {label} | {spread(found[name]['value'])} | {FAITHFULNESS_CONTROLS[name]} "
        f"| {spread(found[name]['control'])} | {interval(found[name]['difference'])} |"
        for name, label in FAITHFULNESS.items() if name in found] + [""]


def explanations(record, measures):
    """Rows of methods: the mean of each measure and, in brackets, the lead of our network with its interval."""
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


def sentence_on_ratings(record):
    """Whether reviews help to predict ratings: our error beside that of every model that reads no review.

    [] where no difference has an interval.
    """
    gaps = {name: record["ratings"][name]["difference"] for name in NO_REVIEWS
            if "difference" in record["ratings"].get(name, {})}
    if not gaps:
        return []
    above, equal, below = _by_sign({MODELS[name]: gap for name, gap in gaps.items()})
    if not equal and not above:
        return ["Reviews help to predict ratings here: the error of deeprecsys is significantly below that of every "
                "model that reads no review."]
    listed = _listed(("significantly below that of", below), ("not significantly different from that of", equal),
                     ("significantly above that of", above))
    return [f"Reviews do not significantly help to predict ratings here: the error of deeprecsys is {listed}."]


def sentences_on_explanations(record):
    """Sentences: how similar the first shown review is to the user's own, by rival; whether orders are personal."""
    lines = []
    for name in ("agreement_cosine_1", "agreement_rougel_1"):
        gaps = {name_of(method): record["explanations"][method][name] for method in methods(record)
                if method in RIVALS and "difference" in record["explanations"][method].get(name, {})}
        more, equal, less = _by_sign(gaps)
        if gaps:
            listed = _listed(("significantly higher than that for", more),
                             ("not significantly different from that for", equal),
                             ("significantly lower than that for", less))
            lines.append(f"{MEASURES[name]}: the value for deeprecsys is {listed}.")
    noise = record["personality"]
    if noise:
        lines.append(f"Personality: mean distance {noise['shoppers']:.3f} between the orders of two users, "
                     f"{noise['seeds']:.3f} between two trainings for one user. {personality.sentence(noise)}")
    return lines


def _by_sign(gaps):
    """Names whose difference is significantly above zero, not significant, and significantly below zero.

    A star follows the name where this holds after Holm's correction, too, as in the tables.
    """
    return tuple([name + _star(gap) for name, gap in gaps.items() if significance.sign(gap) == sign]
                 for sign in (1, 0, -1))


def _listed(*parts):
    return "; ".join(f"{words} {', '.join(names)}" for words, names in parts if names)


def absences(record):
    """A line for each measure or model that is absent, with the reason."""
    return [""] + [f"{name_of(measure(name))}: absent, {reason}." for name, reason
                   in sorted(record["absent"].items())] if record["absent"] else []


def leads(record, measure):
    """{label of a method: lead of our network over it by a measure}; above zero is better for our network."""
    values = record["explanations"]
    gaps = {name_of(method): values[method][measure] for method in methods(record)
            if "difference" in values[method].get(measure, {})}
    return {name: negated(gap) for name, gap in gaps.items()} if measure in LESS_IS_BETTER else gaps


def negated(gap):
    """A difference and its interval with the opposite sign."""
    return {"difference": -gap["difference"], "low": -gap["high"], "high": -gap["low"]}
