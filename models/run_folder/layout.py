"""The folders of the commands, the names of the files in the folder of a run, and how a run is found by its name.

What each file of a run holds is described in `runs.py`.
"""
import os

from preprocessing.artefact import DATA
from runtime.cli import UserError

RUNS = "runs"
MODELS = "model_serve"  # folder of all versions of the exported model
CONFIG, POINTER, METRICS = "config.json", "checkpoint.json", "metrics.jsonl"
CHECKPOINTS, SUMMARIES = "checkpoints", "summaries"
FINAL = "final"  # the checkpoint of a finished run
WORDS, WORD_FACTS = "words", os.path.join("words", "words.json")  # tables of word scores, written by the export
USERS_MAP, NEIGHBOURS, MAP_PAGE, TENSORS, METADATA, CLUSTERS, CLUSTERS_PAGE = (  # by ./run tsne
    os.path.join("users", name) for name in ("tsne.tsv", "neighbours.md", "map.html", "tensors.tsv", "metadata.tsv",
                                             "clusters.json", "clusters.md"))
# how items are ordered, by ./run train
ORDER, ORDER_NUMBERS, PURCHASES, PRAISE = "order", "order.json", "purchases.npz", "praise.npz"
ASPECTS = "aspects"  # what the reviews speak of, by ./run aspects
EVALUATION = "evaluation"
REPORT, PAIRS, PAGE = (os.path.join(EVALUATION, name)
                       for name in ("report.json", "pairs.npz", "report.html"))


def data_folder(data, folder=DATA):
    """Returns the folder of preprocessed data, given by name or by folder."""
    return data if os.path.isdir(data) else os.path.join(folder, data)


def data_of(folder, record):
    """Returns the folder of a run's data. The record of config.json names it relative to the folder of the run."""
    return os.path.normpath(os.path.join(folder, record["data_folder"]))


def order_of(folder):
    """Returns the folder that says how a run orders items."""
    return os.path.join(folder, ORDER)


def aspects_of(folder):
    """Returns the folder of a run's tables of aspects."""
    return os.path.join(folder, ASPECTS)


def users_of(folder):
    """Returns the folder on a run's users: maps by `./run tsne`, tables and a page by `./run users`."""
    return os.path.join(folder, os.path.dirname(USERS_MAP))


def epoch_name(number):
    """Returns the name of the checkpoint of an epoch."""
    return f"epoch-{number}"


def add_flags(parser):
    """Adds the flags --run and --runs to a parser; `folder_of` takes their values."""
    parser.add_argument("--run", help="name or folder of the run; default: the latest run")
    parser.add_argument("--runs", default=RUNS, help="folder of all runs")


def folder_of(run, runs=RUNS):
    """Returns the folder of a run, given by name or by folder; None: of the newest run. Raises UserError where it is
    no run."""
    run = latest(runs) if run is None else run
    folder = run if os.path.isfile(os.path.join(run, CONFIG)) else os.path.join(runs, run)
    if not os.path.isfile(os.path.join(folder, CONFIG)):
        existing = ", ".join(sorted(names(runs))) or "none yet; ./run train makes one"
        raise UserError(f"--run {run}: not a run (no {folder}/{CONFIG}); runs in {runs}/: {existing}")
    return folder


def names(runs=RUNS):
    """Returns the names of all runs, oldest first. A hidden folder is the draft of a run, not a run."""
    if not os.path.isdir(runs):
        return []
    existing = [name for name in os.listdir(runs)
                if name[0] != "." and os.path.isfile(os.path.join(runs, name, CONFIG))]
    return sorted(existing, key=lambda name: os.path.getmtime(os.path.join(runs, name, CONFIG)))


def latest(runs=RUNS):
    """Returns the name of the newest run. Raises UserError where there is none."""
    existing = names(runs)
    if not existing:
        raise UserError(f"no run in {runs}/; train one with ./run train, or make a complete example with ./run demo")
    return existing[-1]


def flags_of(folder, flag="--run"):
    """Returns, for messages, the flags that name a run: `--run NAME`, and `--runs FOLDER` if it is not the default."""
    parent, name = os.path.split(os.path.normpath(folder))
    return f"{flag} {name}" + ("" if parent == RUNS else f" --runs {parent}")
