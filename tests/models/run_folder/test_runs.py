"""The folder of a run is made once and read back, and every damage is reported in one line."""
import json
import os
import re
import shutil
import subprocess
import time

import numpy as np
import pytest

from models import config as configs
from models.inference import trained
from models.run_folder import layout, runs
from runtime.cli import UserError
from runtime.tf1 import tf


@pytest.fixture
def copy(tiny_run, tmp_path):
    """The folder of a copy of the tiny run, beside a copy of its data; tests may damage both."""
    shutil.copytree(os.path.dirname(tiny_run.data_folder), str(tmp_path / "data"))
    shutil.copytree(os.path.dirname(tiny_run.run_folder), str(tmp_path / "runs"))
    return tmp_path / "runs" / "tiny"


def refused(folder, message):
    with pytest.raises(UserError, match=message) as error:
        trained.load(str(folder))
    assert "\n" not in str(error.value)


def change(path, **fields):
    record = json.loads(path.read_text())
    record.update(fields)
    path.write_text(json.dumps(record))


def test_config_json_holds_data_preset_and_command(tiny_run):
    record, config, data_folder = runs.read(tiny_run.run_folder)
    assert (record["data"], record["preset"]) == ("tiny", "default")
    assert (config.filters, config.epochs) == (7, 2)
    assert os.path.realpath(data_folder) == os.path.realpath(tiny_run.data_folder)
    assert not os.path.isabs(record["data_folder"])  # runs and data can be moved together
    assert record["versions"]["tensorflow"] == tf.__version__
    assert isinstance(record["command"], list)
    assert record["artefact_sha256"] == runs.checksum(tiny_run.data_folder)


def test_config_json_holds_all_that_the_numbers_depend_on(tiny_run):
    record = runs.read(tiny_run.run_folder).record
    assert set(record) == {
        "data", "data_folder", "artefact_sha256", "preset", "model", "command", "versions",
        "git_revision", "cores", "started"
    }
    assert record["model"]["seed"] == 2017
    assert set(record["versions"]) == {"python", "tensorflow", "numpy", "scipy", "numba"}
    assert all(re.match(r"\d+\.\d+", version) for version in record["versions"].values())
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
                        record["started"]) and record["cores"] >= 1


def test_the_git_revision_of_the_code(monkeypatch, tmp_path):
    """It is marked as dirty if files differ from the commit, and None if there is no git or no commit."""
    def git(*arguments):
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=b"] + list(arguments),
                       cwd=str(tmp_path),
                       check=True,
                       stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)

    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "runs.py").write_text("")
    monkeypatch.setattr(runs, "ROOT", str(tmp_path))
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert runs._revision() is None
    git("init")
    git("add", ".")
    git("commit", "-m", "first")
    assert re.fullmatch("[0-9a-f]{40}", runs._revision())
    (tmp_path / "models" / "runs.py").write_text("changed")
    assert re.fullmatch("[0-9a-f]{40}-dirty", runs._revision())
    monkeypatch.setenv("PATH", "")
    assert runs._revision() is None


def test_time_and_memory_of_each_epoch(tiny_run):
    with open(os.path.join(tiny_run.run_folder, "metrics.jsonl"), encoding="utf-8") as lines:
        for epoch in map(json.loads, lines):
            assert epoch["seconds"] > 0 and epoch["peak_memory_mib"] > 10 and epoch[
                "samples_per_second"] > 0


def test_a_run_moved_with_its_data_predicts_the_same(tiny_run, copy):
    test = (np.array([3, 0]), np.array([2, 14]))
    np.testing.assert_array_equal(trained.load(str(copy)).predictor(*test).outputs.rating,
                                  trained.load(tiny_run.run_folder).predictor(*test).outputs.rating)


def test_a_run_is_found_by_name_and_by_folder(tiny_run):
    all_runs = os.path.dirname(tiny_run.run_folder)
    assert layout.folder_of("tiny", all_runs) == tiny_run.run_folder
    assert layout.folder_of(tiny_run.run_folder, "elsewhere") == tiny_run.run_folder
    with pytest.raises(UserError, match="--run other: not a run .*: tiny$"):
        layout.folder_of("other", all_runs)
    with pytest.raises(UserError, match="none yet; ./run train makes one"):
        layout.folder_of("other", os.path.join(all_runs, "none"))


