"""The notebook runs from top to bottom on a small corpus and ends with the artefact as a table."""
import json
import os

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
NOTEBOOK = os.path.join(ROOT, "preprocessing", "data.ipynb")


def test_it_runs_and_ends_with_the_artefact(tiny_data, tmp_path, monkeypatch):
    import nbformat
    from nbclient import NotebookClient

    monkeypatch.setenv("REVIEWS", os.path.join(tiny_data.sample_folder, "reviews.json.gz"))
    monkeypatch.setenv("NOTEBOOK_DATA", str(tmp_path))
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    NotebookClient(notebook, timeout=240, resources={"metadata": {"path": os.path.dirname(NOTEBOOK)}}).execute()
    last = notebook.cells[-1].outputs[-1]["data"]["text/plain"]
    assert "review_tokens" in last and "301x" in last and "word2vec" in last
    assert os.path.isfile(str(tmp_path / "notebook" / "catalogue.sqlite"))


def test_it_is_stored_executed_and_small_and_names_no_machine():
    with open(NOTEBOOK, encoding="utf-8") as text:
        stored = text.read()
    assert len(stored) < 400000 and ROOT not in stored and "/home/" not in stored
    cells = [cell for cell in json.loads(stored)["cells"] if cell["cell_type"] == "code"]
    assert all(cell["execution_count"] for cell in cells)
    assert sum("image/png" in str(cell["outputs"]) for cell in cells) >= 3
