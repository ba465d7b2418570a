"""Studies: many runs of one question, each made once, kept, and gone on with after a kill."""
import os
import shutil
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import partial
from typing import Callable, NamedTuple, Optional

import numpy as np

from models import config as configs
from models.run_folder import progress, runs
from runtime import cli
from runtime.cli import UserError
from runtime.files import read_json, write_json, write_text
from runtime.project import ROOT, module

RESULTS = os.path.join("docs", "results")
FIRST_SEED = 2017


def parser_of(prog, doc, study, seeds, epochs):
    """The flags that studies share; `seeds` and `epochs` are defaults."""
    parser = cli.Parser(prog, description=doc)
    parser.add_argument("--data_dir", default=runs.DATA, help="folder of all data")
    parser.add_argument("--seeds", type=int, default=seeds, help=f"runs of each, from seed {FIRST_SEED} on")
    parser.add_argument("--epochs", type=int, default=epochs, help="of each run, at most; None: the preset's")
    parser.add_argument("--runs", default=os.path.join(runs.RUNS, study), help="folder of the study's runs")
    parser.add_argument("--out", default=RESULTS, help="folder of the tables")
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)), help="runs at a time")
    return parser


def parse(parser, argv):
    """Parsed and checked flags of `parser_of`."""
    args = parser.parse_args(argv)
    if args.seeds < 1 or (args.epochs is not None and args.epochs < 1):
        parser.error("--seeds and --epochs must be 1 or more")
    if args.workers < 1:
        parser.error("--workers must be 1 or more")
    parser.require_folder("--out", args.out)
    parser.require_folder("--runs", args.runs)
    args.seeds = range(FIRST_SEED, FIRST_SEED + args.seeds)
    return args


class Trial(NamedTuple):
    """One run of a study."""
    name: str  # of the run
    preset: str
    settings: dict  # {field: value} beside the preset's
    data: Optional[str] = None  # folder of the artefact; None: that of the study


def measure(children, trials, data_folder, folder, workers=1):
    """Trains and evaluates what is missing of the trials; returns their reports, in their order.

    Args:
      children: `processes.Children`, which runs the commands.
      trials: list of Trial.
      data_folder: the artefact's.
      folder: of the study's runs.
      workers: runs at a time.

    Raises:
      UserError: a run of a trial's name stands there and is another one.
    """
    go_through([Job(os.path.join(folder, trial.name), partial(make, children, trial, data_folder, folder))
                for trial in trials], workers)
    return [read_json(os.path.join(folder, trial.name, runs.REPORT)) for trial in trials]


def make(children, trial, data_folder, folder, evaluated=True):
    """Trains a trial, or goes on with it, and evaluates it; returns whether there was anything to do."""
    place, data_folder = os.path.join(folder, trial.name), trial.data or data_folder
    known = ["--data", data_folder, "--runs", folder, "--name", trial.name]
    state = _state(place, trial, data_folder)
    missing = evaluated and not os.path.exists(os.path.join(place, runs.REPORT))
    if missing and state == "finished" and not os.path.isdir(os.path.join(place, runs.CHECKPOINTS)):
        shutil.rmtree(place)  # it was not chosen then, and lost its weights; now it is
        state = "none"
    if state == "none":
        settings = [f"--set={field}={value}" for field, value in sorted(trial.settings.items())]
        children.run(place, [os.path.join(ROOT, "train.py"), "--preset", trial.preset] + known + settings)
    elif state == "begun":
        children.run(place, [os.path.join(ROOT, "train.py"), "--resume"] + known[2:])
    if missing:
        children.run(f"{place}, evaluation", module("commands.evaluate") + ["--run", place])
    return state != "finished" or missing


class Job(NamedTuple):
    """One step of a study that can be repeated: it makes what is missing and says whether anything was."""
    title: str
    work: Callable[[], bool]


def go_through(jobs, workers=1):
    """Does all jobs, `workers` at a time, and logs how far it is and about how long it still takes."""
    start, made = time.time(), 0
    for number, (job, new) in enumerate(_outcomes(jobs, workers), 1):
        made += new
        left = _left((time.time() - start) / made, len(jobs) - number) if made else ""
        cli.log.info("[%d/%d] %s: %s%s", number, len(jobs), job.title,
                     "made" if new else "stands already", left)


def _outcomes(jobs, workers):
    """Yields (job, whether anything was made) as they end."""
    if workers == 1:
        yield from ((job, job.work()) for job in jobs)
        return
    pool = ThreadPoolExecutor(workers)
    waiting = {pool.submit(job.work): job for job in jobs}
    try:
        yield from ((waiting[future], future.result()) for future in as_completed(list(waiting)))
    finally:
        for future in waiting:  # after a failure, what has not begun must not begin
            future.cancel()
        pool.shutdown(wait=False)  # whoever holds the children ends them


def _left(seconds, jobs):
    return f"; about {max(1, round(seconds * jobs / 60))} min left" if jobs else ""


class Pairs(NamedTuple):
    """The test pairs of a run, as evaluate.save writes them."""
    user: np.ndarray  # [n]
    rating: np.ndarray  # [n] stars given
    shown: np.ndarray  # [n, R] the network's weights
    predicted: dict  # {model: [n] stars}
    found: dict  # {method: {measure: [n]}}


def read_pairs(place):
    """The Pairs of a run. Raises UserError where there are none, or of an older evaluation."""
    found, path = {}, os.path.join(place, runs.PAIRS)
    try:
        with np.load(path, allow_pickle=False) as arrays:
            for name in arrays.files:
                method, slash, measure = name.partition("/")
                if slash:
                    found.setdefault(method, {})[measure] = arrays[name]
            return Pairs(arrays["user"], arrays["rating"], arrays["shown"], found.pop("predicted"), found)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise UserError(f"{path}: cannot be read ({error}); ./run evaluate --run {place}") from error


def write(out, name, lines, record):
    """Writes `<out>/<name>.md` and `.json`, each whole."""
    write_json(os.path.join(out, f"{name}.json"), record)
    path = os.path.join(out, f"{name}.md")
    write_text(path, "\n".join(lines) + "\n")
    cli.log.info("%s", path)


def _state(place, trial, data_folder):
    """'none', 'begun' or 'finished'."""
    if not os.path.exists(place):
        return "none"
    record, config, _ = runs.read(place)
    wanted = configs.override(configs.PRESETS[trial.preset], trial.settings)
    if config != wanted or record["artefact_sha256"] != runs.checksum(data_folder):
        raise UserError(f"{place}: another run than this study's; move it away, or give another --runs")
    return "finished" if progress.is_finished(place) else "begun"
