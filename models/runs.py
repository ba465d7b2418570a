"""The folder of a run, `runs/<name>/`: what was trained, by which command, and its checkpoints.

- `config.json`: data, artefact's checksum, preset, every field of the model, command line, versions, git
  revision when there is one. Written first, never changed.
- `metrics.jsonl`: a line an epoch.
- `checkpoints/epoch-<n>/`: weights and optimiser. `checkpoint.json` names the last and the best one; it is
  replaced atomically, after the checkpoint it names is whole.
- `summaries/`: for TensorBoard.  `evaluation/`: by `evaluate.py`.
"""
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys

import numpy as np
import tensorflow.compat.v1 as tf

from command import UserError
from models import config as configs
from preprocessing import artefact as contract

RUNS, DATA = "runs", "data"
POINTER, CONFIG, METRICS = "checkpoint.json", "config.json", "metrics.jsonl"


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
    """Makes the folder of a new run and writes its config.json."""
    meta = contract.load_meta(data_folder)
    record = {
        "data": meta["name"], "data_folder": os.path.relpath(data_folder, folder),
        "artefact_sha256": checksum(data_folder), "preset": preset, "model": configs.to_json(config),
        "command": sys.argv, "versions": versions(), "git_revision": _revision()}
    try:
        os.makedirs(folder)
    except FileExistsError as error:
        raise UserError(f"{folder}: a run of this name exists; give another --name, or --resume it") from error
    except OSError as error:
        raise UserError(f"{folder}: cannot be made ({error.strerror})") from error
    write_json(os.path.join(folder, CONFIG), record)


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
    """Versions of what decides the numbers."""
    return {"python": platform.python_version(), "tensorflow": tf.__version__, "numpy": np.__version__}


def write_json(path, record):
    """Writes JSON whole or not at all."""
    with open(path + ".new", "w", encoding="utf-8") as out:
        json.dump(record, out, indent=1, sort_keys=True)
        out.write("\n")
        out.flush()
        os.fsync(out.fileno())
    os.replace(path + ".new", path)


def read_json(path):
    """The JSON of a file; None where there is none. Raises UserError where it is damaged."""
    try:
        with open(path, encoding="utf-8") as text:
            return json.load(text)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise UserError(f"{path}: damaged ({error}); move it away") from error


def append_metrics(folder, record):
    """Adds the line of an epoch to metrics.jsonl."""
    with open(os.path.join(folder, METRICS), "a", encoding="utf-8") as out:
        out.write(json.dumps(record, sort_keys=True) + "\n")


def _revision():
    try:
        root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
        return subprocess.run(["git", "rev-parse", "HEAD"], cwd=root, stdout=subprocess.PIPE, timeout=10,
                              stderr=subprocess.DEVNULL, check=True).stdout.decode().strip()
    except (OSError, subprocess.SubprocessError):
        return None


class Checkpoints:
    """Checkpoints of a run: the last, to go on from, and the best, to use.

    Args:
      folder: of the run.
      variables: to save; those that only training needs may be left out when reading.
    """

    def __init__(self, folder, variables):
        self.folder = folder
        self.saver = tf.train.Saver(variables, max_to_keep=0)

    def state(self):
        """The pointer's record, or None before the first checkpoint."""
        try:
            with open(os.path.join(self.folder, POINTER), encoding="utf-8") as text:
                state = json.load(text)
            return dict(state, last=int(state["last"]), best=int(state["best"]))
        except FileNotFoundError:
            return None
        except (ValueError, TypeError, KeyError) as error:
            raise UserError(f"{self.folder}/{POINTER}: damaged ({error!r}); train again") from error

    def save(self, session, epoch, state):
        """Saves an epoch, then points to it. `state` holds at least {"best": epoch} and is kept as it is."""
        self._write(session, f"epoch-{epoch}")
        write_json(os.path.join(self.folder, POINTER), dict(state, last=epoch))
        self._prune({f"epoch-{epoch}", f"epoch-{state['best']}"})

    def save_final(self, session, state):
        """Saves the calibrated network of a finished run as `final`."""
        self._write(session, "final")
        write_json(os.path.join(self.folder, POINTER), dict(state, finished=True))
        self._prune({"final", f"epoch-{state['last']}", f"epoch-{state['best']}"})

    def restore(self, session, which):
        """Restores 'last', 'best' or 'final' into the session; 'final' of an unfinished run is its best."""
        state = self.state()
        if state is None:
            raise UserError(f"{self.folder}: no checkpoint yet; go on training it with --resume")
        finished = which == "final" and state.get("finished")
        name = "final" if finished else f"epoch-{state['last' if which == 'last' else 'best']}"
        try:
            self.saver.restore(session, os.path.join(self.folder, "checkpoints", name, "weights"))
        except (tf.errors.OpError, ValueError) as error:
            reason = str(error).splitlines()[0][:160]
            raise UserError(f"{self.folder}/checkpoints/{name}: cannot be restored ({reason}); train again"
                            ) from error
        return state

    def _write(self, session, name):
        place = os.path.join(self.folder, "checkpoints", name)
        draft = place + ".draft"
        shutil.rmtree(draft, ignore_errors=True)
        os.makedirs(draft)
        self.saver.save(session, os.path.join(draft, "weights"), write_meta_graph=False, write_state=False)
        shutil.rmtree(place, ignore_errors=True)
        os.rename(draft, place)

    def _prune(self, keep):
        folder = os.path.join(self.folder, "checkpoints")
        for name in os.listdir(folder):
            if name not in keep:
                shutil.rmtree(os.path.join(folder, name))
