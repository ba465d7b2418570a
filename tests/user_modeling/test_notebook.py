"""The notebook on users runs from the first to the last cell on a tiny run, and ends with the list of all tables."""
import os

import pytest

from models.run_folder import users_report
from runtime.project import ROOT
from tests.support import notebooks

NOTEBOOK = os.path.join(ROOT, "user_modeling", "users.ipynb")


@pytest.mark.parametrize("folder", [".", pytest.param("user_modeling", marks=pytest.mark.slow)])
def test_it_runs_and_ends_with_the_tables(tiny_aspects, monkeypatch, folder):
    monkeypatch.setenv("RUN_FOLDER", tiny_aspects[1])
    notebook = notebooks.executed(NOTEBOOK, folder)
    shown = notebook.cells[-1].outputs[-1]["data"]["text/plain"]
    assert all(name in shown for name in users_report.TABLES)
    printed = "".join(output.get("text", "") for cell in notebook.cells for output in cell.get("outputs", ()))
    assert "40 users" in printed and "groups of users by aspect" in printed and "Two neighbours: " in printed


def test_it_is_stored_with_its_outputs_without_paths_of_a_machine():
    notebooks.require_clean(NOTEBOOK, pictures=4)
