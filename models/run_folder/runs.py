"""The folder of a run, `runs/<name>/`: what its files hold, and making and loading a run.

- `config.json`: data, checksum of the artefact, preset, every field of the model with its seed, command line, versions,
  cores, start, and the git revision when there is one. It is written first and never changed; a training holds a lock
  on it.
- `checkpoints/epoch-<n>/`, `checkpoints/final/`: weights and optimiser. `checkpoint.json`, the pointer, names the last
  and the best epoch and holds the records of all epochs; see `checkpoints.py`, `progress.py`.
- `metrics.jsonl`: the records of the epochs, one line each, for readers; written from the pointer.
- `order/`: how items are ordered, by `./run train` and `./run order`, see `item_order.py`.
- `summaries/`: for TensorBoard. `evaluation/`: by `./run evaluate`. `words/`: by `./run export`. `aspects/`: by
  `./run aspects`. `users/`: by `./run tsne` and `./run users`.

`layout.py` owns the names of these files. Nothing here needs TensorFlow at import.
"""
import hashlib
import json
import os
import platform
import subprocess
import sys
import time
from typing import NamedTuple

import numpy as np
import scipy

from models import config as configs
from models import config_json
from models.run_folder import layout
from models.run_folder.layout import CONFIG
from preprocessing import artefact as contract
from runtime.cli import UserError
from runtime.files import sha256, sha256_of, write_json, written_folder
from runtime.project import ROOT


class RunConfig(NamedTuple):
    """What config.json of a run says."""
    record: dict
    config: configs.ModelConfig
    data_folder: str  # of the artefact


class RunWithData(NamedTuple):
    """What config.json of a run says, with the artefact itself."""
    record: dict
    config: configs.ModelConfig
    data_folder: str  # of the artefact
    artefact: contract.Artefact


def create(folder, data_folder, preset, config, fill=lambda draft: None):
    """Makes the folder of a new run with its config.json and what `fill` writes there, all or nothing.

    `fill` is a function of the folder of the draft. Raises UserError.
    """
    meta = contract.load_meta(data_folder)
    record = {
        "data": meta["name"],
        "data_folder": os.path.relpath(data_folder, folder),
        "artefact_sha256": checksum(data_folder),
        "preset": preset,
        "model": config_json.to_json(config),
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
            f"{folder}: already exists and is no run; move it, or give another --name")
    try:
        with written_folder(folder) as draft:
            write_json(os.path.join(draft, CONFIG), record)
            fill(draft)
    except OSError as error:
        why = "Not a directory" if isinstance(error, FileExistsError) else error.strerror  # a file is the folder above
        raise UserError(f"{folder}: cannot be made ({why}); solve this, or give another --runs") from error


def record_of(folder):
    """Returns the record of config.json, of any version; its "model" is a dictionary. Raises UserError."""
    path = os.path.join(folder, CONFIG)
    try:
        with open(path, encoding="utf-8") as text:
            record = json.load(text)
        record["data_folder"], record["model"]["seed"]  # every run has them
        return record
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise UserError(
            f"{path}: not the configuration of a run ({error!r}); train again") from error


def read(folder):
    """Returns the RunConfig of a run. Raises UserError where config.json is damaged or of another version."""
    record = record_of(folder)
    config = config_json.from_json(record["model"], os.path.join(folder, CONFIG))
    return RunConfig(record, config, layout.data_of(folder, record))


def load(folder):
    """Returns the RunWithData of a run. Raises UserError where the artefact has changed since the training."""
    record, config, data_folder = read(folder)
    artefact, current = contract.load(data_folder), checksum(data_folder)
    if current != record["artefact_sha256"]:
        raise UserError(
            f"{data_folder}: holds artefact {artefact.meta['name']} ({current[:8]}), but {folder} was trained on "
            f"{record['data']} ({record['artefact_sha256'][:8]}); preprocess with the former options, or train again")
    return RunWithData(record, config, data_folder, artefact)


def checksum(data_folder):
    """Returns the sha256, in hex, over the arrays and the vocabulary of an artefact: all that training depends on."""
    digest = hashlib.sha256()
    paths = [os.path.join(data_folder, name)
             for name in [contract.VOCABULARY] + [table + ".npy" for table in contract.TABLES]]
    arrays = os.path.join(data_folder, contract.ARRAY_FOLDER)
    try:
        for path in paths + [os.path.join(arrays, name) for name in sorted(os.listdir(arrays))]:
            digest.update(bytes.fromhex(sha256(path)))
    except OSError as error:
        raise UserError(f"{data_folder}: not an artefact, or damaged ({error}); preprocess again") from error
    return digest.hexdigest()


def versions():
    """Returns the versions of the libraries that the numbers depend on; numba's is None where it is not installed."""
    from models.network.kernels import numba
    from runtime.tf1 import tf

    return {
        "python": platform.python_version(),
        "tensorflow": tf.__version__,
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "numba": numba and numba.__version__
    }


def identity(folder):
    """Returns what a checkpoint must agree with: the sha256 of the artefact's checksum and the model in config.json."""
    try:
        with open(os.path.join(folder, CONFIG), encoding="utf-8") as text:
            record = json.load(text)
    except FileNotFoundError:
        record = {}
    return sha256_of([record.get("artefact_sha256"), record.get("model")])


def _revision():
    """Returns the git commit of this code, with `-dirty` where files differ from it; None where there is none."""
    describe = ["git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        return subprocess.run(describe, cwd=ROOT, stdout=subprocess.PIPE, timeout=10,
                              stderr=subprocess.DEVNULL, check=True).stdout.decode().strip()
    except (OSError, subprocess.SubprocessError):
        return None
