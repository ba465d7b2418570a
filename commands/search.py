"""`./run search`: random search of a configuration, on validation data alone.

A trial is a run, `runs/<name>/trial-<n>` (`trials.py`), and is compared with others as epochs of a run are
(`selection.best`). A search that was stopped goes on, with a larger budget too.
"""
import os

from experiments import search, trials
from models import config as configs
from models.run_folder import runs
from runtime import cli
from runtime.cli import UserError


def parse_args(argv=None):
    searched = "; ".join(f"{field} {kind} {', '.join(f'{value:g}' for value in values)}"
                         for field, (kind, *values) in trials.SPACE.items())
    parser = cli.Parser("./run search", description=__doc__.split("\n")[0], epilog=(
        f"searched: {searched}. A loss that the preset leaves out stays out, and so does a field that --set "
        "gives."))
    parser.add_argument("--data", default="sample", help="name of the data in --data_dir, or a folder")
    parser.add_argument("--data_dir", default=runs.DATA)
    parser.add_argument("--runs", default=runs.RUNS, help="folder of all runs")
    parser.add_argument("--name", help="of the search; default: the data's name and -search")
    parser.add_argument("--budget", type=int, default=20, help="trials in all, with those of earlier calls")
    parser.add_argument("--preset", default=configs.DEFAULT, choices=sorted(configs.PRESETS))
    parser.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE", help="of all trials")
    parser.add_argument("--seed", type=int, default=2017, help="of the search, and of every training")
    args = parser.parse_args(argv)
    if args.budget < 1:
        parser.error(f"--budget {args.budget}: give 1 trial or more")
    if args.seed < 0:
        parser.error(f"--seed {args.seed}: give 0 or more")
    parser.require_plain("--name", args.name)
    args.settings = parser.settings(args.set)
    args.settings.setdefault("seed", args.seed)
    return args


def main(argv=None):
    args = parse_args(argv)
    random_search = search.Search(args)
    for number in range(1, args.budget + 1):
        if trials.history(random_search.trial(number)) is None:
            random_search.run(number)
            random_search.keep_best()
    kept = random_search.keep_best()
    print("\n".join(random_search.table()))
    if kept is None:
        raise UserError(
            f"{random_search.folder}: every trial failed; give a larger --budget, or --set learning_rate=1e-3")
    path = os.path.join(random_search.folder, search.BEST)
    print(f"best: trial {kept.number}, validation RMSE {kept.record['validation_rmse']:.4f}; "
          f"./run train --data {args.data} --config {path}")


if __name__ == "__main__":
    cli.run(main)
