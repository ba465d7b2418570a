"""The report of a run as a table for a terminal."""
from evaluation.report import aspects, tables
from metrics import claims, comparison, labels, significance
from metrics.comparison import OURS, SWAPPED


def table(record):
    """The report as text."""
    name = labels.system(record)
    lines = [f"Evaluation of {name}: data {record['data']}, run {record['run']}, {labels.test_pairs(record)}"]
    lines += tables.answers(record)
    lines += ["", f"{'rating error, stars':<32}{'RMSE':>9}{'MAE':>9}"] if record["ratings"] else []
    lines += [f"{labels.model(model, name):<32}{errors['rmse']:>9.4f}{errors['mae']:>9.4f}" for model, errors in sorted(
        record["ratings"].items(), key=lambda entry: entry[1]["rmse"])]
    lines += _rankings(record.get("rankings"), name) + _explanations(record, name)
    lines += aspects.plain(record)
    lines += ["", *(claim.text for claim in claims.of(record))] if record["explanation"] else []
    absent = [f"{labels.measure(name)}: absent, {why}" for name, why in record["absent"].items()]
    return "\n".join(lines + ([""] + absent if absent else []))


def _rankings(lists, ours=OURS):
    if not lists:
        return []
    names = [name for name in labels.RANKINGS if any(name in scores for scores in lists["models"].values())]
    widths = {name: max(10, 2 + len(labels.RANKINGS[name])) for name in names}
    every, some = (lists.get(key, lists["users"]) for key in ("users_of_lists", "users_of_stars"))
    lines = ["", f"whole catalogue of {lists['items']} items, {every} users"
             + (f" ({some} of them for models that predict stars)" if some < every else ""),
             f"{'model':<22}" + "".join(f"{labels.RANKINGS[name]:>{widths[name]}}" for name in names)
             + f"  {labels.RANKING_DIFFERENCE.replace(OURS, ours)}"]
    return lines + [(f"{labels.model(model, ours):<22}" + "".join(
        f"{scores[name]:>{widths[name]}.4f}" if name in scores else " " * widths[name] for name in names)
        + f"  {tables.ranking_difference(scores)}").rstrip()
        for model, scores in sorted(lists["models"].items(), key=lambda entry: -entry[1][labels.CHIEF_RANKING])
    ] + tables.possible_gain(lists["models"], ours) + _ranking_faithfulness(lists.get("faithfulness"))


def _ranking_faithfulness(found):
    if not found:
        return []
    lines = ["", f"{'faithfulness of the order of items':<60}{'':>10}   control; difference with its 95 % interval"]
    return lines + [
        f"{label:<60}{found[name]['value']:>10.4f}   {labels.FAITHFULNESS_CONTROLS[name]} "
        f"{found[name]['control']:.4f}; {significance.as_text(found[name].get('difference')) or 'too few users'}"
        for name, label in labels.FAITHFULNESS.items() if name in found]


def _explanations(record, system):
    ours, rules = record["explanation"], record["explanation_rules"]
    lines = ["", f"{'explanation':<32}{system[:10]:>11}{'swapped':>9}   best rule; difference with its 95 % interval"]
    for name in labels.MEASURES:
        if name in ours:
            key = f"{name}_{SWAPPED}"
            swapped = f"{ours[key]:>9.4f}" if key in ours else " " * 9
            lines.append(f"{labels.measure(name):<32}{ours[name]:>11.4f}{swapped}   {_best_rule(name, rules)}".rstrip())
    return lines


def _best_rule(name, rules):
    best = comparison.best_rule(name, rules)
    if best is None:
        return ""
    return f"{labels.method(best)} {rules[best][name]:.4f}; {significance.as_text(rules[best]['difference'][name])}"