def test_the_latest_run(tmp_path):
    with pytest.raises(UserError, match="no run in .*; train one"):
        layout.latest(str(tmp_path))
    now = time.time()
    for name, age in (("b", 50), ("a", 10), ("c", 90)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "config.json").write_text("{}")
        os.utime(str(tmp_path / name / "config.json"), (now - age, now - age))
    (tmp_path / "no run").mkdir()
    assert layout.names(str(tmp_path)) == ["c", "b", "a"] and layout.latest(str(tmp_path)) == "a"
    assert layout.folder_of(None, str(tmp_path)) == str(tmp_path / "a")


def test_a_run_is_made_once(tiny_data, tmp_path):
    folder = str(tmp_path / "r")
    runs.create(folder, tiny_data.data_folder, "default", configs.ModelConfig())
    before = (tmp_path / "r" / "config.json").read_bytes()
    with pytest.raises(UserError, match="a run of this name exists"):
        runs.create(folder, tiny_data.data_folder, "drawing", configs.PRESETS["drawing"])
    assert (tmp_path / "r" / "config.json").read_bytes() == before
    with pytest.raises(UserError, match="no artefact there"):
        runs.create(str(tmp_path / "s"), str(tmp_path), "default", configs.ModelConfig())
    assert os.listdir(str(tmp_path)) == ["r"]


def test_an_artefact_that_has_changed_is_refused(copy):
    path = str(copy.parent.parent / "data" / "tiny" / "word_vectors.npy")
    np.save(path, np.load(path) + 1)
    refused(copy, "holds artefact .* but .* was trained on")


def test_a_missing_artefact_is_refused(copy):
    shutil.rmtree(str(copy.parent.parent / "data"))
    refused(copy, "no artefact there")


def test_an_unsupported_configuration_is_refused(copy):
    record = json.loads((copy / "config.json").read_text())
    change(copy / "config.json", model=dict(record["model"], version=2))
    refused(copy, "format 2, .* reads format 3; train again")
    change(copy / "config.json", model=dict(record["model"], filter=2))
    refused(copy, "unknown field 'filter'")
    change(copy / "config.json", model=[])
    refused(copy, "config.json: not the configuration of a run")


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"model": 3}'])
def test_a_damaged_configuration_is_refused(copy, content):
    (copy / "config.json").write_text(content)
    refused(copy, "config.json: ")


@pytest.mark.parametrize("content", [
    "", "[]", "{}", '{"last": 1}', '{"last": "x", "best": 1}', '{"last": 1, "best": 1}',
    '{"last": 1, "best": 1, "history": []}', '{"last": 1, "best": 2, "history": [{"epoch": 1}]}',
    '{"last": 2, "best": 1, "history": [{"epoch": 1}, {"epoch": 1}]}'])
def test_a_damaged_pointer_is_refused(copy, content):
    (copy / "checkpoint.json").write_text(content)
    refused(copy, "checkpoint.json: damaged")


def test_a_run_without_a_checkpoint_is_refused(copy):
    (copy / "checkpoint.json").unlink()
    refused(copy, "no checkpoint yet; .*--resume")


@pytest.mark.parametrize("damage", [lambda raw: raw[:len(raw) // 2], lambda raw: bytes(len(raw)),
                                    lambda raw: b""])
def test_a_damaged_checkpoint_is_refused(copy, damage):
    (path,) = (copy / "checkpoints" / "final").glob("weights.data*")
    path.write_bytes(damage(path.read_bytes()))
    refused(copy, "checkpoints/final: cannot be restored")
    shutil.rmtree(str(copy / "checkpoints" / "final"))
    refused(copy, "checkpoints/final: cannot be restored")


def test_weights_of_another_size_are_refused(copy):
    record = json.loads((copy / "config.json").read_text())
    change(copy / "config.json", model=dict(record["model"], filters=11))
    refused(copy, "checkpoints/final: belongs to another artefact or configuration")


def test_an_unfinished_run_predicts_by_its_best_epoch(copy):
    state = json.loads((copy / "checkpoint.json").read_text())
    change(copy / "checkpoint.json", finished=False)
    shutil.rmtree(str(copy / "checkpoints" / "final"))
    run = trained.load(str(copy))
    best = copy / "checkpoints" / f"epoch-{state['best']}"
    reader = tf.train.load_checkpoint(str(best / "weights"))
    np.testing.assert_array_equal(run.predictor.session.run(run.predictor.network.weight),
                                  reader.get_tensor("rating/weight"))
