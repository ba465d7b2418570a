"""`./run search`: random search of a configuration, on validation data alone.

Trial 1 is the preset itself; each further one draws every field of SPACE anew (Bergstra & Bengio, "Random
search for hyper-parameter optimization", 2012), by the seed and its own number. A trial is a run,
`runs/<name>/trial-<n>`; it ends early where it no longer gets better, or is worse than the median of the
trials before it after as many epochs (Golovin et al., "Google Vizier", 2017, section 3.2.2). A search that
was stopped goes on, with a larger budget too. Trials are compared as epochs of a run are (`best_epoch`).
"""
import math
import os
import shutil

import numpy as np

import command
from command import UserError
from models import config as configs
from models import durable, progress, runs

LOG, UNIFORM, ONE_OF = "log-uniform", "uniform", "one of"
SPACE = {
    "learning_rate": (LOG, 3e-4, 5e-3),
    "l2": (LOG, 1e-5, 1e-2),
    "dropout_keep_prob": (UNIFORM, .3, 1.),
    "attention_keep_prob": (UNIFORM, .4, 1.),
    "latent_dim": (ONE_OF, 16, 32, 64),
    "filters": (ONE_OF, 50, 100, 150),
    "own_review_loss": (LOG, .1, 3.),
    "usefulness_loss": (LOG, .1, 1.),
}
ENOUGH = 3  # trials before a median says anything
SEARCH, BEST, FAILED = "search.json", "best.json", "failed.json"


def parse_args(argv=None):
    parser = command.Parser("./run search", description=__doc__.split("\n")[0], epilog="searched: " + "; ".join(
        f"{field} {kind} {', '.join(f'{value:g}' for value in values)}" for field, (kind, *values) in SPACE.items())
        + ". A loss that the preset leaves out stays out, and so does a field that --set gives.")
    parser.add_argument("--data", default="sample", help="name of the data in --data_dir, or a folder")
    parser.add_argument("--data_dir", default=runs.DATA)
    parser.add_argument("--runs", default=runs.RUNS, help="folder of all runs")
    parser.add_argument("--name", help="of the search; default: the data's name and -search")
    parser.add_argument("--budget", type=int, default=20, help="trials in all, those of an earlier call included")
    parser.add_argument("--preset", default="default", choices=sorted(configs.PRESETS))
    parser.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE", help="the same in all trials")
    parser.add_argument("--seed", type=int, default=2017, help="of the search, and of every training")
    args = parser.parse_args(argv)
    if args.budget < 1:
        parser.error(f"--budget {args.budget}: give 1 trial or more")
    parser.require_plain("--name", args.name)
    args.settings = parser.settings(args.set)
    args.settings.setdefault("seed", args.seed)
    return args


def draw(base, fixed, seed, number):
    """The checked config of trial `number`, counted from 1; fields of `fixed` and losses of 0 stay."""
    random, drawn = np.random.RandomState([seed, number]), {}
    for field, (kind, *values) in SPACE.items():  # each field draws always, so that none shifts another
        if kind == ONE_OF:
            value = values[random.randint(len(values))]
        else:
            value = random.uniform(*(map(math.log, values) if kind == LOG else values))
            value = float(f"{math.exp(value) if kind == LOG else value:.3g}")
        if field not in fixed and getattr(base, field):
            drawn[field] = value
    return base if number == 1 else configs.override(base, drawn)


def hopeless(history, others):
    """Whether a trial is worse so far than the median of others after as many epochs.

    Args:
      history: its records.
      others: histories of the trials before it.
    """
    def least(records):
        return min(record["validation_rmse"] for record in records[:len(history)])

    reached = [least(other) for other in others if len(other) >= len(history)]
    return len(history) > 1 and len(reached) >= ENOUGH and least(history) > np.median(reached)


