"""A run names its data, and a shop needs a whole catalogue."""
import contextlib
import json
import os
import sqlite3

import pytest

from flask_app.application import create_app
from flask_app.storage import runs
from runtime.cli import UserError
from tests.flask_app.tiny_catalogue import write_catalogue


def test_data_are_found_where_the_run_or_a_flag_says(folders):
    early = str(folders / "runs" / "early")
    assert runs.data_of(early, "there") == ("toys", os.path.join("there", "toys"))
    assert runs.data_of(early) == ("toys", os.path.join("data", "toys"))


def test_a_run_names_its_data_folder(folders):
    config = folders / "runs" / "late" / "config.json"
    config.write_text(json.dumps({"data": "toys", "data_folder": "../../data/toys"}))
    assert runs.data_of(str(config.parent)) == ("toys", str(folders / "data" / "toys"))
    assert create_app(str(config.parent)).config["DATA"] == "toys"


def test_a_catalogue_without_the_index_of_the_search_is_an_error_of_one_line(tmp_path):
    path = write_catalogue(tmp_path / "catalogue.sqlite")
    runs.check_catalogue(path)
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        for name in ("words", "reviews", "titles", "columns", "items", "users"):
            connection.execute(f"DROP TABLE search_{name}")
    with pytest.raises(UserError) as error:
        create_app(catalogue_path=path)
    assert str(error.value).startswith(f"{path}: the catalogue has no index for the search; call ./run preprocess ")
    assert "\n" not in str(error.value)
