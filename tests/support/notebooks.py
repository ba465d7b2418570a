"""Notebooks: run from the first to the last cell, and stored with their outputs, without paths of a machine."""
import json
import os

from runtime.project import ROOT


def executed(path, folder):
    """Returns a notebook after it was executed in a folder of the project."""
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=240, resources={"metadata": {"path": os.path.join(ROOT, folder)}}).execute()
    return notebook


def require_clean(path, pictures, most=400000):
    """Asserts that a stored notebook has all outputs, so many pictures, at most `most` bytes, and names no machine."""
    with open(path, encoding="utf-8") as text:
        stored = text.read()
    assert len(stored) < most
    traces = (ROOT, os.path.expanduser("~") + "/", "/home/", "/tmp/")
    assert not any(trace in stored for trace in traces)
    notebook = json.loads(stored)
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
    outputs = [output for cell in cells for output in cell["outputs"]]
    assert sum("image/png" in output.get("data", {}) for output in outputs) == pictures
    assert not any(output["output_type"] == "error" for output in outputs)
    assert not any(output.get("name") == "stderr" for output in outputs)
