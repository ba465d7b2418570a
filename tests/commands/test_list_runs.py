"""The command `runs`: one line for every run, its differences from the preset, and damaged runs too."""
import json
import os
import shutil

import pytest

from commands import list_runs
from models.run_folder import progress
from runtime.cli import UserError
from tests.conftest import TINY_SIZES
from tests.support.calling import ended, one_line


@pytest.fixture
def runs(tiny_run, tmp_path):
    """A folder of copies of the tiny run: `a` older than `b`."""
    for age, name in ((20, "a"), (10, "b")):
        shutil.copytree(tiny_run.run_folder, str(tmp_path / name))
        now = os.stat(str(tmp_path)).st_mtime
        os.utime(str(tmp_path / name / "config.json"), (now - age, now - age))
    return tmp_path


def change(path, edit):
    record = json.loads(path.read_text())
    edit(record)
    path.write_text(json.dumps(record))


def listed(runs, capsys, *arguments):
    """The records of the command, by name and in order."""
    list_runs.main(["--runs", str(runs), "--json"] + list(arguments))
    return {record["run"]: record for record in json.loads(capsys.readouterr().out)}


def test_the_record_of_a_run(runs, capsys):
    state = json.loads((runs / "a" / "checkpoint.json").read_text())
    (runs / "a" / "evaluation").mkdir()
    (runs / "a" / "evaluation" /
     "report.json").write_text('{"ratings": {"deeprecsys": {"rmse": 0.75, "mae": 0.5}}}')
    records = listed(runs, capsys)
    best = state["history"][state["best"] - 1]
    sizes = {
        name: int(value)
        for name, value in (setting.split("=") for setting in TINY_SIZES[1::2])
    }
    assert records["a"] == {
        "run": "a",
        "data": "tiny",
        "preset": "default",
        "seed": 2017,
        "changed": dict(sizes, epochs=2),
        "epochs": 2,
        "best": state["best"],
        "validation_rmse": best["validation_rmse"],
        "calibrated_validation_rmse": state["calibrated_validation_rmse"],
        "validation_own_auc": best["validation_own_auc"],
        "test_rmse": .75,
        "seconds": sum(epoch["seconds"] for epoch in state["history"]),
        "peak_memory_mib": max(epoch["peak_memory_mib"] for epoch in state["history"]),
        "state": "finished",
        "damage": None
    }
    assert records["b"] == dict(records["a"], run="b", test_rmse=None)


def test_the_table(runs, capsys):
    list_runs.main(["--runs", str(runs)])
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split() == [
        "run", "data", "model", "seed", "epochs", "best", "val", "RMSE", "uncalibrated", "val", "RMSE", "calibrated",
        "test", "RMSE", "own", "AUC", "seconds", "MiB", "state", "differs", "from", "preset"
    ]
    assert [row.split()[:3] for row in rows] == [["a", "tiny", "deeprecsys"], ["b", "tiny", "deeprecsys"]]
    column = head.index("state")
    for row in rows:
        assert row[column:].split() == [
            "finished", "attention_dim=8", "batch_size=32", "epochs=2", "filters=7", "latent_dim=5"
        ]
        assert row[head.index("test RMSE"):column].split()[0] == "-"


def test_a_run_of_an_older_version_has_no_calibrated_error(runs, capsys):
    change(runs / "a" / "checkpoint.json", lambda state: state.pop("calibrated_validation_rmse"))
    assert listed(runs, capsys)["a"]["calibrated_validation_rmse"] is None
    list_runs.main(["--runs", str(runs)])
    head, row, _ = capsys.readouterr().out.splitlines()
    column = head.index("val RMSE calibrated")
    assert row[column:].split()[0] == "-"


def test_help_explains_both_validation_errors(capsys):
    with pytest.raises(SystemExit):
        list_runs.parse_args(["--help"])
    text = capsys.readouterr().out
    assert "val RMSE uncalibrated: " in text and "val RMSE calibrated: " in text


