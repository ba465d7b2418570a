"""`./run search`: random search of a configuration, on validation data alone.

A trial is a run, `runs/<name>/trial-<n>` (`trials.py`), and is compared with others as epochs of a run are
(`selection.best`). A search that was stopped goes on, with a larger budget too.
"""
import os
import shutil
from itertools import count, takewhile

import command
import trials
from command import UserError
from models import config as configs
from models import durable, runs
from models.selection import best

SEARCH, BEST = "search.json", "best.json"


def parse_args(argv=None):
    searched = "; ".join(f"{field} {kind} {', '.join(f'{value:g}' for value in values)}"
                         for field, (kind, *values) in trials.SPACE.items())
    parser = command.Parser("./run search", description=__doc__.split("\n")[0], epilog=(
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


class Search:
    """A search in its folder, which is made, or holds the same search already."""

    def __init__(self, args):
        self.args = args
        self.base = configs.override(configs.PRESETS[args.preset], args.settings)
        self.data_folder = runs.data_folder(args.data, args.data_dir)
        self.artefact = runs.contract.load(self.data_folder)
        configs.check_data(self.base, self.artefact)
        name = args.name or f"{os.path.basename(os.path.normpath(self.data_folder))}-search"
        self.folder = os.path.join(args.runs, name)
        self._open()

    def _open(self):
        path, mine = os.path.join(self.folder, SEARCH), {
            "artefact_sha256": runs.checksum(self.data_folder), "base": configs.to_json(self.base),
            "seed": self.args.seed, "fixed": sorted(self.args.settings),
            "space": {field: list(part) for field, part in trials.SPACE.items()}}
        if not os.path.isdir(self.folder):
            try:
                os.makedirs(self.folder)
            except OSError as error:
                raise UserError(
                    f"{self.folder}: cannot be made ({error.strerror}); give another --runs") from error
            durable.write_json(path, mine)
        elif durable.read_json(path) != mine:
            raise UserError(f"{self.folder}: holds another search, or something else; give another --name")

    def trial(self, number):
        """The folder of a trial, counted from 1."""
        return os.path.join(self.folder, f"trial-{number}")

    def histories(self):
        """{number: history} of the trials that stand."""
        return {number: trials.history(self.trial(number))
                for number in takewhile(lambda number: os.path.isdir(self.trial(number)), count(1))}

    def run(self, number):
        """Trains a trial, or goes on with it, once those before it are finished."""
        before = [trials.history(self.trial(other)) for other in range(1, number)]
        asked, folder = trials.ask(before, self.args.seed), self.trial(number)
        if not os.path.isdir(folder):
            config = trials.draw(asked, self.base, self.args.settings)
            runs.create(folder, self.data_folder, self.args.preset, config)
        command.log.info("trial %d of %d: %s", number, self.args.budget, trials.described(folder))
        trials.train(asked, folder, self.artefact)

    def keep_best(self):
        """Writes the best configuration; other finished trials lose their weights, not their numbers.

        Returns the record of the best trial's best epoch, with the trial's number as "epoch", or None.
        """
        histories = self.histories()
        records = [dict(best(history), epoch=number) for number, history in histories.items() if history]
        if not records:
            return None
        kept = best(records)
        config = runs.read(self.trial(kept["epoch"]))[1]
        durable.write_json(os.path.join(self.folder, BEST), configs.to_json(config))
        for number, history in histories.items():
            if number != kept["epoch"] and history is not None:
                shutil.rmtree(os.path.join(self.trial(number), runs.CHECKPOINTS), ignore_errors=True)
        return kept

    def table(self):
        """Lines: what each trial came to."""
        yield f"{'trial':>5}{'RMSE':>9}{'own AUC':>9}{'epochs':>8}  configuration"
        for number, history in self.histories().items():
            what = f"{'failed' if history == [] else '-':>9}"
            if history:
                record = best(history)
                what = (f"{record['validation_rmse']:9.4f}{record['validation_own_auc']:9.3f}"
                        f"{record['epoch']:4}/{len(history):<3}")
            yield f"{number:5}{what:26}  {trials.described(self.trial(number))}"


def main(argv=None):
    args = parse_args(argv)
    search = Search(args)
    for number in range(1, args.budget + 1):
        if trials.history(search.trial(number)) is None:
            search.run(number)
            search.keep_best()
    kept = search.keep_best()
    print("\n".join(search.table()))
    if kept is None:
        raise UserError(
            f"{search.folder}: every trial failed; give a larger --budget, or --set learning_rate=1e-3")
    path = os.path.join(search.folder, BEST)
    print(f"best: trial {kept['epoch']}, validation RMSE {kept['validation_rmse']:.4f}; "
          f"./run train --data {args.data} --config {path}")


if __name__ == "__main__":
    command.run(main)
