"""The tables of the page: rating errors, rankings of the catalogue, and every measure of every explanation method."""
from runtime.report import markup
from metrics import labels, planted, significance
from metrics.comparison import OURS


def ratings(record):
    """Rating errors of every model, and by groups of users and items."""
    errors, ours = record["ratings"], labels.system(record)
    if not errors:
        return []
    rows = [[labels.model(name, ours)] + [f"{errors[name][key]:.4f}" for key in ("rmse", "mae", "rmse_unclipped")]
            + [significance.as_text(errors[name]["difference"]) if errors[name].get("difference") else ""]
            for name in sorted(errors, key=lambda name: errors[name]["rmse"])]
    parts = ["<h3>Rating errors on test pairs, in stars</h3>", markup.table(
        ["model", "RMSE", "MAE", "RMSE, not clipped", f"squared-error difference ({ours} - model), 95 % interval"],
        rows, ours)]
    for side, models in record["rating_groups"].items():
        rows = [[group, counts["pairs"]] + [f"{groups[group]['rmse']:.4f}" for groups in models.values()]
                for group, counts in models[OURS].items()]
        parts += [f"<h3>RMSE by the number of training ratings of the {side}</h3>", markup.table(
            ["training ratings", "test pairs"] + [labels.model(model, ours) for model in models], rows, ours)]
    return parts


def rankings(record):
    """Measures of the lists of the whole catalogue."""
    lists = record.get("rankings")
    if not lists:
        return []
    models = sorted(lists["models"], key=lambda name: -lists["models"][name][labels.CHIEF_RANKING])
    ours = labels.system(record)
    measures = [key for key in labels.RANKINGS if any(key in lists["models"][name] for name in models)]
    rows = [[labels.model(name, ours)] + [f"{lists['models'][name][key]:.4f}" if key in lists["models"][name] else ""
                                          for key in measures] + [ranking_difference(lists["models"][name])]
            for name in models]
    every, some = (lists.get(key, lists["users"]) for key in ("users_of_lists", "users_of_stars"))
    fewer = f" Models that predict stars are measured on {some} of them." if some < every else ""
    return ["<h3>Rankings of the whole catalogue</h3>", markup.element(
        "p", f"Each list orders all {lists['items']} items, without the user's training items, for {every} users with "
        f"test items.{fewer} Liked: test items with 4 stars or more."),
        markup.table(["model"] + [labels.RANKINGS[key] for key in measures]
                     + [labels.RANKING_DIFFERENCE.replace(OURS, ours)], rows, ours)
    ] + [markup.element("p", line) for line in possible_gain(lists["models"], ours)]


def possible_gain(models, ours):
    """The line that says how much of the oracle's gain over most popular the system has; none without an oracle.

    Args:
      models: {model: {measure: mean}}, of the record.
      ours: the name of the system for readers.
    """
    shares = {key: planted.share_of_possible_gain(models, OURS, key)
              for key in (labels.EXPECTED_RANKING, labels.CHIEF_RANKING)}
    told = [f"{100 * share:.0f} % by {labels.RANKINGS[key]}" for key, share in shares.items() if share is not None]
    if not told:
        return []
    return [f"Share of the possible gain of {ours}, from most popular to the oracle: {', '.join(told)}."]


def ranking_faithfulness(record):
    """Whether reviews and purchases rank the items that they are said to rank."""
    found = (record.get("rankings") or {}).get("faithfulness")
    if not found:
        return []
    rows = [[label, f"{found[name]['value']:.4f}", labels.FAITHFULNESS_CONTROLS[name], f"{found[name]['control']:.4f}",
             significance.as_text(found[name].get("difference")), found[name]["users"]]
            for name, label in labels.FAITHFULNESS.items() if name in found]
    return ["<h3>Faithfulness of the order of items</h3>", markup.element(
        "p", "What moves an item among the first ten of a user: if the review or the purchase that is shown as the "
        "main reason ranks the item, the item moves further without it than without a random one. The order of other "
        "users is a control: it should not find more than the most popular items do."),
        markup.table(["measure", "", "control", "", "difference, 95 % interval", "users"], rows, OURS)]


def ranking_difference(measures):
    """The difference of our nDCG@10 from that of a model, with its interval; empty where it is absent."""
    gap = (measures.get("difference") or {}).get(labels.CHIEF_RANKING)
    return significance.as_text(gap) if gap else ""


def explanations(record):
    """Every measure of every method."""
    ours, values = labels.system(record), dict(record["explanation_rules"], **{OURS: record["explanation"]})
    methods = [method for method in labels.METHODS if method in values]
    rows = [[label] + [f"{values[method][name]:.4f}" if name in values[method] else "" for method in methods]
            for name, label in labels.MEASURES.items() if name in record["explanation"]]
    return ["<h3>Explanations, means over test pairs</h3>", markup.element(
        "p", "Rules choose reviews without training. Swapped users are a control: the system chooses for another user, "
        "so a value that stays the same is not personal."),
        markup.table(["measure"] + [labels.method(method, ours) for method in methods], rows, ours)]


def answers(record):
    """Lines that say how many answers the file of another system has; [] for a run."""
    file = record.get("file")
    if not file:
        return []
    counts = ", ".join(f"{name} {counts['missing']} of {counts['asked']}" for name, counts in file["answers"].items())
    return [f"Scores of {file['name']} (sha256 {file['sha256'][:12]}), {file['rows']} rows, {file['not_asked_for']} of "
            f"them not asked for. Missing: {counts}. A pair that lacks a score is not measured."]


def absent(reasons):
    """The list of measures that are absent, with their reasons."""
    if not reasons:
        return []
    return ["<h2>Absent measures</h2>", "<ul>"] + [
        markup.element("li", f"{labels.measure(name)}: {why}") for name, why in reasons.items()] + ["</ul>"]
