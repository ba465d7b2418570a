"""The command `runs`: every run in one line, what they differ in, and the damaged ones too."""
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


def test_what_is_told_of_a_run(runs, capsys):
    state = json.loads((runs / "a" / "checkpoint.json").read_text())
    (runs / "a" / "evaluation").mkdir()
    (runs / "a" / "evaluation" /
     "report.json").write_text('{"ratings": {"deeprecsys": {"rmse": 0.75, "mae": 0.5}}}')
    found = listed(runs, capsys)
    best = state["history"][state["best"] - 1]
    sizes = {
        name: int(value)
        for name, value in (setting.split("=") for setting in TINY_SIZES[1::2])
    }
    assert found["a"] == {
        "run": "a",
        "data": "tiny",
        "preset": "default",
        "seed": 2017,
        "changed": dict(sizes, epochs=2),
        "epochs": 2,
        "best": state["best"],
        "validation_rmse": best["validation_rmse"],
        "validation_own_auc": best["validation_own_auc"],
        "test_rmse": .75,
        "seconds": sum(epoch["seconds"] for epoch in state["history"]),
        "peak_memory_mib": max(epoch["peak_memory_mib"] for epoch in state["history"]),
        "state": "finished",
        "damage": None
    }
    assert found["b"] == dict(found["a"], run="b", test_rmse=None)


def test_the_table(runs, capsys):
    list_runs.main(["--runs", str(runs)])
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split() == [
        "run", "data", "preset", "seed", "epochs", "best", "val", "RMSE", "own", "AUC", "test",
        "RMSE", "seconds", "MiB", "state", "other", "than", "preset"
    ]
    assert [row.split()[0] for row in rows] == ["a", "b"]
    column = head.index("state")
    for row in rows:
        assert row[column:].split() == [
            "finished", "attention_dim=8", "batch_size=32", "epochs=2", "filters=7", "latent_dim=5"
        ]
        assert row[head.index("test RMSE"):column].split()[0] == "-"


def test_states(runs, capsys):
    change(runs / "a" / "checkpoint.json", lambda state: state.pop("finished"))
    (runs / "b" / "checkpoint.json").unlink()
    found = listed(runs, capsys)
    assert [found[name]["state"] for name in "ab"] == ["unfinished", "unfinished"]
    assert (found["a"]["epochs"], found["b"]["epochs"], found["b"]["best"]) == (2, 0, None)
    with progress.hold(str(runs / "a")):
        found = listed(runs, capsys)
        assert [found[name]["state"] for name in "ab"] == ["training", "unfinished"]
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
    found = listed(runs, capsys)
    assert found["a"]["state"] == "damaged" and os.path.join("a", file) in found["a"]["damage"]
    assert found["a"][kept] is not None
    assert found["b"]["state"] == "finished"
    list_runs.main(["--runs", str(runs)])
    assert len(capsys.readouterr().out.splitlines()) == 3


def test_a_run_of_another_version_is_compared(runs, capsys):
    change(runs / "a" / "config.json", lambda record: record["model"].update(version=9, sharper=4))
    found = listed(runs, capsys)["a"]
    assert found["state"] == "finished" and found["changed"]["sharper"] == 4


def set_number(runs, name, field, value):
    change(runs / name / "checkpoint.json",
           lambda state: [epoch.update({field: value}) for epoch in state["history"]])


@pytest.mark.parametrize("field",
                         ["validation_rmse", "validation_own_auc", "seconds", "peak_memory_mib"])
@pytest.mark.parametrize("values, order", [((1, 2), "ab"), ((2, 1), "ba")])
def test_the_best_on_top(runs, capsys, field, values, order):
    """Less is better but for the AUC; what is not known comes last."""
    shutil.copytree(str(runs / "a"), str(runs / "0"))
    (runs / "0" / "checkpoint.json").unlink()
    for name, value in zip("ab", values):
        set_number(runs, name, field, value)
    found = list(listed(runs, capsys, "--sort", field))
    assert found == list(reversed(order) if field == "validation_own_auc" else order) + ["0"]


def test_age_and_name(runs, capsys):
    os.utime(str(runs / "b" / "config.json"), (1, 1))
    assert list(listed(runs, capsys)) == ["b", "a"]
    assert list(listed(runs, capsys, "--sort", "run")) == ["a", "b"]


@pytest.mark.parametrize("inside", [None, "stray", ".r.draft"])
def test_no_runs(tmp_path, inside):
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
