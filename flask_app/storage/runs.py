"""Finds what the shop shows: a training run and the catalogue of its data."""
import json
import os
import sqlite3

from flask_app.storage.store import Store
from runtime.cli import UserError


def find_run(run, runs_dir):
    """The folder of a run.

    Args:
      run: a run's name, a folder, or None for the latest run of `runs_dir`.
      runs_dir: where the runs are.

    Raises:
      UserError: there is no such run.
    """
    if run is None:
        names = os.listdir(runs_dir) if os.path.isdir(runs_dir) else []
        folders = [folder for folder in (os.path.join(runs_dir, name) for name in names)
                   if os.path.isfile(_config(folder))]
        if not folders:
            raise UserError(f"{runs_dir}: no run is there; train one, or name a folder with --run")
        return max(folders, key=lambda folder: os.path.getmtime(_config(folder)))
    for folder in (run, os.path.join(runs_dir, run)):
        if os.path.isfile(_config(folder)):
            return folder
    raise UserError(f"--run {run}: neither a run of {runs_dir} nor a folder with a config.json; "
                    "train it first, or name another")


def data_of(run_dir, data_dir=None):
    """The data a run was trained on.

    Args:
      run_dir: the run's folder.
      data_dir: where the data sets are; None for where the run says, else `data/`.

    Returns:
      (name, folder).

    Raises:
      UserError: the run does not tell.
    """
    try:
        with open(_config(run_dir), encoding="utf-8") as file:
            config = json.load(file)
        name, folder = config["data"], config.get("data_folder")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(f"{_config(run_dir)}: cannot read the name of the data in it "
                        f"({type(error).__name__}); is this a run?") from error
    if not isinstance(name, str) or not name or not isinstance(folder, (str, type(None))):
        raise UserError(f"{_config(run_dir)}: 'data' is not a name; is this a run?")
    if data_dir is None and folder:
        return name, os.path.normpath(os.path.join(run_dir, folder))
    return name, os.path.join(data_dir or "data", name)


def has_artefact(folder):
    """Whether the whole artefact is in a folder of data, not the catalogue alone."""
    return folder is not None and os.path.isfile(os.path.join(folder, "meta.json"))


def check_catalogue(path):
    """Raises UserError unless there is a catalogue at `path` with items in it."""
    try:
        store = Store(path)
        try:
            if store.item_count() == 0:
                raise UserError(f"{path}: the catalogue is empty; preprocess the data again")
            store.active_shoppers(1)
            store.reviews_of_items([0])
        finally:
            store.close()
    except FileNotFoundError as error:
        raise UserError(f"{path}: no catalogue is there; preprocess the data again") from error
    except sqlite3.Error as error:
        raise UserError(f"{path}: not a catalogue ({error}); preprocess the data again") from error


def _config(folder):
    return os.path.join(folder, "config.json")
