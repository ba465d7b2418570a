"""The folder of a run, `runs/<name>/`: what was trained, by which command, and how far it came.

- `config.json`: data, artefact's checksum, preset, every field of the model with its seed, command line, versions,
  cores, start, git revision when there is one. Stands from the first moment, is never changed; a training holds a
  lock on it.
- `checkpoints/epoch-<n>/`, `final/`: weights and optimiser. `checkpoint.json`, the pointer, names the last and the best
  one and holds the records of all epochs; see `checkpoints.py`, `progress.py`.
- `metrics.jsonl`: the records of the epochs, a line each: made from the pointer, for people.
- `summaries/`: for TensorBoard.  `evaluation/`: by `evaluate.py`.

Nothing here needs TensorFlow at import.
"""
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import time

import numpy as np
import scipy

from models import config as configs
from models.run_folder import folder as names_and_lookup
from models.run_folder.folder import (CHECKPOINTS, CONFIG, DATA, METRICS, NEIGHBOURS, PAGE, PAIRS,  # noqa: F401
                                      POINTER, REPORT, RUNS, SUMMARIES, USERS_MAP, WORD_FACTS, WORDS, folder_of, latest,
                                      names)
from preprocessing import artefact as contract
from runtime.cli import UserError
from runtime.files import sync, write_json
from runtime.project import ROOT

data_folder = names_and_lookup.data_folder  # an argument of some functions below has the same name


def create(folder, data_folder, preset, config):
    """Makes the folder of a new run with its config.json: both at once, or neither. Raises UserError."""
    meta = contract.load_meta(data_folder)
    record = {
        "data": meta["name"],
        "data_folder": os.path.relpath(data_folder, folder),
        "artefact_sha256": checksum(data_folder),
        "preset": preset,
        "model": configs.to_json(config),
        "command": sys.argv,
        "versions": versions(),
        "git_revision": _revision(),
        "cores": os.cpu_count(),
        "started": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    }
    if os.path.exists(folder):
        raise UserError(
            f"{folder}: a run of this name exists; give another --name, or --resume it"
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
        raise UserError(
            f"{folder}: cannot be made ({error.strerror}); mend that, or give another --runs"
        ) from error


def record_of(folder):
    """The record of config.json, of whatever version; its "model" is a table. Raises UserError."""
    path = os.path.join(folder, CONFIG)
    try:
        with open(path, encoding="utf-8") as text:
            record = json.load(text)
        record["data_folder"], record["model"]["seed"]  # no run lacks them
        return record
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise UserError(
            f"{path}: not the configuration of a run ({error!r}); train again") from error


def read(folder):
    """(record of config.json, ModelConfig, folder of the artefact) of a run."""
    record = record_of(folder)
    config = configs.from_json(record["model"], os.path.join(folder, CONFIG))
    return record, config, os.path.normpath(os.path.join(folder, record["data_folder"]))


def load(folder):
    """(record, ModelConfig, Artefact) of a run. Raises UserError where the artefact has changed since."""
    record, config, data_folder = read(folder)
    artefact, sha256 = contract.load(data_folder), checksum(data_folder)
    if sha256 != record["artefact_sha256"]:
        raise UserError(
            f"{data_folder}: holds artefact {artefact.meta['name']} ({sha256[:8]}), but {folder} was trained on "
            f"{record['data']} ({record['artefact_sha256'][:8]}); preprocess as then, or train anew")
    return record, config, artefact


def checksum(data_folder):
    """sha256 over the artefact's arrays and vocabulary: what training depends on."""
    digest = hashlib.sha256()
    paths = [os.path.join(data_folder, name)
             for name in [contract.VOCABULARY] + [table + ".npy" for table in contract.TABLES]]
    arrays = os.path.join(data_folder, "arrays")
    try:
        for path in paths + [os.path.join(arrays, name) for name in sorted(os.listdir(arrays))]:
            with open(path, "rb") as raw:
                digest.update(hashlib.sha256(raw.read()).digest())
    except OSError as error:
        raise UserError(f"{data_folder}: not an artefact, or damaged ({error}); preprocess again") from error
    return digest.hexdigest()


def versions():
    """Versions of what decides the numbers; numba's is None where it is not installed."""
    from models.network.max_pool import numba
    from runtime.tf1 import tf
    return {
        "python": platform.python_version(),
        "tensorflow": tf.__version__,
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "numba": numba and numba.__version__
    }


def identity(folder):
    """What a checkpoint must agree with: sha256 of the artefact's checksum and the model in config.json."""
    try:
        with open(os.path.join(folder, CONFIG), encoding="utf-8") as text:
            record = json.load(text)
    except FileNotFoundError:
        record = {}
    named = json.dumps([record.get("artefact_sha256"), record.get("model")], sort_keys=True)
    return hashlib.sha256(named.encode()).hexdigest()


def _revision():
    """The commit of this code, with `-dirty` where files differ from it; None where it is no checkout."""
    describe = ["git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        return subprocess.run(describe, cwd=ROOT, stdout=subprocess.PIPE, timeout=10,
                              stderr=subprocess.DEVNULL, check=True).stdout.decode().strip()
    except (OSError, subprocess.SubprocessError):
        return None
