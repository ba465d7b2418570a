"""A study: all runs that answer one question, in one folder. Each is trained and evaluated once, and kept."""
import os
import shutil
from functools import partial
from typing import NamedTuple, Optional

from models import config as configs
from models.run_folder import layout, progress, runs
from preprocessing import artefact as contract
from runtime import jobs
from runtime.cli import UserError
from runtime.files import read_json
from runtime.project import ROOT, module

TRAIN = os.path.join(ROOT, "train.py")


class Trial(NamedTuple):
    """One run of a study."""
    name: str  # of the run
    preset: str
    settings: dict  # {field: value} that differ from the preset's
    data: Optional[str] = None  # folder of the artefact; None: that of the study


def reports_of(children, trials, data_folder, folder, workers=1):
    """Trains and evaluates those of the trials that are missing; returns the reports of all, in their order.

    Args:
      children: `processes.Children`, which runs the commands.
      trials: list of Trial.
      data_folder: of the artefact.
      folder: of the study's runs.
      workers: number of runs at a time.

    Raises:
      UserError: the folder of a trial holds another run.
    """
    jobs.run([job(children, trial, data_folder, folder) for trial in trials], workers)
    return [read_json(os.path.join(folder, trial.name, layout.REPORT)) for trial in trials]


def job(children, trial, data_folder, folder, evaluated=True):
    """The Job of a trial; without `evaluated` it trains only."""
    return jobs.Job(os.path.join(folder, trial.name),
                    partial(make, children, trial, data_folder, folder, evaluated))


def data_job(children, folder, arguments):
    """The Job that makes an artefact in `folder` by `python <arguments>`."""
    return jobs.output(children, folder, os.path.join(folder, contract.META), arguments)


def make(children, trial, data_folder, folder, evaluated=True):
    """Trains a trial, or resumes its training, and evaluates it. Returns whether there was anything to do."""
    run, data_folder = os.path.join(folder, trial.name), trial.data or data_folder
    flags = ["--runs", folder, "--name", trial.name]
    state = _state(run, trial, data_folder)
    unevaluated = evaluated and not os.path.exists(os.path.join(run, layout.REPORT))
    if unevaluated and state == "finished" and not os.path.isdir(os.path.join(run, layout.CHECKPOINTS)):
        shutil.rmtree(run)  # an earlier choice of settings left it out and deleted its weights; now it is chosen
        state = "missing"
    if state == "missing":
        settings = [f"--set={field}={value}" for field, value in sorted(trial.settings.items())]
        children.run(run, [TRAIN, "--preset", trial.preset, "--data", data_folder] + flags + settings)
    elif state == "begun":
        children.run(run, [TRAIN, "--resume"] + flags)
    if unevaluated:
        children.run(f"{run}, evaluation", module("commands.evaluate") + ["--run", run])
    return state != "finished" or unevaluated


def _state(run, trial, data_folder):
    """'missing', 'begun' or 'finished'. Raises UserError where the folder holds another run."""
    if not os.path.exists(run):
        return "missing"
    existing = runs.read(run)
    wanted = configs.override(configs.PRESETS[trial.preset], trial.settings)
    if existing.record["artefact_sha256"] != runs.checksum(data_folder) or not _same(
            existing.config, wanted, data_folder):
        raise UserError(f"{run}: holds another run than this study's; move it away, or give another --runs")
    return "finished" if progress.is_complete(run) else "begun"


def _same(config, wanted, data_folder):
    """Whether a run of the wanted config has this config: its batch is of at most the training rows of the data."""
    if config._replace(batch_size=wanted.batch_size) != wanted:
        return False
    return config == wanted or config == configs.fitted(wanted, contract.load(data_folder))
