"""The evaluation of one run: its record, the arrays pair by pair, and the table for a terminal.

The only code that reads the test split."""
import os

import numpy as np

from evaluation import absence, corpus, explanations, rankings, ratings
from metrics import comparison
from models.run_folder import runs
from preprocessing import artefact as contract
from runtime import files
from runtime.cli import UserError

NETWORK, SWAPPED = comparison.OURS, comparison.SWAPPED
TRUTH = contract.TRUTH


def report(run, truth, seed):
    """(The record of report.json, {method: {measure: [n]}} pair by pair, {model: [n] predicted stars},
    shown [n, R] the network's weights)."""
    test, texts = run.artefact.test, corpus.read(run)
    record = {"data": run.record["data"], "run": None, "preset": run.record["preset"],
              "seed": run.config.seed, "test_pairs": len(test.user)}
    if not len(test.user):
        empty = dict.fromkeys(("ratings", "rankings", *absence.MEASURES), absence.EMPTY)
        return dict(record, ratings={}, explanation={}, explanation_rules={}, absent=empty), {}, {}, None
    random = np.random.RandomState(seed)
    relevance = None if truth is None else corpus.planted_relevance(truth, texts, TRUTH)
    found, shown = explanations.measured(run, texts, relevance, random)
    told, rules = comparison.records(found, test.user, random)
    models = ratings.models_of(run)
    predicted = ratings.predictions(run, models)
    record["ratings"], record["rating_groups"] = ratings.measured(run.artefact, predicted, random)
    absent = absence.reasons(told, texts)
    lists = rankings.measured(run.artefact, models, NETWORK, random)
    if lists is None:
        absent["rankings"] = absence.RANKINGS
    else:
        record["rankings"] = lists
    record.update(explanation=told, explanation_rules=rules, absent=absent)
    return record, found, predicted, shown


def table(record):
    """The report as lines for a terminal."""
    lines = [f"{record['data']}, run {record['run']}, {record['test_pairs']} test pairs", "",
             f"{'model':<14}{'RMSE':>9}{'MAE':>9}"]
    lines += [f"{model:<14}{scores['rmse']:>9.4f}{scores['mae']:>9.4f}" for model, scores in sorted(
        record["ratings"].items(), key=lambda entry: entry[1]["rmse"])]
    lines += _rankings(record.get("rankings"))
    told, rules = record["explanation"], record["explanation_rules"]
    shown = [name for name in told if not name.endswith(f"_{SWAPPED}")]
    lines += ["", f"{'explanation':<26}{NETWORK:>11}{'swapped':>9}   "
              "best rule; difference and its 95 % interval"]
    for name in shown:
        key = f"{name}_{SWAPPED}"
        other = f"{told[key]:>9.4f}" if key in told else " " * 9
        lines.append(f"{name:<26}{told[name]:>11.4f}{other}   {best_rule(name, rules)}")
    return "\n".join(lines + [f"{name}: absent, {why}" for name, why in record["absent"].items()])


def _rankings(lists):
    if not lists:
        return []
    names = [name for name in next(iter(lists["models"].values())) if name != "difference"]
    lines = ["", f"whole catalogue of {lists['items']} items, {lists['users']} users",
             f"{'model':<14}" + "".join(f"{name:>20}" for name in names)]
    return lines + [f"{model:<14}" + "".join(f"{scores[name]:>20.4f}" for name in names if name in scores)
                    for model, scores in lists["models"].items()]


def best_rule(name, rules):
    """The rule that is best by a measure and our difference to it, as text."""
    known = [rule for rule in rules if rule != SWAPPED and name in rules[rule].get("difference", {})]
    if not known:
        return ""
    best = (min if name in comparison.LESS_IS_BETTER else max)(known, key=lambda rule: rules[rule][name])
    gap = rules[best]["difference"][name]
    return (f"{best} {rules[best][name]:.4f}; {gap['difference']:+.4f} "
            f"[{gap['low']:+.4f}, {gap['high']:+.4f}]")


def save(folder, record, arrays, html):
    """Writes pairs.npz, report.html, then report.json, each whole; the last says that all stand."""
    try:
        os.makedirs(os.path.join(folder, os.path.dirname(runs.REPORT)), exist_ok=True)
        with files.written(os.path.join(folder, runs.PAIRS)) as out:
            np.savez_compressed(out, **arrays)
        files.write_text(os.path.join(folder, runs.PAGE), html)
        files.write_json(os.path.join(folder, runs.REPORT), record)
    except OSError as error:
        raise UserError(f"{folder}: the evaluation cannot be written ({files.reason(error)})") from error


def arrays_of(test, found, predicted, shown):
    """What pairs.npz holds of the n test pairs: `user`, `item`, `rating`, `shown` [n, R], and [n] each
    `<method>/<measure>` and `predicted/<model>`."""
    arrays = {f"{method}/{name}": values for method, measured in found.items()
              for name, values in measured.items()}
    arrays.update({f"predicted/{name}": values for name, values in predicted.items()})
    if shown is not None:
        arrays["shown"] = shown.astype(np.float32)
    return dict(arrays, user=test.user, item=test.item, rating=test.rating)
