"""The comparison of all models on one corpus, over several seeds: its runs, and the record of their measures.

Each seed is another split and another start. Settings are chosen on the validation split of the first seed."""
import os
import shutil
from functools import partial
from typing import NamedTuple

import numpy as np

from experiments import pairs, peers, pooled, study
from metrics.comparison import OURS
from models import config as configs
from models.run_folder import layout, progress
from models.run_folder.selection import best_index, tie
from preprocessing import artefact as contract
from preprocessing.sample import corpus
from preprocessing.split import BY_SEED
from runtime import files, jobs
from runtime.project import ROOT, module

GRIDS = os.path.join(ROOT, "experiments", "grids")
PRESETS = (configs.DEFAULT, "narre", "deepconn", "drawing")  # `original` takes hours: only with --presets
TWIN = 1000  # added to a seed: the same split, another start
QUICK = {"filters": 7, "attention_dim": 8, "latent_dim": 5, "batch_size": 32, "epochs": 1}
QUICK_CORPUS = ["--users", "40", "--items", "15", "--reviews", "300", "--seed", "7"]


class Recorded(NamedTuple):
    """The record of a study, and the arrays that its plots need beside it."""
    record: dict  # what <name>.json holds
    first: pairs.Pairs  # of deeprecsys in its first run
    distances: np.ndarray  # [n] between the orders of reviews of that run and those of a second training


