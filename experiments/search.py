"""Random search of a configuration on validation data: its folder, its trials, and the best of them."""
import os
import shutil
from functools import partial
from itertools import count, takewhile
from typing import NamedTuple

from experiments import trials
from models import config as configs
from models import config_json
from models.run_folder import layout, runs
from models.run_folder.selection import best, best_index, tie
from preprocessing import artefact as contract
from runtime import cli, files, jobs
from runtime.cli import UserError

SEARCH, BEST = "search.json", "best.json"


class BestTrial(NamedTuple):
    """A trial and the record of its best epoch."""
    number: int
    record: dict


class Search:
    """A search in its folder, which is made, or holds the same search already.

    Args:
      args: flags of `./run search`.

    Raises:
      UserError: the folder holds something else, or cannot be made.
    """

    def __init__(self, args):
        self.args = args
        self.data_folder = layout.data_folder(args.data, args.data_dir)
        self.artefact = contract.load(self.data_folder)
        self.base = configs.fitted(configs.override(configs.PRESETS[args.preset], args.settings), self.artefact)
        self.rmse_tie = tie(self.base)  # the same of all trials: none draws a loss that is 0 in the base
        name = args.name or f"{os.path.basename(os.path.normpath(self.data_folder))}-search"
        self.folder = os.path.join(args.runs, name)
        self._open()

    def _open(self):
        path = os.path.join(self.folder, SEARCH)
        record = {
            "artefact_sha256": runs.checksum(self.data_folder), "base": config_json.to_json(self.base),
            "seed": self.args.seed, "fixed": sorted(self.args.settings),
            "space": {field: list(part) for field, part in trials.SPACE.items()}}
        if not os.path.isdir(self.folder):
            try:
                os.makedirs(self.folder)
            except OSError as error:
                raise UserError(
                    f"{self.folder}: cannot be made ({error.strerror}); give another --runs") from error
            files.write_json(path, record)
        elif files.read_json(path) != record:
            raise UserError(f"{self.folder}: holds another search, or something else; give another --name")

    def trial(self, number):
        """The folder of a trial, counted from 1."""
        return os.path.join(self.folder, f"trial-{number}")

    def histories(self):
        """{number: history} of the trials that exist."""
        return {number: trials.history(self.trial(number))
                for number in takewhile(lambda number: os.path.isdir(self.trial(number)), count(1))}

    def run(self):
        """Trains what is missing of the trials, one after another: each depends on those before it."""
        jobs.run([jobs.Job(self.trial(number), partial(self._make, number))
                  for number in range(1, self.args.budget + 1)])

    def _make(self, number):
        """Trains a trial, or resumes its training; returns whether it was unfinished."""
        folder = self.trial(number)
        if trials.history(folder) is not None:
            return False
        before = [trials.history(self.trial(earlier)) for earlier in range(1, number)]
        drawn = trials.ask(before, self.args.seed)
        if not os.path.isdir(folder):
            config = trials.draw(drawn, self.base, self.args.settings)
            runs.create(folder, self.data_folder, self.args.preset, config)
        cli.log.info("trial %d of %d: %s", number, self.args.budget, trials.described(folder))
        trials.train(drawn, folder, self.artefact)
        self.keep_best()
        return True

    def keep_best(self):
        """Writes the best configuration; the other finished trials lose their weights, but keep their records.

        Returns the BestTrial, or None where no trial is finished.
        """
        histories = self.histories()
        trained = [BestTrial(number, best(history, self.rmse_tie)) for number, history in histories.items() if history]
        if not trained:
            return None
        kept = trained[best_index([trial.record for trial in trained], self.rmse_tie)]
        config = runs.read(self.trial(kept.number)).config
        files.write_json(os.path.join(self.folder, BEST), config_json.to_json(config))
        for number, history in histories.items():
            if number != kept.number and history is not None:
                shutil.rmtree(os.path.join(self.trial(number), layout.CHECKPOINTS), ignore_errors=True)
        return kept

    def table(self):
        """Lines: the best epoch and the configuration of each trial."""
        yield f"{'trial':>5}{'RMSE':>9}{'own AUC':>9}{'epochs':>8}  configuration"
        for number, history in self.histories().items():
            result = f"{'failed' if history == [] else '-':>9}"
            if history:
                record = best(history, self.rmse_tie)
                result = (f"{record['validation_rmse']:9.4f}{record['validation_own_auc']:9.3f}"
                          f"{record['epoch']:4}/{len(history):<3}")
            yield f"{number:5}{result:26}  {trials.described(self.trial(number))}"