def test_the_states_of_runs(runs, capsys):
    change(runs / "a" / "checkpoint.json", lambda state: state.pop("finished"))
    (runs / "b" / "checkpoint.json").unlink()
    records = listed(runs, capsys)
    assert [records[name]["state"] for name in "ab"] == ["unfinished", "unfinished"]
    assert (records["a"]["epochs"], records["b"]["epochs"], records["b"]["best"]) == (2, 0, None)
    with progress.hold(str(runs / "a")):
        records = listed(runs, capsys)
        assert [records[name]["state"] for name in "ab"] == ["training", "unfinished"]
    assert listed(runs, capsys)["a"]["state"] == "unfinished"


@pytest.mark.parametrize(
    "file, content, kept",
    [("config.json", "{", "run"), ("config.json", "[]", "run"),
     ("config.json", '{"model": 3}', "run"), ("config.json", None, "run"),
     ("checkpoint.json", '{"last": 1}', "data"),
     ("checkpoint.json", '{"last": 1, "best": 1, "history": [{"epoch": 1}]}', "data"),
     ("evaluation/report.json", "{}", "validation_rmse"),
     ("evaluation/report.json", "", "validation_rmse")])
def test_a_damaged_run_does_not_stop_the_list(runs, capsys, file, content, kept):
    (runs / "a" / "evaluation").mkdir(exist_ok=True)
    if content is None:
        (runs / "a" / file).unlink()
    else:
        (runs / "a" / file).write_text(content)
    records = listed(runs, capsys)
    assert records["a"]["state"] == "damaged" and os.path.join("a", file) in records["a"]["damage"]
    assert records["a"][kept] is not None
    assert records["b"]["state"] == "finished"
    list_runs.main(["--runs", str(runs)])
    assert len(capsys.readouterr().out.splitlines()) == 3


def test_a_run_of_another_version_is_compared(runs, capsys):
    change(runs / "a" / "config.json", lambda record: record["model"].update(version=9, sharper=4))
    record = listed(runs, capsys)["a"]
    assert record["state"] == "finished" and record["changed"]["sharper"] == 4


def set_number(runs, name, field, value):
    change(runs / name / "checkpoint.json",
           lambda state: [epoch.update({field: value}) for epoch in state["history"]])


@pytest.mark.parametrize("field",
                         ["validation_rmse", "validation_own_auc", "seconds", "peak_memory_mib"])
@pytest.mark.parametrize("values, order", [((1, 2), "ab"), ((2, 1), "ba")])
def test_sorted_by_a_number_the_best_run_is_on_top(runs, capsys, field, values, order):
    """Smaller is better, except for the AUC; runs without a value come last."""
    shutil.copytree(str(runs / "a"), str(runs / "0"))
    (runs / "0" / "checkpoint.json").unlink()
    for name, value in zip("ab", values):
        set_number(runs, name, field, value)
    names = list(listed(runs, capsys, "--sort", field))
    assert names == list(reversed(order) if field == "validation_own_auc" else order) + ["0"]


def test_sorted_by_age_or_name(runs, capsys):
    os.utime(str(runs / "b" / "config.json"), (1, 1))
    assert list(listed(runs, capsys)) == ["b", "a"]
    assert list(listed(runs, capsys, "--sort", "run")) == ["a", "b"]


@pytest.mark.parametrize("inside", [None, "stray", ".draft-r"])
def test_a_folder_without_runs_is_reported(tmp_path, inside):
    folder = tmp_path / "runs"
    if inside:
        (folder / inside).mkdir(parents=True)
    with pytest.raises(UserError, match="no run in .*/runs/; train one"):
        list_runs.main(["--runs", str(folder)])


def test_the_command_needs_no_tensorflow_and_refuses_in_one_line(tmp_path):
    assert "no run in" in one_line(ended("-m", "commands.list_runs", "--runs", str(tmp_path)))
    assert "invalid choice" in one_line(ended("-m", "commands.list_runs", "--sort", "colour"))
    loaded = ended("-c", "import sys; from commands import list_runs; print('tensorflow' in sys.modules)")
    assert (loaded.returncode, loaded.stdout) == (0, "False\n")
