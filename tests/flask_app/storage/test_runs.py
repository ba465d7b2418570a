"""A run names its data."""
import json
import os

from flask_app.application import create_app
from flask_app.storage import runs


def test_data_are_found_where_the_run_or_a_flag_says(folders):
    early = str(folders / "runs" / "early")
    assert runs.data_of(early, "there") == ("toys", os.path.join("there", "toys"))
    assert runs.data_of(early) == ("toys", os.path.join("data", "toys"))


def test_a_run_names_its_data_folder(folders):
    config = folders / "runs" / "late" / "config.json"
    config.write_text(json.dumps({"data": "toys", "data_folder": "../../data/toys"}))
    assert runs.data_of(str(config.parent)) == ("toys", str(folders / "data" / "toys"))
    assert create_app(str(config.parent)).config["DATA"] == "toys"
