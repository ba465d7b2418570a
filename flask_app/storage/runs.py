"""Finds what the shop shows: a training run, the data it was trained on, and the catalogue of that data."""
import os
import sqlite3
from typing import NamedTuple, Optional

from flask_app.storage.store import Store
from models.run_folder import layout
from preprocessing import artefact, catalogue
from runtime.cli import UserError
from runtime.files import read_json


class RunData(NamedTuple):
    """The data a run was trained on."""
    name: str
    folder: str

    @property
    def catalogue(self):
        return os.path.join(self.folder, catalogue.NAME)


def data_of(run_folder, data_folder=None):
    """The RunData of a run.

    Args:
      run_folder: the run's folder.
      data_folder: the folder that holds the data sets; None for the place that the run's config.json names, else
        `data/`.

    Raises:
      UserError: config.json does not name the data.
    """
    path = os.path.join(run_folder, layout.CONFIG)
    config = read_json(path)
    if not isinstance(config, dict) or "data" not in config:
        raise UserError(f"{path}: does not name the data of the run; is this a run?")
    name, folder = config["data"], config.get("data_folder")
    if not isinstance(name, str) or not name or not isinstance(folder, (str, type(None))):
        raise UserError(f"{path}: 'data' is not a name; is this a run?")
    if data_folder is None and folder:
        return RunData(name, layout.data_of(run_folder, config))
    return RunData(name, os.path.join(data_folder or layout.DATA, name))


def has_artefact(folder: Optional[str]):
    """Whether a folder of data holds the whole artefact, not the catalogue alone."""
    return folder is not None and os.path.isfile(os.path.join(folder, artefact.META))


def check_catalogue(path):
    """Raises UserError unless there is a catalogue at `path` with items in it and with the index of its search."""
    try:
        store = Store(path)
        try:
            if store.item_count() == 0:
                raise UserError(f"{path}: the catalogue has no items; preprocess the data again")
            if not store.has_index():
                raise UserError(f"{path}: the catalogue has no index for the search; call ./run preprocess again with "
                                "the same options, which writes it")
            store.active_shoppers(1)
            store.reviews_of_items([0])
        finally:
            store.close()
    except FileNotFoundError as error:
        raise UserError(f"{path}: no catalogue there; preprocess the data again") from error
    except sqlite3.Error as error:
        raise UserError(f"{path}: not a catalogue ({error}); preprocess the data again") from error
