"""The notebook runs from the first to the last cell on a small corpus and ends with a table of the artefact."""
import os
import shutil

import pytest

from preprocessing import artefact as contract
from preprocessing import catalogue
from preprocessing.sample import corpus as sample
from runtime.project import ROOT
from tests.support import notebooks

NOTEBOOK = os.path.join(ROOT, "preprocessing", "data.ipynb")


@pytest.mark.parametrize("folder, metadata", [
    (".", True), pytest.param("preprocessing", False, marks=pytest.mark.slow)])
def test_it_runs_and_ends_with_the_artefact(tiny_data, tmp_path, monkeypatch, folder, metadata):
    raw, data = tmp_path / "raw", tmp_path / "data"
    shutil.copytree(tiny_data.sample_folder, str(raw))
    if not metadata:
        (raw / sample.META).unlink()
    monkeypatch.setenv("REVIEWS", str(raw / sample.REVIEWS))
    monkeypatch.setenv("NOTEBOOK_DATA", str(data))
    notebook = notebooks.executed(NOTEBOOK, folder)
    made = contract.load(str(data / "notebook"))
    assert made.meta["sizes"]["N"] == 300
    assert os.path.isfile(str(data / "notebook" / catalogue.NAME))
    table = notebook.cells[-1].outputs[-1]["data"]["text/plain"]
    assert "301 x " in table and "word2vec" in table
    rows = {line.split()[1] for line in table.splitlines() if len(line.split()) > 2}
    assert set(contract.ARRAYS) | set(contract.TABLES) | {"train.review", "test.user"} <= rows


def test_it_is_stored_with_its_outputs_without_paths_of_a_machine():
    notebooks.require_clean(NOTEBOOK, pictures=4)
