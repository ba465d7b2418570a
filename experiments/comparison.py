"""The comparison of all models on one corpus, over several seeds: its runs, and the record of their measures.

Each seed is another split and another start. Settings are chosen on the validation split of the first."""
import os
import shutil
from functools import partial

import numpy as np

from evaluation.report import charts
from experiments import peers, pooled, study, tables
from models import config as configs
from models.run_folder import progress, runs
from models.run_folder.selection import best_index
from preprocessing import artefact as contract
from runtime import files
from runtime.project import ROOT, module

GRIDS = os.path.join(ROOT, "experiments", "grids")
PRESETS = (configs.DEFAULT, "narre", "deepconn", "drawing")  # `original` takes hours: only if asked for
TWIN = 1000  # added to a seed: the same split, another start
QUICK = {"filters": 7, "attention_dim": 8, "latent_dim": 5, "batch_size": 32, "epochs": 1}
QUICK_CORPUS = ["--users", "40", "--items", "15", "--reviews", "300", "--seed", "7"]


class Study:
    """All runs of one corpus, in a folder of their own.

    Args:
      children: `processes.Children`.
      data_folder: of the preprocessed data.
      args: flags of this command.
    """

    def __init__(self, children, data_folder, args):
        self.children, self.data_folder, self.args = children, data_folder, args
        self.name = os.path.basename(os.path.normpath(data_folder))
        self.folder = os.path.join(args.runs, self.name)
        self.options = contract.load_meta(data_folder)["options"]
        self.grids = {name: peers.read_grid(GRIDS, name)[:args.budget] for name in args.presets}
        self.fixed = dict(args.settings, **({"epochs": args.epochs} if args.epochs else {}))

    def split_of(self, seed):
        """The folder of the corpus split by a seed: the data itself, or made of it."""
        itself = self.options["split"] == "random" and self.options["seed"] == seed
        return self.data_folder if itself else os.path.join(self.folder, "splits", str(seed))

    def make_split(self, seed):
        place = self.split_of(seed)
        if os.path.isfile(os.path.join(place, contract.META)):
            return False
        self.children.run(place, module("preprocessing.derive") + [
            "--data", self.data_folder, "--out", place, "--seed", str(seed)])
        return True

    def trial(self, preset, number, seed, start=0):
        """The Trial of a preset with the settings of its grid of that number, counted from 0."""
        settings = dict(self.settings(preset, number), seed=seed + start)
        return study.Trial(f"{preset}-{number}-{seed + start}", preset, settings, self.split_of(seed))

    def settings(self, preset, number):
        """{field: value} of a preset's settings of that number, and what is fixed whatever its grid says."""
        settings = dict(self.grids[preset][number], **self.fixed)
        config = configs.override(configs.PRESETS[preset], settings)
        return {field: getattr(config, field) for field in settings}

    def job(self, trial, evaluated=True):
        return study.Job(os.path.join(self.folder, trial.name), partial(
            study.make, self.children, trial, self.data_folder, self.folder, evaluated))

    def peers_path(self, seed):
        return os.path.join(self.folder, f"peers-{self.args.budget}-{seed}.json")  # another budget, another choice

    def make_peers(self, seed):
        if os.path.isfile(self.peers_path(seed)):
            return False
        self.children.run(self.peers_path(seed), module("experiments.peers") + [
            "--data", self.split_of(seed), "--grids", GRIDS, "--budget", str(self.args.budget), "--seed",
            str(seed), "--out", self.peers_path(seed)])
        return True

    def make(self):
        """Makes what is missing; returns {preset: number of its settings in its grid}."""
        first, *_ = seeds = list(self.args.seeds)
        os.makedirs(self.folder, exist_ok=True)
        study.go_through([study.Job(f"split {seed}", partial(self.make_split, seed)) for seed in seeds],
                         self.args.workers)
        grid = [self.trial(preset, number, first) for preset in self.args.presets
                for number in range(len(self.grids[preset]))]
        jobs = [self.job(trial, evaluated=False) for trial in grid]
        if peers.installed():
            jobs += [study.Job(self.peers_path(seed), partial(self.make_peers, seed)) for seed in seeds]
        study.go_through(jobs, self.args.workers)
        chosen = {preset: self.choose(preset, first) for preset in self.args.presets}
        trials = [self.trial(preset, number, seed) for seed in seeds for preset, number in chosen.items()]
        trials.append(self.trial(configs.DEFAULT, chosen[configs.DEFAULT], first, TWIN))
        study.go_through([self.job(trial) for trial in trials], self.args.workers)
        return chosen

    def choose(self, preset, seed):
        """The number of the settings that validate best, as epochs of a run do; the others lose their weights."""
        places = [os.path.join(self.folder, self.trial(preset, number, seed).name)
                  for number in range(len(self.grids[preset]))]
        records = []
        for place in places:
            state = progress.read(place)
            records.append(state["history"][state["best"] - 1])
        chosen = best_index(records)
        for number, place in enumerate(places):
            if number != chosen:
                shutil.rmtree(os.path.join(place, runs.CHECKPOINTS), ignore_errors=True)
        return chosen

    def seed(self, chosen, seed):
        """The pooled.Seed of one split."""
        places = {preset: os.path.join(self.folder, self.trial(preset, number, seed).name)
                  for preset, number in chosen.items()}
        others = files.read_json(self.peers_path(seed)) or {}
        return pooled.Seed({preset: files.read_json(os.path.join(place, runs.REPORT))
                            for preset, place in places.items()},
                           {preset: study.read_pairs(place) for preset, place in places.items()},
                           {name: np.array(values["predicted"]) for name, values in others.items()})

    def record(self, chosen):
        """(What `<name>.json` holds, distances of orders between two trainings [n])."""
        random, default = np.random.RandomState(0), configs.DEFAULT
        seeds = [self.seed(chosen, seed) for seed in self.args.seeds]
        first, twin = (study.read_pairs(os.path.join(self.folder, self.trial(
            default, chosen[default], self.args.seeds[0], start).name)) for start in (0, TWIN))
        noise, distances = pooled.seed_noise(first, twin, random)
        ratings, explanations = (measure(seeds, default, random) for measure in (pooled.ratings, pooled.explanations))
        absent = {name: why for name, why in seeds[0].reports[default]["absent"].items()
                  if name not in explanations[pooled.OURS]}  # some split may have what the first has not
        if not seeds[0].peers:
            absent.update(dict.fromkeys(peers.NAMES, peers.MISSING))
        return {"data": self.name, "seeds": list(self.args.seeds), "absent": absent, "personality": noise,
                "settings": {preset: self.settings(preset, number) for preset, number in chosen.items()},
                "ratings": ratings, "rankings": pooled.rankings(seeds, default), "explanations": explanations,
                "curves": {preset: self.curve(preset, number) for preset, number in chosen.items()}}, (
                    first, distances)

    def curve(self, preset, number):
        """Validation RMSE of each epoch of the first seed."""
        place = os.path.join(self.folder, self.trial(preset, number, self.args.seeds[0]).name)
        return [epoch["validation_rmse"] for epoch in progress.read(place)["history"]]


def write(out, record, figures):
    """Writes `<name>.md`, `_full.md`, `.json` and the plots; the README takes the first."""
    for suffix, figure in figures.items():
        with files.written(os.path.join(out, f"{record['data']}_{suffix}.png")) as picture:
            picture.write(charts.png(figure))
    files.write_text(os.path.join(out, f"{record['data']}_full.md"), "\n".join(tables.full(record)) + "\n")
    lines = tables.short(record)
    study.write(out, record["data"], lines, record)
    return lines


def quick_data(children, args):
    """A tiny sample corpus, made once in the study's folder."""
    folder = os.path.join(args.runs, "quick-data")
    raw, data = os.path.join(folder, "raw"), os.path.join(folder, "quick")
    if not os.path.isfile(os.path.join(data, contract.META)):
        children.run("quick sample", module("preprocessing.sample") + ["--out", raw] + QUICK_CORPUS)
        children.run("quick data", module("preprocessing") + [
            "--reviews", os.path.join(raw, "reviews.json.gz"), "--meta", os.path.join(raw, "meta.json.gz"),
            "--name", "quick", "--data_dir", folder, "--word_dim", "16", "--topics", "8"])
    return data