class Comparison:
    """The study of one corpus, in a folder of its own.

    Args:
      children: `processes.Children`, which runs the commands.
      data_folder: of the artefact.
      args: flags of `./run results`.
    """

    def __init__(self, children, data_folder, args):
        self.children, self.data_folder, self.args = children, data_folder, args
        self.name = os.path.basename(os.path.normpath(data_folder))
        self.folder = os.path.join(args.runs, self.name)
        self.options = contract.load_meta(data_folder)["options"]
        budgets = {name: args.own_budget if name == configs.DEFAULT else args.budget for name in args.presets}
        self.grids = {name: peers.read_grid(GRIDS, name)[:budget] for name, budget in budgets.items()}
        self.fixed = dict(args.settings, **({"epochs": args.epochs} if args.epochs else {}))

    def split_of(self, seed):
        """The folder of the corpus split by a seed: the given artefact itself, or one derived from it."""
        is_given = self.options["split"] in BY_SEED and self.options["seed"] == seed
        return self.data_folder if is_given else os.path.join(self.folder, "splits", str(seed))

    def split_job(self, seed):
        """The Job that derives the split of a seed."""
        folder = self.split_of(seed)
        return study.data_job(self.children, folder, module("preprocessing.derive") + [
            "--data", self.data_folder, "--out", folder, "--seed", str(seed)])

    def trial(self, preset, number, seed, start=0):
        """The Trial of a preset with the settings of this number in its grid, counted from 0."""
        settings = dict(self.settings(preset, number), seed=seed + start)
        return study.Trial(f"{preset}-{number}-{seed + start}", preset, settings, self.split_of(seed))

    def settings(self, preset, number):
        """{field: value} of a preset's settings of this number, and of the fields that are fixed for all."""
        config = self.config(preset, number)
        return {field: getattr(config, field) for field in dict(self.grids[preset][number], **self.fixed)}

    def config(self, preset, number):
        """The ModelConfig of a preset with the settings of this number in its grid."""
        return configs.override(configs.PRESETS[preset], dict(self.grids[preset][number], **self.fixed))

    def run_folder(self, preset, number, seed, start=0):
        """The folder of a trial's run."""
        return os.path.join(self.folder, self.trial(preset, number, seed, start).name)

    def peers_path(self, seed):
        """The file of SVD's and SVD++'s predictions; another budget can choose other settings."""
        return os.path.join(self.folder, f"peers-{self.args.budget}-{seed}.json")

    def peers_job(self, seed):
        """The Job that fits SVD and SVD++."""
        path = self.peers_path(seed)
        return jobs.output(self.children, path, path, module("experiments.peers") + [
            "--data", self.split_of(seed), "--grids", GRIDS, "--budget", str(self.args.budget), "--seed",
            str(seed), "--out", path])

    def make(self):
        """Makes what is missing; returns {preset: number of its chosen settings in its grid}."""
        first, *_ = seeds = list(self.args.seeds)
        workers = self.args.workers
        job = partial(study.job, self.children, data_folder=self.data_folder, folder=self.folder)
        os.makedirs(self.folder, exist_ok=True)
        jobs.run([self.split_job(seed) for seed in seeds], workers)
        grid = [self.trial(preset, number, first) for preset in self.args.presets
                for number in range(len(self.grids[preset]))]
        peers_jobs = [self.peers_job(seed) for seed in seeds] if peers.installed() else []
        jobs.run([job(trial, evaluated=False) for trial in grid] + peers_jobs, workers)
        chosen = {preset: self.choose(preset, first) for preset in self.args.presets}
        trials = [self.trial(preset, number, seed) for seed in seeds for preset, number in chosen.items()]
        trials.append(self.trial(configs.DEFAULT, chosen[configs.DEFAULT], first, TWIN))
        jobs.run([job(trial) for trial in trials], workers)
        return chosen

    def choose(self, preset, seed):
        """The number of the settings with the best validation, by the rule that chooses a run's epoch.

        The weights of the other settings are deleted.
        """
        folders = [self.run_folder(preset, number, seed) for number in range(len(self.grids[preset]))]
        records = []
        for folder in folders:
            state = progress.read(folder)
            records.append(state["history"][state["best"] - 1])
        chosen = best_index(records, tie(self.config(preset, 0)))
        for number, folder in enumerate(folders):
            if number != chosen:
                shutil.rmtree(os.path.join(folder, layout.CHECKPOINTS), ignore_errors=True)
        return chosen

    def seed(self, chosen, seed):
        """The pooled.Seed of one split."""
        folders = {preset: self.run_folder(preset, number, seed) for preset, number in chosen.items()}
        fitted = files.read_json(self.peers_path(seed)) or {}
        return pooled.Seed({preset: files.read_json(os.path.join(folder, layout.REPORT))
                            for preset, folder in folders.items()},
                           {preset: pairs.read(folder) for preset, folder in folders.items()},
                           {name: np.array(values["predicted"]) for name, values in fitted.items()})

    def record(self, chosen):
        """The Recorded of the study, by {preset: number of its chosen settings}, as `make` returns them."""
        random, default = np.random.RandomState(0), configs.DEFAULT
        seeds = [self.seed(chosen, seed) for seed in self.args.seeds]
        first, twin = (pairs.read(self.run_folder(default, chosen[default], self.args.seeds[0], start))
                       for start in (0, TWIN))
        noise, distances = pooled.seed_noise(first, twin, random)
        ratings, explanations = (measure(seeds, default, random) for measure in (pooled.ratings, pooled.explanations))
        absent = {name: reason for name, reason in seeds[0].reports[default]["absent"].items()
                  if name not in explanations[OURS]}  # a later split may have what the first lacks
        if not seeds[0].peers:
            absent.update(dict.fromkeys(peers.NAMES, peers.MISSING))
        record = {
            "data": self.name, "seeds": list(self.args.seeds), "absent": absent, "personality": noise,
            "settings": {preset: self.settings(preset, number) for preset, number in chosen.items()},
            "ratings": ratings, "rankings": pooled.rankings(seeds, default, random), "explanations": explanations,
            "ranking_faithfulness": pooled.ranking_faithfulness(seeds, default, random),
            "curves": {preset: self.curve(preset, number) for preset, number in chosen.items()}}
        return Recorded(record, first, distances)

    def curve(self, preset, number):
        """Validation RMSE of each epoch of the first seed."""
        state = progress.read(self.run_folder(preset, number, self.args.seeds[0]))
        return [epoch["validation_rmse"] for epoch in state["history"]]


def quick_data(children, args):
    """The artefact of a tiny sample corpus, made once in the study's folder. Returns its folder."""
    folder = os.path.join(args.runs, "quick-data")
    raw, data = os.path.join(folder, "raw"), os.path.join(folder, "quick")
    reviews, meta = (os.path.join(raw, name) for name in (corpus.REVIEWS, corpus.META))
    jobs.run([
        jobs.output(children, "quick sample", os.path.join(raw, contract.TRUTH), module("preprocessing.sample") + [
            "--out", raw] + QUICK_CORPUS),
        study.data_job(children, data, module("preprocessing") + [
            "--reviews", reviews, "--meta", meta, "--name", "quick", "--data_dir", folder, "--word_dim", "16",
            "--topics", "8"])])
    return data
