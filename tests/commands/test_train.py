"""The command `train`: flags change the configuration; an error is one line and writes nothing."""
import json
import os

import pytest

import train
from models import config as configs
from models.run_folder import runs
from runtime.cli import UserError
from tests.conftest import TINY_SIZES
from tests.support.calling import ended, one_line


def settings(*arguments):
    return train.parse_args(list(arguments)).settings


def test_the_published_flags_set_fields():
    assert settings("-l", ".01", "-r", ".1", "-d", ".7", "-e", "3", "-s", "5") == settings(
        "--lr", ".01", "--reg", ".1", "--dropout", ".7", "--epoch", "3", "--seed", "5") == {
            "learning_rate": .01, "l2": .1, "dropout_keep_prob": .7, "epochs": 3, "seed": 5}
    assert settings() == {}


def test_any_field_can_be_set():
    assert settings("--set", "filters=7", "--set", "usefulness=off") == {
        "filters": "7", "usefulness": "off"}
    assert settings("--set", "epochs=9", "-e", "3") == {"epochs": 3}


@pytest.mark.parametrize("arguments, message", [(["--set", "filters"], "give FIELD=VALUE"),
                                                (["--name", "a/b"], "plain folder name"),
                                                (["--name", ".x"], "plain"),
                                                (["--name", "../a"], "plain folder name"),
                                                (["--name", "/tmp/a"], "plain folder name"),
                                                (["--name", "a/"], "plain folder name"),
                                                (["--name", ".."], "plain folder name"),
                                                (["--preset", "best"], "invalid choice"),
                                                (["-e", "many"], "invalid int"),
                                                (["--config", "a.json", "--preset", "narre"],
                                                 "--config a.json has values of all fields")])
def test_wrong_arguments(arguments, message, capsys):
    with pytest.raises(SystemExit) as stop:
        train.parse_args(arguments)
    error = capsys.readouterr().err
    assert stop.value.code == 2 and message in error and error.count("\n") == 1


def call(tiny, folder, *arguments):
    train.main(["--data", tiny.data_folder, "--runs", str(folder)] + list(arguments))


@pytest.mark.parametrize(
    "arguments, message",
    [(["-e", "0"], "config: epochs 0 is not 1 or more"),
     (["-l", "-1"], "learning_rate -1.0 is not above 0"),
     (["-l", "0"], "learning_rate 0.0 is not above 0"), (["-l", "nan"], "learning_rate"),
     (["-l", "inf"], "learning_rate"), (["-r", "-.5"], "l2 -0.5 is not 0 or more"),
     (["-d", "-.5"], "dropout_keep_prob -0.5 is not above 0"),
     (["--set", "own_review_loss=-1"], "own_review_loss -1.0 is not 0 or more"),
     (["--set", "batch_size=-3"], "batch_size -3 is not 1 or more"),
      (["--set", "filter=7"], "unknown field 'filter'"),
     (["--set", "l2=low"], "l2 'low' is not of type float"),
     (["--set", "offsets=learned"], "contradicts"),
     (["--preset", "original", "--set", "window=999"], "window 999 is wider"),
     (["--config", "none.json"], "none.json: cannot be read"),
     (["--resume"], "--run tiny-default: not a run"), (["--data", "nowhere"], "no artefact there")])
def test_an_error_writes_nothing(tiny_data, tmp_path, arguments, message):
    with pytest.raises(UserError, match=message) as error:
        call(tiny_data, tmp_path, *arguments)
    assert "\n" not in str(error.value) and os.listdir(str(tmp_path)) == []


def test_a_configuration_from_a_file(tiny_run, tmp_path, caplog):
    """The config.json of another run, with one field changed. The run is named, and recorded, as that of a file."""
    caplog.set_level("INFO", "recsys")
    call(tiny_run, tmp_path, "--config", os.path.join(tiny_run.run_folder, "config.json"), "-e",
         "1")
    record, config, _ = runs.read(str(tmp_path / "tiny-config"))
    assert record["preset"] == "config" and config == runs.read(tiny_run.run_folder).config._replace(epochs=1)
    state = json.loads((tmp_path / "tiny-config" / "checkpoint.json").read_text())
    assert state["finished"]
    assert "Calibrating" in caplog.text
    *_, result, following = caplog.messages
    assert "best epoch 1" in result
    assert f"{state['history'][0]['validation_rmse']:.4f} before calibration" in result
    assert f"{state['calibrated_validation_rmse']:.4f} after" in result
    assert following.count(f"--run tiny-config --runs {tmp_path}") == 2 and "./run export" in following


def test_an_existing_run_is_refused_and_unchanged(tiny_run):
    before = sorted(os.listdir(tiny_run.run_folder))
    all_runs = os.path.dirname(tiny_run.run_folder)
    with pytest.raises(UserError,
                       match="a run of this name exists; give another --name, or --resume it"):
        call(tiny_run, all_runs, "--name", "tiny")
    with pytest.raises(UserError, match="this run is finished"):
        call(tiny_run, all_runs, "--name", "tiny", "--resume", "-e", "2", *TINY_SIZES)
    with pytest.raises(UserError, match="--resume cannot change the settings of a run"):
        call(tiny_run, all_runs, "--name", "tiny", "--resume", "-e", "5")
    assert sorted(os.listdir(tiny_run.run_folder)) == before


def test_an_existing_folder_that_is_no_run_is_refused(tiny_data, tmp_path):
    (tmp_path / "r").mkdir()
    with pytest.raises(UserError,
                       match="r: already exists and is no run"):
        call(tiny_data, tmp_path, "--name", "r")


def test_a_folder_that_cannot_be_made_is_reported(tiny_data, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match=r"file/r: cannot be made \(Not a directory\)"):
        call(tiny_data, tmp_path / "file", "--name", "r")
    assert os.listdir(str(tmp_path)) == ["file"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_missing_permission_is_reported(tiny_data, tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(UserError, match=r"r: cannot be made \(Permission denied\)"):
        call(tiny_data, tmp_path, "--name", "r")


def test_resuming_needs_no_data_flag(tiny_run, monkeypatch):
    monkeypatch.chdir(tiny_run.folder)  # where no data/sample is
    with pytest.raises(UserError, match="this run is finished"):
        train.main(["--name", "tiny", "--resume"])


def test_the_command_ends_with_code_2_and_one_line(tmp_path):
    assert "no artefact there" in one_line(ended("train.py", "--data", str(tmp_path), "--runs",
                                                 str(tmp_path / "r")))
    assert "see ./run train --help" in one_line(ended("train.py", "--speed", "3"))
    assert not (tmp_path / "r").exists()


def test_help_names_the_defaults(capsys):
    with pytest.raises(SystemExit) as stop:
        train.parse_args(["--help"])
    text = " ".join(capsys.readouterr().out.split())
    assert stop.value.code == 0 and "a keep probability; default of deeprecsys: 0.5" in text
    assert f"epochs; default of deeprecsys: {configs.ModelConfig().epochs}" in text
