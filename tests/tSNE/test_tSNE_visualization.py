"""Tests the command `./run tsne`: two pictures, a table and the two nearest users of a trained run."""
import csv
import os
import pathlib
import shutil
import subprocess
import sys

import numpy as np
import pytest

from models.inference import latents, trained
from models.run_folder import users_table
from runtime.cli import UserError
from runtime.project import ROOT
from tests.figures.pictures import size_of
from tSNE import maps, neighbours, results
from tSNE import tSNE_visualization as command

FILES = ("tsne.tsv", "neighbours.md", "map.html", "tensors.tsv", "metadata.tsv", "clusters.json", "clusters.md")
PICTURES = [f"{name}.{kind}" for name in results.PICTURES for kind in results.KINDS]


@pytest.fixture(scope="module")
def mapped(tiny_run, tmp_path_factory):
    """Returns (folder of a mapped run, folder of its pictures, the ended process with its output)."""
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


def test_the_table_has_each_user_once_in_order(mapped, tiny_run):
    run, rows = trained.load(tiny_run.run_folder), read_table(mapped[0])
    assert len(rows) == len({row["user_id"] for row in rows}) == len(run.artefact.user_reviews)
    points = np.array([[float(row[name]) for name in users_table.COORDINATES] for row in rows])
    assert np.isfinite(points).all() and (points.std(0) > 0).all()
    words = {row["group"]: row["group_words"] for row in rows}
    assert all(words[row["group"]] == row["group_words"] for row in rows)
    assert {int(group) for group in words} == set(range(1, len(words) + 1))


def test_the_pictures_have_the_same_size(mapped):
    assert sorted(os.listdir(mapped[1])) == sorted(PICTURES)
    assert len({size_of(os.path.join(mapped[1], name + ".png")) for name in results.PICTURES}) == 1


def test_neighbours_are_the_closest_pair_of_active_users(mapped, tiny_run):
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


def test_the_terminal_shows_measures_steps_and_what_was_written(mapped):
    assert "perplexity lowered from 30 to 13\n" in mapped[2].stderr and maps.method() in mapped[2].stderr
    assert "| in attention |" in mapped[2].stdout and "trustworthiness" in mapped[2].stdout
    assert "[1/5]" in mapped[2].stderr and "[5/5]" in mapped[2].stderr
    assert mapped[2].stderr.count("no aspects: the maps are coloured by group; ./run aspects") == 1
    last = mapped[2].stderr.splitlines()[-1]
    assert last.startswith("Wrote ") and all(name in last for name in PICTURES + list(FILES))
    assert "Traceback" not in mapped[2].stderr


def test_the_same_seed_gives_the_same_files(mapped, tmp_path, capsys):
    def contents():
        return {path.name: path.read_bytes() for path in pathlib.Path(mapped[0], "users").iterdir()}

    before = contents()
    command.main(["--run", mapped[0], "--out", str(tmp_path), "--perplexity", "30"])
    assert sorted(before) == sorted(FILES) and contents() == before


def test_the_number_of_groups_can_be_given_and_pictures_are_written_to_the_run_by_default(mapped, tmp_path, capsys):
    shutil.copytree(os.path.dirname(os.path.dirname(mapped[0])), str(tmp_path / "copy"))
    folder = str(tmp_path / "copy" / "runs" / "tiny")
    command.main(["--run", folder, "--groups", "3"])
    assert sorted(os.listdir(os.path.join(folder, "users"))) == sorted(PICTURES + list(FILES))
    assert {row["group"] for row in read_table(folder)} == {"1", "2", "3"}
    assert ", 3 groups by k-means" in capsys.readouterr().out


@pytest.mark.parametrize("flags", [
    ["--perplexity", "0"], ["--perplexity", "nan"], ["--groups", "1"], ["--groups", "41"],
    ["--seed", "-1"]])
def test_a_number_out_of_range_is_one_line_and_exit_2(flags, capsys):
    with pytest.raises(SystemExit) as ended:
        command.parse_args(flags)
    assert ended.value.code == 2
    shown = capsys.readouterr().err
    assert shown.count("\n") == 1 and " ".join(flags[:1]) in shown


def test_help_does_not_import_tensorflow():
    code = ("import sys\nfrom tSNE import tSNE_visualization\ntry:\n    tSNE_visualization.parse_args(['--help'])\n"
            "except SystemExit:\n    sys.exit('tensorflow' in sys.modules)")
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, timeout=100,
                           universal_newlines=True)
    assert ended.returncode == 0 and "t-SNE perplexity" in ended.stdout and "map.html" in ended.stdout


def test_a_missing_run_is_one_line_and_exit_2(tmp_path):
    ended = subprocess.run(
        [sys.executable, "-W", "ignore", os.path.join("tSNE", "tSNE_visualization.py"),
         "--runs", str(tmp_path), "--out", str(tmp_path / "out"), "--run", "missing"], cwd=ROOT,
        stderr=subprocess.PIPE, timeout=100, universal_newlines=True)
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1 and "--run missing: not a run" in ended.stderr
    assert os.listdir(str(tmp_path)) == []


def test_a_file_that_cannot_be_written_is_an_error_that_names_it(tmp_path):
    (tmp_path / "file").write_text("")
    path = str(tmp_path / "file" / "map.png")
    with pytest.raises(UserError, match="map.png: cannot be written"):
        with results.output(path):
            pass


def test_a_file_is_written_whole_or_stays_unchanged(tmp_path):
    path = tmp_path / "table.tsv"
    path.write_text("old")
    with pytest.raises(UserError, match="No space left"):
        with results.output(str(path)) as out:
            out.write(b"half")
            raise OSError(28, "No space left on device")
    assert path.read_text() == "old" and os.listdir(str(tmp_path)) == ["table.tsv"]
