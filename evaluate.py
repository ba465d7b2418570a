"""`./run evaluate`: a run's test ratings, rankings and explanations -> runs/<name>/evaluation/.

`report.json`, a page `report.html` that needs nothing beside it, and `pairs.npz`, pair by pair. The only
command that reads the test split.
"""
import os

import numpy as np

import command
from assessment import absence, corpus, examples, explanations, page, rankings, ratings
from command import UserError
from evaluation import comparison
from models import durable, runs, trained

NETWORK, SWAPPED = comparison.OURS, comparison.SWAPPED
TRUTH = "truth.json"


def parse_args(argv=None):
    parser = command.Parser("./run evaluate", description=__doc__.splitlines()[0])
    parser.add_argument("--run", help="name or folder of the run; the latest by default")
    parser.add_argument("--runs", default=runs.RUNS, help="folder of all runs")
    parser.add_argument("--truth", help="planted truth of the sample corpus; by default what came "
                        "with the data")
    parser.add_argument("--seed", type=int, default=0, help="of the controls, samples and examples")
    return parser.parse_args(argv)


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
        with durable.written(os.path.join(folder, runs.PAIRS)) as out:
            np.savez_compressed(out, **arrays)
        durable.write_text(os.path.join(folder, runs.PAGE), html)
        durable.write_json(os.path.join(folder, runs.REPORT), record)
    except OSError as error:
        raise UserError(f"{folder}: the evaluation cannot be written ({durable.reason(error)})") from error


def arrays_of(test, found, predicted, shown):
    """What pairs.npz holds of the n test pairs: `user`, `item`, `rating`, `shown` [n, R], and [n] each
    `<method>/<measure>` and `predicted/<model>`."""
    arrays = {f"{method}/{name}": values for method, measured in found.items()
              for name, values in measured.items()}
    arrays.update({f"predicted/{name}": values for name, values in predicted.items()})
    if shown is not None:
        arrays["shown"] = shown.astype(np.float32)
    return dict(arrays, user=test.user, item=test.item, rating=test.rating)


def main(argv=None):
    args = parse_args(argv)
    folder = runs.folder_of(args.run or runs.latest(args.runs), args.runs)
    run = trained.load(folder)
    truth = durable.read_json(args.truth or os.path.join(run.data_folder, TRUTH))
    if args.truth and truth is None:
        raise UserError(f"--truth {args.truth}: no such file; give the truth.json of the sample corpus")
    with command.stage("evaluation"):
        record, found, predicted, shown = report(run, truth, args.seed)
        record["run"] = os.path.basename(os.path.normpath(folder))
        chosen = examples.chosen(run, found.get(NETWORK, {}), args.seed)
        html = page.of(record, found, predicted, run.artefact.test.rating, chosen)
    save(folder, record, arrays_of(run.artefact.test, found, predicted, shown), html)
    print(table(record))


if __name__ == "__main__":
    command.run(main)
