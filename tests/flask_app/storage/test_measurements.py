"""Files of a run that are damaged: pages leave them out, and one line of the log says which and what to do."""
import json
import shutil

import numpy as np
import pytest

from flask_app.storage import measurements, users_map
from models.run_folder import layout, word_score_tables
from preprocessing import artefact as contract


def test_an_absent_file_is_silent(tmp_path, caplog):
    assert measurements.record(str(tmp_path), layout.REPORT) is None
    assert measurements.retrieval(str(tmp_path), [], 3) is None
    assert users_map.around(str(tmp_path), "A") is None
    assert word_score_tables.load(str(tmp_path), 9) is None
    assert not caplog.records


@pytest.mark.parametrize("content", ["{", "[1]", ""])
def test_a_damaged_report_is_one_line_however_often_it_is_read(tmp_path, caplog, content):
    (tmp_path / "report.json").write_text(content)
    for _ in range(3):
        assert measurements.record(str(tmp_path), "report.json") is None
    assert len(caplog.records) == 1 and "report.json: damaged" in caplog.text
    (tmp_path / "report.json").write_text(json.dumps({"ratings": {}}))
    assert measurements.record(str(tmp_path), "report.json") == {"ratings": {}}


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no archive", b"no numbers"])
def test_damaged_arrays_of_pairs_are_one_line(tmp_path, caplog, content):
    (tmp_path / "evaluation").mkdir()
    (tmp_path / layout.PAIRS).write_bytes(content)
    for _ in range(3):
        assert measurements.retrieval(str(tmp_path), [], 3) is None
    assert len(caplog.records) == 1 and "pairs.npz: damaged" in caplog.text
    users = np.arange(37) % 5
    np.savez(str(tmp_path / layout.PAIRS), **{"user": users, measurements.RETRIEVAL: np.full(37, .75)})
    assert measurements.retrieval(str(tmp_path), np.full(5, 4), 4) == (.75, 37, 4, 4)


@pytest.mark.parametrize("file, content", [("words.json", "{"), ("words.json", "[]"), ("words.json", "{}"),
                                           ("queries.npy", "no array")])
def test_damaged_tables_of_words_are_one_line(tiny_export, tmp_path, caplog, file, content):
    run = tmp_path / "tiny"
    shutil.copytree(tiny_export + "/runs/tiny", str(run))
    words = len(contract.load(tiny_export + "/data/tiny").vocabulary)
    assert word_score_tables.load(str(run), words) is not None and not caplog.records
    (run / "words" / file).write_text(content)
    assert word_score_tables.load(str(run), words) is None
    assert len(caplog.records) == 1 and "words: damaged" in caplog.text and "export the run again" in caplog.text


def test_the_overlap_of_rankings_is_read_from_the_report(tmp_path):
    def written(rankings):
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        (folder / "evaluation").mkdir(parents=True)
        (folder / "evaluation" / "report.json").write_text(json.dumps({"rankings": rankings}))
        return measurements.overlap(str(folder))

    models = {"deeprecsys": {"overlap_7": 1.25}, "popular": {"overlap_7": 6.5}}
    assert written({"k": 7, "users": 31, "models": models}) == (1.25, 6.5, 7, 31, "", ())
    assert written({"k": 7, "users": 31, "models": {"deeprecsys": {"overlap_7": 1}}}).popular is None
    shared = {"0": {"mean": .5, "pairs": 9}, "2": {"mean": 6.25, "pairs": 3}}
    told = written({"k": 7, "users": 31, "models": models, "overlap_by_taste": {"of": "tastes", "shared": shared}})
    assert told.of == "tastes" and told.by_taste == ((2, 6.25, 3), (0, .5, 9))
    assert written({"k": 7, "users": 31, "models": models, "overlap_by_taste": {"shared": {"x": 1}}}) is None
    for damaged in (None, [], {}, {"k": 7, "models": models}, {"k": 10, "users": 31, "models": models}):
        assert written(damaged) is None
    assert measurements.overlap(None) is None
