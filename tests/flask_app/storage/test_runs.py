"""The run to show is found by name, by folder or as the latest, and the run names its data."""
import json
import os

from flask_app.application import create_app
from flask_app.storage import runs


def test_a_run_is_found_by_name_by_folder_or_as_the_latest(folders):
    runs_folder = str(folders / "runs")
    early, late = (os.path.join(runs_folder, name) for name in ("early", "late"))
    assert runs.find_run("early", runs_folder) == runs.find_run(early, "elsewhere") == early
    assert runs.find_run(None, runs_folder) == late
    assert runs.data_of(early, "there") == ("toys", os.path.join("there", "toys"))
    assert runs.data_of(early) == ("toys", os.path.join("data", "toys"))


def test_a_run_names_its_data_folder(folders):
    config = folders / "runs" / "late" / "config.json"
    config.write_text(json.dumps({"data": "toys", "data_folder": "../../data/toys"}))
    assert runs.data_of(str(config.parent)) == ("toys", str(folders / "data" / "toys"))
    assert create_app(str(config.parent)).config["DATA"] == "toys"
