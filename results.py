"""`./run results`: ratings and explanations of the presets on the given data, over seeds, as tables."""
import os

import numpy as np

import command
import processes
import study
from evaluation import comparison
from models import config as configs
from models import runs
from preprocessing import artefact as contract

MODELS = {comparison.OURS: "", "bias": "mean + damped offsets", "mf": "matrix factorisation", "mean": "train mean"}
MEASURES = {  # of the table, in its order; the report holds more
    "planted_auc": "planted AUC", "planted_auc_shown": "planted AUC, shown",
    "planted_precision_at_3": "planted precision@3", "retrieval_auc": "retrieval AUC",
    "retrieval_auc_centred": "retrieval AUC, centred", "agreement_cosine_1": "first shown: cosine",
    "agreement_rouge1_1": "first shown: ROUGE-1"}


def mean_over_seeds(places):
    """(users [n], {method: {measure: [n] mean over the runs}}) of runs of one data and preset."""
    parts = [study.read_pairs(place) for place in places]
    users, first = parts[0]
    return users, {method: {name: np.mean([found[method][name] for _, found in parts], 0) for name in measured}
                   for method, measured in first.items()}


def ratings_table(reports):
    """Lines of Markdown: test error of each preset and baseline. `reports` is {preset: [report of a seed]}."""
    rows = {}
    for preset, group in reports.items():
        for model, label in MODELS.items():
            rows[label or f"**{preset}**"] = [[report["ratings"][model][error] for report in group]
                                              for error in ("rmse", "mae")]
    lines = ["| model | test RMSE | MAE |", "|---|---|---|"]
    for label, (rmse, mae) in sorted(rows.items(), key=lambda row: np.mean(row[1][0])):
        lines.append(f"| {label} | {study.spread(rmse, 4)} | {study.spread(mae, 4)} |")
    return lines


def explanation_table(told, rules):
    """Lines of Markdown: ours, the swapped shopper and the rules, each with the interval of our lead."""
    known = [name for name in MEASURES if name in told]
    lines = ["| method | " + " | ".join(MEASURES[name] for name in known) + " |",
             "|---" * (len(known) + 1) + "|",
             "| **default** | " + " | ".join(f"**{told[name]:.4f}**" for name in known) + " |"]
    for rule, values in rules.items():
        cells = []
        for name in known:
            gap = values["difference"].get(name)
            cells.append("" if gap is None else
                         f"{values[name]:.4f} ({gap['difference']:+.4f} [{gap['low']:+.4f}, {gap['high']:+.4f}])")
        lines.append(f"| {rule.replace('_', ' + ')} | " + " | ".join(cells) + " |")
    return lines


def study_of(children, data_folder, args):
    """Runs what is missing on one data; writes and returns its table."""
    name = os.path.basename(os.path.normpath(data_folder))
    settings = {"epochs": args.epochs} if args.epochs else {}
    trials = {preset: [study.Trial(f"{name}-{preset}-{seed}", preset, dict(settings, seed=seed))
                       for seed in args.seeds] for preset in args.presets}
    reports = {preset: study.measure(children, group, data_folder, args.runs) for preset, group in trials.items()}
    lines, record = ratings_table(reports), {"seeds": list(args.seeds), "reports": reports}
    for preset, group in trials.items():
        places = [os.path.join(args.runs, trial.name) for trial in group]
        users, found = mean_over_seeds(places)
        told, rules = comparison.records(found, users, np.random.RandomState(0))
        record[preset] = {"explanation": told, "explanation_rules": rules}
        if preset == configs.DEFAULT:
            lines += [""] + explanation_table(told, rules)
        else:
            known = [f"{label} {told[name]:.4f}" for name, label in MEASURES.items() if name in told]
            lines += ["", f"{preset}: {', '.join(known)}"]
    study.write(args.out, name, lines, record)
    return [f"## {name}", ""] + lines + [""]


def parse_args(argv=None):
    parser = study.parser_of("./run results", __doc__, "results", seeds=3, epochs=None)
    parser.add_argument("--data", nargs="+", default=["sample"], help="names of data in --data_dir, or folders")
    parser.add_argument("--presets", nargs="+", default=[configs.DEFAULT], choices=sorted(configs.PRESETS))
    args = study.parse(parser, argv)
    args.data = [runs.data_folder(data, args.data_dir) for data in args.data]
    for folder in args.data:
        contract.load_meta(folder)  # all are there, before the first is worked on
    return args


def main(argv=None):
    args = parse_args(argv)
    with processes.Children() as children:
        for folder in args.data:
            print("\n".join(study_of(children, folder, args)))


if __name__ == "__main__":
    command.run(main)
