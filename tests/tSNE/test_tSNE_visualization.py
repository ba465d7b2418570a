"""The command: two pictures, a table and two neighbours of a trained run."""
import csv
import os
import pathlib
import shutil
import subprocess
import sys

import numpy as np
import pytest

from models.inference import latents, trained
from runtime.cli import UserError
from runtime.project import ROOT
from tests.figures.pictures import size_of
from tSNE import maps, neighbours
from tSNE import tSNE_visualization as command_of

FILES = ("tsne.tsv", "neighbours.md")


@pytest.fixture(scope="module")
def mapped(tiny_run, tmp_path_factory):
    """(folder of a run that was mapped, folder of its pictures, what the terminal showed)."""
    folder = str(tmp_path_factory.mktemp("mapped") / "copy")
    shutil.copytree(tiny_run.folder, folder)
    out = os.path.join(folder, "pictures")
    ended = subprocess.run(
        [sys.executable, os.path.join(ROOT, "tSNE", "tSNE_visualization.py"), "--runs", "runs",
         "--out", out], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300,
        universal_newlines=True)
    assert ended.returncode == 0, ended.stderr
    return os.path.join(folder, "runs", "tiny"), out, ended


def read_table(run_folder):
    with open(os.path.join(run_folder, "users", FILES[0]), encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text, delimiter="\t"))


def test_the_table_holds_each_user_once_in_order(mapped, tiny_run):
    run, rows = trained.load(tiny_run.run_folder), read_table(mapped[0])
    assert len(rows) == len({row["user_id"] for row in rows}) == len(run.artefact.user_reviews)
    points = np.array([[float(row[name]) for name in command_of.COLUMNS[1:5]] for row in rows])
    assert np.isfinite(points).all() and (points.std(0) > 0).all()
    words = {row["group"]: row["group_words"] for row in rows}
    assert all(words[row["group"]] == row["group_words"] for row in rows)
    assert {int(group) for group in words} == set(range(1, len(words) + 1))


def test_the_pictures_are_of_one_size(mapped):
    assert sorted(os.listdir(mapped[1])) == sorted(command_of.PICTURES)
    assert len({size_of(os.path.join(mapped[1], name)) for name in command_of.PICTURES}) == 1


def test_neighbours_are_the_closest_active_pair(mapped, tiny_run):
    run = trained.load(tiny_run.run_folder)
    vectors, active = maps.unit(latents.of_users(run).attention), neighbours.active(run.artefact)
    cosines = vectors[active] @ vectors[active].T - 2 * np.eye(len(active))
    pair = sorted(active[list(np.unravel_index(cosines.argmax(), cosines.shape))])
    names = [read_table(mapped[0])[user]["user_id"] for user in pair]
    with open(os.path.join(mapped[0], "users", FILES[1]), encoding="utf-8") as text:
        page = text.read()
    named = f"(cosine {cosines.max():.3f}): {names[0]} and {names[1]};"
    for shown in (page, mapped[2].stdout):
        assert named in " ".join(shown.split())


def test_the_terminal_says_whether_groups_are_real_and_what_was_lowered(mapped):
    assert "perplexity lowered from 30 to 13.3" in mapped[2].stderr
    assert "silhouette" in mapped[2].stdout and "validation reviews are" in mapped[2].stdout
    assert "Traceback" not in mapped[2].stderr


def test_the_same_seed_gives_the_same_files(mapped, tmp_path, capsys):
    def contents():
        return {path.name: path.read_bytes() for path in pathlib.Path(mapped[0], "users").iterdir()}

    before = contents()
    command_of.main(["--run", mapped[0], "--out", str(tmp_path), "--perplexity", "30"])
    assert sorted(before) == sorted(FILES) and contents() == before


def test_the_number_of_groups_can_be_asked_for(mapped, tmp_path, capsys):
    shutil.copytree(os.path.dirname(os.path.dirname(mapped[0])), str(tmp_path / "copy"))
    folder = str(tmp_path / "copy" / "runs" / "tiny")
    command_of.main(["--run", folder, "--out", str(tmp_path / "out"), "--groups", "3"])
    assert {row["group"] for row in read_table(folder)} == {"1", "2", "3"}
    assert capsys.readouterr().out.startswith("3 groups by what users ask")


@pytest.mark.parametrize("flags", [
    ["--perplexity", "0"], ["--perplexity", "nan"], ["--groups", "1"], ["--groups", "41"],
    ["--seed", "-1"]])
def test_a_number_out_of_range_is_one_line_and_exit_2(flags, capsys):
    with pytest.raises(SystemExit) as ended:
        command_of.parse_args(flags)
    assert ended.value.code == 2
    shown = capsys.readouterr().err
    assert shown.count("\n") == 1 and " ".join(flags[:1]) in shown


def test_no_run_is_one_line_and_exit_2(tmp_path):
    ended = subprocess.run(
        [sys.executable, "-W", "ignore", os.path.join("tSNE", "tSNE_visualization.py"),
         "--runs", str(tmp_path), "--out", str(tmp_path / "out"), "--run", "nobody"], cwd=ROOT,
        stderr=subprocess.PIPE, timeout=100, universal_newlines=True)
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1 and "--run nobody: not a run" in ended.stderr
    assert os.listdir(str(tmp_path)) == []


def test_what_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    path = str(tmp_path / "file" / "map.png")
    with pytest.raises(UserError, match="cannot be written"):
        command_of.replace(path, lambda draft: None)


def test_a_file_is_made_whole_or_stays(tmp_path):
    path = tmp_path / "table.tsv"
    path.write_text("old")

    def fail(draft):
        with open(draft, "w") as out:
            out.write("half")
        raise OSError(28, "No space left on device")

    with pytest.raises(UserError, match="No space left"):
        command_of.replace(str(path), fail)
    assert path.read_text() == "old" and os.listdir(str(tmp_path)) == ["table.tsv"]
