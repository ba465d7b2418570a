"""The notebook runs from the first to the last cell on a small corpus and ends with a table of the artefact."""
import json
import os
import shutil

import pytest

from preprocessing import artefact as contract
from preprocessing import catalogue
from preprocessing.sample import corpus as sample
from runtime.project import ROOT

NOTEBOOK = os.path.join(ROOT, "preprocessing", "data.ipynb")


@pytest.mark.parametrize("folder, metadata", [
    (".", True), pytest.param("preprocessing", False, marks=pytest.mark.slow)])
def test_it_runs_and_ends_with_the_artefact(tiny_data, tmp_path, monkeypatch, folder, metadata):
    import nbformat
    from nbclient import NotebookClient

    raw, data = tmp_path / "raw", tmp_path / "data"
    shutil.copytree(tiny_data.sample_folder, str(raw))
    if not metadata:
        (raw / sample.META).unlink()
    monkeypatch.setenv("REVIEWS", str(raw / sample.REVIEWS))
    monkeypatch.setenv("NOTEBOOK_DATA", str(data))
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    resources = {"metadata": {"path": os.path.join(ROOT, folder)}}
    NotebookClient(notebook, timeout=240, resources=resources).execute()
    made = contract.load(str(data / "notebook"))
    assert made.meta["sizes"]["N"] == 300
    assert os.path.isfile(str(data / "notebook" / catalogue.NAME))
    table = notebook.cells[-1].outputs[-1]["data"]["text/plain"]
    assert "301 x " in table and "word2vec" in table
    rows = {line.split()[1] for line in table.splitlines() if len(line.split()) > 2}
    assert set(contract.ARRAYS) | set(contract.TABLES) | {"train.review", "test.user"} <= rows


def test_it_is_stored_with_its_outputs_without_paths_of_a_machine():
    with open(NOTEBOOK, encoding="utf-8") as text:
        stored = text.read()
    assert len(stored) < 400000
    traces = (ROOT, os.path.expanduser("~") + "/", "/home/", "/tmp/")
    assert not any(trace in stored for trace in traces)
    notebook = json.loads(stored)
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
    outputs = [output for cell in cells for output in cell["outputs"]]
    assert sum("image/png" in output.get("data", {}) for output in outputs) == 4
    assert not any(output["output_type"] == "error" for output in outputs)
    assert not any(output.get("name") == "stderr" for output in outputs)
