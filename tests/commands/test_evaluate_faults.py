"""The command `evaluate` with inputs that are missing, damaged, or of something else: one line, and nothing is lost."""
import contextlib
import json
import os
import shutil
import sqlite3

import numpy as np
import pytest

from commands import evaluate
from runtime.cli import UserError
from tests.commands.evaluated_copy import report
from tests.support.calling import ended, one_line


@pytest.mark.parametrize("content", ['{"reviews": []}', "[1]", "{broken", '{"aspects": ["fun"]}'])
def test_a_truth_beside_the_data_that_is_of_another_program_is_ignored_with_a_line(tmp_path, caplog, content):
    (tmp_path / "truth.json").write_text(content)
    assert evaluate.planted_truth(None, str(tmp_path / "truth.json")) is None
    assert len(caplog.records) == 1 and "ignored" in caplog.text and "truth.json" in caplog.text


@pytest.mark.parametrize("content, message", [
    ("{", "damaged"), ("[]", "truth"),
    ('{"aspects": [], "users": {}, "reviews": {}}', "truth")])
def test_a_truth_that_is_damaged_or_of_another_corpus(copy, tmp_path, content, message):
    path = tmp_path / "other truth.json"
    path.write_text(content)
    with pytest.raises(UserError, match=message) as error:
        report(copy, "--truth", str(path))
    assert "\n" not in str(error.value)
    with pytest.raises(UserError, match="no such file"):
        report(copy, "--truth", str(tmp_path / "none"))


def test_a_missing_catalogue(copy):
    path = copy / "data" / "tiny" / "catalogue.sqlite"
    path.rename(copy / "moved")
    try:
        with pytest.raises(UserError, match="no catalogue there; preprocess again"):
            report(copy)
    finally:
        (copy / "moved").rename(path)


def test_a_catalogue_that_is_damaged_or_of_other_data(copy):
    path = copy / "data" / "tiny" / "catalogue.sqlite"
    whole = path.read_bytes()
    try:
        for content in (b"no database at all, but long enough to be looked at" * 9, whole[:5000]):
            path.write_bytes(content)
            with pytest.raises(UserError, match="catalogue.sqlite: not a catalogue, or damaged"):
                report(copy)
        path.write_bytes(whole)
        with contextlib.closing(sqlite3.connect(str(path))) as connection, connection:
            connection.execute("DELETE FROM reviews WHERE review = 300")
        with pytest.raises(UserError, match="the catalogue does not belong to the artefact"):
            report(copy)
    finally:
        path.write_bytes(whole)


def test_an_evaluation_that_cannot_be_written(copy):
    folder = copy / "runs" / "tiny" / "evaluation"
    shutil.rmtree(str(folder), ignore_errors=True)
    folder.write_text("in the way")
    try:
        with pytest.raises(UserError, match="evaluation: cannot be written"):
            report(copy)
    finally:
        folder.unlink()


def test_a_failing_evaluation_leaves_the_older_report(copy, tmp_path):
    before = report(copy)
    (tmp_path / "truth.json").write_text("[]")
    with pytest.raises(UserError):
        report(copy, "--truth", str(tmp_path / "truth.json"))
    assert sorted(os.listdir(str(copy / "runs" / "tiny" / "evaluation"))) == ["pairs.npz", "report.html", "report.json"]
    assert json.loads((copy / "runs" / "tiny" / "evaluation" / "report.json").read_text()) == before


def test_the_command(tiny_run, tmp_path):
    assert "--run none: not a run" in one_line(ended("-m", "commands.evaluate", "--run", "none", "--runs",
                                                     str(tmp_path)))
    assert "no run in" in one_line(ended("-m", "commands.evaluate", "--runs", str(tmp_path)))


def test_a_run_of_another_artefact_is_refused(copy):
    path = copy / "data" / "tiny" / "arrays" / "review_time.npy"
    whole = path.read_bytes()
    np.save(str(path), np.load(str(path)) + 1)
    try:
        with pytest.raises(UserError, match="holds artefact .*tiny .*, but .*tiny was trained on tiny "):
            report(copy)
    finally:
        path.write_bytes(whole)


@pytest.mark.parametrize("seed", ["-1", "4294967296"])
def test_a_seed_out_of_range_is_one_line(seed, capsys):
    with pytest.raises(SystemExit):
        evaluate.parse_args(["--seed", seed])
    assert f"--seed {seed}" in capsys.readouterr().err


def test_a_sample_without_users_or_of_a_file_is_refused(capsys):
    with pytest.raises(SystemExit):
        evaluate.parse_args(["--users", "0"])
    with pytest.raises(SystemExit):
        evaluate.parse_args(["--users", "3", "--scores", "FILE", "--data", "DATA", "--name", "NAME"])
    printed = capsys.readouterr().err
    assert "--users 0: give 1 or more" in printed and "--users is for a run" in printed
