"""`./run search`: random search of a configuration of the network, on validation data alone.

A trial is a run, `runs/<name>/trial-<n>`; trials are compared as the epochs of a run are. A search that was stopped
continues, also with a larger budget.
"""
import os
import shlex

from experiments import search, trials
from models import config as configs
from models.run_folder import layout
from runtime import cli
from runtime.cli import UserError


def parse_args(argv=None):
    searched = "; ".join(f"{field} {kind} {', '.join(f'{value:g}' for value in values)}"
                         for field, (kind, *values) in trials.SPACE.items())
    parser = cli.Parser("./run search", description=__doc__.split("\n")[0], epilog=(
        f"Fields that are searched: {searched}. A loss that is 0 in the preset stays 0, and a field that --set gives "
        "keeps its value."))
    parser.add_argument("--data", default="sample", help="name of the preprocessed data in --data_dir, or its folder")
    parser.add_argument("--data_dir", default=layout.DATA, help="folder that holds all preprocessed data")
    parser.add_argument("--runs", default=layout.RUNS, help="folder that holds all runs")
    parser.add_argument("--name", help="name of the search and of its folder; default: name of the data, then -search")
    parser.add_argument("--budget", type=int, default=20, metavar="N",
                        help="number of trials in all, with those of earlier calls")
    parser.add_argument("--preset", default=configs.DEFAULT, choices=sorted(configs.PRESETS),
                        help="base configuration, which is the first trial")
    parser.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE",
                        help="sets a field of ModelConfig in all trials")
    parser.add_argument("--seed", type=int, default=2017, help="seed of the trials and of their trainings")
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
    random_search.run()
    kept = random_search.keep_best()
    print("\n".join(random_search.table()))
    if kept is None:
        raise UserError(
            f"{random_search.folder}: every trial failed; give a larger --budget, or --set learning_rate=1e-3")
    print(f"best: trial {kept.number}, validation RMSE {kept.record['validation_rmse']:.4f}", flush=True)
    path = os.path.join(random_search.folder, search.BEST)
    data = args.data if args.data_dir == layout.DATA else random_search.data_folder
    cli.log.info("Wrote %s. Next: ./run train --data %s --config %s", path, *map(shlex.quote, (data, path)))


if __name__ == "__main__":
    cli.run(main)
