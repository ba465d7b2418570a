"""The folder of a run, `runs/<name>/`: what was trained, by which command, and how far it came.

- `config.json`: data, artefact's checksum, preset, every field of the model with its seed, command line, versions,
  cores, start, git revision when there is one. Stands from the first moment, is never changed; a training holds a
  lock on it.
- `checkpoints/epoch-<n>/`, `final/`: weights and optimiser. `checkpoint.json`, the pointer, names the last and the best
  one and holds the records of all epochs; see `checkpoints.py`.
- `metrics.jsonl`: the records of the epochs, a line each: made from the pointer, for people.
- `summaries/`: for TensorBoard.  `evaluation/`: by `evaluate.py`.

Nothing here needs TensorFlow at import.
"""
import fcntl
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager

import numpy as np
import scipy

from command import UserError
from models import config as configs
from preprocessing import artefact as contract

RUNS, DATA = "runs", "data"
POINTER, CONFIG, METRICS = "checkpoint.json", "config.json", "metrics.jsonl"
REPORT = os.path.join("evaluation", "report.json")


def folder_of(run, runs=RUNS):
    """The folder of a run given by name or by folder. Raises UserError where it is no run."""
    folder = run if os.path.isfile(os.path.join(run, CONFIG)) else os.path.join(runs, run)
    if not os.path.isfile(os.path.join(folder, CONFIG)):
        known = ", ".join(sorted(names(runs))) or "none yet; ./run train makes one"
        raise UserError(f"--run {run}: not a run (no {folder}/{CONFIG}); runs in {runs}/: {known}")
    return folder


def names(runs=RUNS):
    """Names of all runs, oldest first."""
    if not os.path.isdir(runs):
        return []
    found = [name for name in os.listdir(runs) if os.path.isfile(os.path.join(runs, name, CONFIG))]
    return sorted(found, key=lambda name: os.path.getmtime(os.path.join(runs, name, CONFIG)))


def latest(runs=RUNS):
    """Name of the newest run. Raises UserError where there is none."""
    known = names(runs)
    if not known:
        raise UserError(f"no run in {runs}/; train one with ./run train, or make all with ./run demo")
    return known[-1]


def create(folder, data_folder, preset, config):
    """Makes the folder of a new run with its config.json: both at once, or neither. Raises UserError."""
    meta = contract.load_meta(data_folder)
    record = {
        "data": meta["name"], "data_folder": os.path.relpath(data_folder, folder),
        "artefact_sha256": checksum(data_folder), "preset": preset, "model": configs.to_json(config),
        "command": sys.argv, "versions": versions(), "git_revision": _revision(), "cores": os.cpu_count(),
        "started": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}
    if os.path.exists(folder):
        raise UserError(f"{folder}: a run of this name exists; give another --name, or --resume it"
                        if os.path.isfile(os.path.join(folder, CONFIG)) else
                        f"{folder}: stands in the way and is no run; move it, or give another --name")
    draft = os.path.join(os.path.dirname(folder), f".{os.path.basename(folder)}.draft")
    try:
        os.makedirs(draft, exist_ok=True)
        write_json(os.path.join(draft, CONFIG), record)
        os.rename(draft, folder)
        sync(os.path.dirname(folder) or ".")
    except OSError as error:
        shutil.rmtree(draft, ignore_errors=True)
        raise UserError(f"{folder}: cannot be made ({error.strerror}); mend that, or give another --runs") from error


def read(folder):
    """(record of config.json, ModelConfig, folder of the artefact) of a run."""
    path = os.path.join(folder, CONFIG)
    try:
        with open(path, encoding="utf-8") as text:
            record = json.load(text)
        config = configs.from_json(record["model"], path)
        return record, config, os.path.normpath(os.path.join(folder, record["data_folder"]))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise UserError(f"{path}: not the configuration of a run ({error}); train again") from error


def load(folder):
    """(record, ModelConfig, Artefact) of a run. Raises UserError where the artefact has changed since."""
    record, config, data_folder = read(folder)
    artefact = contract.load(data_folder)
    if checksum(data_folder) != record["artefact_sha256"]:
        raise UserError(f"{data_folder}: not the artefact that {folder} was trained on; preprocess as then, or "
                        "train anew")
    return record, config, artefact


