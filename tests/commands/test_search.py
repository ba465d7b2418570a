"""The search: one seed gives the same trials, no trial is trained twice, and train accepts the best as a file."""
import json
import os

import pytest

import train
from commands import search
from models import config_json
from models.run_folder import runs
from models.run_folder.selection import RMSE_TIE, best_index
from models.training.trainer import Trainer
from runtime.cli import UserError


def call(tiny, folder, budget, *arguments):
    search.main(["--data", tiny.data_folder, "--runs", str(folder), "--name", "s", "--budget", str(budget),
                 "--set", "epochs=2", "--set", "filters=7", "--set", "attention_dim=8", "--set", "batch_size=64",
                 *arguments])


def read(*path):
    with open(os.path.join(*map(str, path)), encoding="utf-8") as text:
        return json.load(text)


@pytest.fixture(scope="module")
def searched(tiny_data, tmp_path_factory):
    """Folder of the runs of a search of three trials."""
    folder = tmp_path_factory.mktemp("searched")
    call(tiny_data, folder, 3)
    return folder


def test_train_accepts_the_best_configuration(searched, tiny_data, tmp_path):
    histories = [read(searched, "s", f"trial-{number}", "checkpoint.json")["history"] for number in (1, 2, 3)]
    best = 1 + best_index([history[best_index(history, RMSE_TIE)] for history in histories], RMSE_TIE)
    config = runs.read(str(searched / "s" / f"trial-{best}")).config
    assert config_json.load(str(searched / "s" / "best.json")) == config
    train.main(["--data", tiny_data.data_folder, "--runs", str(tmp_path), "--name", "x", "--config",
                str(searched / "s" / "best.json"), "--epochs", "1"])
    assert runs.read(str(tmp_path / "x")).config == config._replace(epochs=1)
    kept = [number for number in (1, 2, 3) if os.path.isdir(str(searched / "s" / f"trial-{number}" / "checkpoints"))]
    assert kept == [best]


@pytest.mark.slow
def test_a_killed_search_continues_and_trains_no_trial_twice(
        searched, tiny_data, tmp_path, monkeypatch, capsys, caplog):
    caplog.set_level("INFO", "recsys")
    real, trained = Trainer.batches, []

    def batches(self, epoch):  # called once an epoch
        trained.append(os.path.basename(self.folder))
        if len(trained) == 4:
            raise KeyboardInterrupt
        return real(self, epoch)

    monkeypatch.setattr(Trainer, "batches", batches)
    with pytest.raises(KeyboardInterrupt):
        call(tiny_data, tmp_path, 3)
    assert trained == ["trial-1"] * 2 + ["trial-2"] * 2
    call(tiny_data, tmp_path, 3)
    assert trained[4:] == ["trial-2"] + ["trial-3"] * 2
    capsys.readouterr()
    call(tiny_data, tmp_path, 2)  # nothing to train: the table shows all trials that exist
    output = capsys.readouterr().out
    assert "best.json" in caplog.text and "Next: ./run train --data" in caplog.text
    assert len(trained) == 7 and output.count("learning_rate=") == 3 and "best: trial" in output
    for number in (1, 2, 3):
        uninterrupted, killed = (read(folder, "s", f"trial-{number}", "checkpoint.json")["history"]
                                 for folder in (searched, tmp_path))
        assert [record["validation_rmse"] for record in uninterrupted] == pytest.approx(
            [record["validation_rmse"] for record in killed], abs=1e-5)


@pytest.mark.slow
def test_a_trial_that_diverges_is_reported_and_not_repeated(tiny_data, tmp_path, capsys):
    with pytest.raises(UserError, match="every trial failed"):
        call(tiny_data, tmp_path, 2, "--set", "learning_rate=1e30")
    assert capsys.readouterr().out.count("failed") == 2
    assert "is nan" in read(tmp_path, "s", "trial-1", "failed.json")["error"]
    assert not os.path.exists(str(tmp_path / "s" / "best.json"))


@pytest.mark.parametrize("arguments, message", [
    (["--seed", "5"], "holds another search"), (["--set", "epochs=3"], "holds another search"),
    (["--preset", "drawing"], "holds another search")])
def test_the_folder_of_another_search_is_not_changed(searched, tiny_data, arguments, message):
    before = sorted(os.listdir(str(searched / "s")))
    with pytest.raises(UserError, match=message):
        call(tiny_data, searched, 3, *arguments)
    assert sorted(os.listdir(str(searched / "s"))) == before


def test_the_folder_of_a_run_is_refused(tiny_run):
    with pytest.raises(UserError, match="holds another search, or something else"):
        search.main(["--data", tiny_run.data_folder, "--runs", os.path.dirname(tiny_run.run_folder), "--name", "tiny"])


@pytest.mark.parametrize("arguments, message", [
    (["--data", "nowhere"], "no artefact there"), (["--set", "filter=7"], "unknown field 'filter'"),
    (["--set", "batch_size=0"], "batch_size 0 is not 1 or more")])
def test_a_wrong_argument_leaves_no_folder(tmp_path, tiny_data, arguments, message):
    with pytest.raises(UserError, match=message) as error:
        search.main(["--data", tiny_data.data_folder, "--runs", str(tmp_path / "r"), *arguments])
    assert "\n" not in str(error.value) and not (tmp_path / "r").exists()


@pytest.mark.parametrize("arguments, message", [
    (["--budget", "0"], "--budget 0: give 1 trial or more"), (["--name", "a/b"], "plain folder name"),
    (["--seed", "-3", "--set", "seed=3"], "--seed -3: give 0 or more"), (["--set", "filters"], "give FIELD=VALUE"),
    (["--budget", "many"], "invalid int")])
def test_wrong_arguments(arguments, message, capsys):
    with pytest.raises(SystemExit) as stop:
        search.parse_args(arguments)
    error = capsys.readouterr().err
    assert stop.value.code == 2 and message in error and error.count("\n") == 1