class Search:
    """A search in its folder, which is made, or holds the same search already."""

    def __init__(self, args, base, data_folder, artefact):
        self.args, self.base, self.data_folder, self.artefact = args, base, data_folder, artefact
        name = args.name or f"{os.path.basename(os.path.normpath(data_folder))}-search"
        self.folder = os.path.join(args.runs, name)
        mine = {"artefact_sha256": runs.checksum(data_folder), "base": configs.to_json(base), "seed": args.seed,
                "fixed": sorted(args.settings), "space": {field: list(part) for field, part in SPACE.items()}}
        path = os.path.join(self.folder, SEARCH)
        if not os.path.isdir(self.folder):
            try:
                os.makedirs(self.folder)
            except OSError as error:
                raise UserError(f"{self.folder}: cannot be made ({error.strerror}); give another --runs") from error
            durable.write_json(path, mine)
        elif durable.read_json(path) != mine:
            raise UserError(f"{self.folder}: holds another search, or something else; give another --name")

    def trial_folder(self, number):
        return os.path.join(self.folder, f"trial-{number}")

    def numbers(self):
        """Numbers of the trials: of the budget, and of those that stand already."""
        stand = [name for name in os.listdir(self.folder) if name.startswith("trial-")]
        return range(1, max(self.args.budget, len(stand)) + 1)

    def history(self, number):
        """Records of the epochs of a finished trial; [] of one that failed, None of one not finished."""
        if os.path.isfile(os.path.join(self.trial_folder(number), FAILED)):
            return []
        state = progress.read(self.trial_folder(number)) or {}
        return state["history"] if state.get("finished") else None

    def run(self, number):
        """Trains a trial, or goes on with it."""
        from models.training import Diverged, Trainer  # slow to import: only once all arguments are known good

        others = [self.history(other) for other in range(1, number)]

        class Trial(Trainer):
            def _stalled(self, history):
                return super()._stalled(history) or bool(history) and hopeless(history, others)

        folder, begun = self.trial_folder(number), os.path.isdir(self.trial_folder(number))
        config = draw(self.base, self.args.settings, self.args.seed, number)
        command.log.info("trial %d of %d: %s", number, self.args.budget, described(config))
        if not begun:
            runs.create(folder, self.data_folder, self.args.preset, config)
        with progress.hold(folder):
            trial = Trial(config, self.artefact, folder)
            try:
                trial.train(resume=begun)
            except Diverged as error:
                durable.write_json(os.path.join(folder, FAILED), {"error": str(error)})
            finally:
                trial.session.close()

    def best(self):
        """(number, record of its best epoch) of the best trial so far, or None."""
        from models.selection import best_epoch

        records = []
        for number in self.numbers():
            history = self.history(number)
            if history:
                records.append(dict(history[best_epoch(history) - 1], epoch=number))
        if not records:
            return None
        number = best_epoch(records)
        return number, next(record for record in records if record["epoch"] == number)

    def keep_best(self):
        """Writes the best configuration; other finished trials lose their weights, not their numbers."""
        best = self.best()
        if best:
            config = draw(self.base, self.args.settings, self.args.seed, best[0])
            durable.write_json(os.path.join(self.folder, BEST), configs.to_json(config))
            for number in self.numbers():
                if number != best[0] and self.history(number) is not None:
                    shutil.rmtree(os.path.join(self.trial_folder(number), "checkpoints"), ignore_errors=True)
        return best

    def table(self):
        """Lines: what each trial came to."""
        from models.selection import best_epoch

        yield f"{'trial':>5}{'RMSE':>9}{'own AUC':>9}{'epochs':>8}  configuration"
        for number in self.numbers():
            history = self.history(number)
            what = described(draw(self.base, self.args.settings, self.args.seed, number))
            if not history:
                yield f"{number:5}{'failed' if history == [] else '-':>9}{'':17}  {what}"
                continue
            record = history[best_epoch(history) - 1]
            yield (f"{number:5}{record['validation_rmse']:9.4f}{record['validation_own_auc']:9.3f}"
                   f"{record['epoch']:4}/{len(history):<3}  {what}")


def described(config):
    return " ".join(f"{field}={getattr(config, field):g}" for field in SPACE)


def main(argv=None):
    args = parse_args(argv)
    base = configs.override(configs.PRESETS[args.preset], args.settings)
    data_folder = runs.data_folder(args.data, args.data_dir)
    artefact = runs.contract.load(data_folder)
    configs.check_data(base, artefact)
    search = Search(args, base, data_folder, artefact)
    for number in range(1, args.budget + 1):
        if search.history(number) is None:
            search.run(number)
            search.keep_best()
    best = search.keep_best()
    print("\n".join(search.table()))
    if best is None:
        raise UserError(f"{search.folder}: every trial failed; give a larger --budget, or --set learning_rate=1e-3")
    path = os.path.join(search.folder, BEST)
    print(f"best: trial {best[0]}, validation RMSE {best[1]['validation_rmse']:.4f}; "
          f"./run train --data {args.data} --config {path}")


if __name__ == "__main__":
    command.run(main)