def checksum(data_folder):
    """sha256 over the artefact's arrays and vocabulary: what training depends on."""
    digest = hashlib.sha256()
    paths = [os.path.join(data_folder, name) for name in ("vocabulary.txt", "word_vectors.npy", "word_topics.npy")]
    arrays = os.path.join(data_folder, "arrays")
    for path in paths + [os.path.join(arrays, name) for name in sorted(os.listdir(arrays))]:
        with open(path, "rb") as raw:
            digest.update(hashlib.sha256(raw.read()).digest())
    return digest.hexdigest()


def versions():
    """Versions of what decides the numbers; numba's is None where it is not installed."""
    import tensorflow.compat.v1 as tf
    from models.winners import numba
    return {"python": platform.python_version(), "tensorflow": tf.__version__, "numpy": np.__version__,
            "scipy": scipy.__version__, "numba": numba and numba.__version__}


def identity(folder):
    """What a checkpoint must agree with: sha256 of the artefact's checksum and the model in config.json."""
    try:
        with open(os.path.join(folder, CONFIG), encoding="utf-8") as text:
            record = json.load(text)
    except FileNotFoundError:
        record = {}
    named = json.dumps([record.get("artefact_sha256"), record.get("model")], sort_keys=True)
    return hashlib.sha256(named.encode()).hexdigest()


def progress(folder):
    """The pointer's record {"last", "best", "history", "finished" or not}; None before the first checkpoint.

    `history` holds a record for each epoch from 1 to `last`. Raises UserError where the pointer is damaged.
    """
    path = os.path.join(folder, POINTER)
    try:
        with open(path, encoding="utf-8") as text:
            state = json.load(text)
        state.update(last=int(state["last"]), best=int(state["best"]))
        epochs = [record["epoch"] for record in state["history"]]
        if epochs != list(range(1, state["last"] + 1)) or state["best"] not in epochs:
            raise ValueError(f"epochs {epochs}, last {state['last']}, best {state['best']}")
        return state
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise UserError(f"{path}: damaged ({error!r}); train again") from error


def require_unfinished(folder):
    """Raises UserError where a run is finished: there is nothing to go on with."""
    if (progress(folder) or {}).get("finished"):
        raise UserError(f"{folder}: this run is finished; give another --name to train again")


def last_good(folder):
    """For messages: the checkpoint that a stopped run stands at."""
    state = progress(folder)
    return f"last good checkpoint: {folder}/checkpoints/epoch-{state['last']}" if state else "no checkpoint yet"


def resume_command(folder):
    """For messages: the command that goes on with a stopped run."""
    place, name = os.path.split(os.path.normpath(folder))
    return f"./run train --name {name}{'' if place == RUNS else f' --runs {place}'} --resume"


@contextmanager
def hold(folder):
    """Holds a run while it is trained; however the process ends, it holds no more. Raises UserError where
    another process holds it."""
    with open(os.path.join(folder, CONFIG), encoding="utf-8") as file:
        if not _lock(file, fcntl.LOCK_EX):
            raise UserError(f"{folder}: another process is training this run; wait until it ends, or end it")
        yield


def is_held(folder):
    """Whether a process is training the run."""
    with open(os.path.join(folder, CONFIG), encoding="utf-8") as file:
        return not _lock(file, fcntl.LOCK_SH)


def _lock(file, kind):
    """Whether the lock was free. A file system without locks says yes."""
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        pass
    return True


def write_json(path, record):
    """Writes JSON whole or not at all; once this returns, it is on disk."""
    _write(path, json.dumps(record, indent=1, sort_keys=True) + "\n")


def write_metrics(folder, history):
    """Makes metrics.jsonl anew: a line for each record of an epoch."""
    _write(os.path.join(folder, METRICS), "".join(json.dumps(record, sort_keys=True) + "\n" for record in history))


def _write(path, content):
    draft = path + ".new"
    try:
        with open(draft, "w", encoding="utf-8") as out:
            out.write(content)
        sync(draft)
        os.replace(draft, path)
    except OSError:
        if os.path.exists(draft):
            os.remove(draft)
        raise
    sync(os.path.dirname(path) or ".")


def sync(path):
    """Returns once a file's content, or the names in a folder, are on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def reason(error):
    """What an error of the system or of TensorFlow says, in one short line."""
    said = str(getattr(error, "strerror", None) or error) or type(error).__name__
    return said.splitlines()[0][:160]


def _revision():
    """The commit of this code, with `-dirty` where files differ from it; None where it is no checkout."""
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    describe = ["git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        return subprocess.run(describe, cwd=root, stdout=subprocess.PIPE, timeout=10,
                              stderr=subprocess.DEVNULL, check=True).stdout.decode().strip()
    except (OSError, subprocess.SubprocessError):
        return None
