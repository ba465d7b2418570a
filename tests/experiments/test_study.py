"""Studies of many runs: each run is made once, and a study that was killed continues."""
import json
import os
from types import SimpleNamespace

import pytest

from experiments import pairs, study
from models import config as configs
from models.run_folder import runs
from preprocessing import artefact as contract
from runtime.cli import UserError
from tests.experiments.in_process import InProcess
from tests.support.calling import ended, one_line

SMALL = {"filters": 7, "attention_dim": 8, "latent_dim": 5, "batch_size": 32, "epochs": 1}


@pytest.fixture(scope="module")
def measured(tiny_data, tmp_path_factory):
    """(folder of the runs, trials, reports, commands that were run) of a study of two seeds."""
    folder = str(tmp_path_factory.mktemp("study"))
    trials = [study.Trial(f"t-{seed}", "default", dict(SMALL, seed=seed)) for seed in (1, 2)]
    children = InProcess()
    reports = study.reports_of(children, trials, tiny_data.data_folder, folder)
    return folder, trials, reports, children.commands


def test_a_study_trains_and_evaluates_each_trial(measured):
    folder, trials, reports, commands = measured
    assert commands == ["train", "evaluate"] * 2
    assert [report["run"] for report in reports] == ["t-1", "t-2"]
    assert runs.read(os.path.join(folder, "t-1")).config.seed == 1
    assert reports[0]["explanation"] != reports[1]["explanation"]


def test_a_run_that_exists_is_not_made_again(measured, tiny_data):
    folder, trials, reports, _ = measured
    children = InProcess()
    assert study.reports_of(children, trials, tiny_data.data_folder, folder) == reports
    assert children.commands == []


def test_a_killed_study_continues(measured, tiny_data):
    """One run stopped before its calibration and was never evaluated; the other is complete."""
    folder, trials, reports, _ = measured
    pointer = os.path.join(folder, "t-1", "checkpoint.json")
    with open(pointer) as text:
        state = json.load(text)
    runs.write_json(pointer, {key: value for key, value in state.items() if key != "finished"})
    os.remove(os.path.join(folder, "t-1", "evaluation", "report.json"))
    children = InProcess()
    again = study.reports_of(children, trials, tiny_data.data_folder, folder)
    assert children.commands == ["train", "evaluate"]
    assert again[0]["ratings"] == reports[0]["ratings"] and again[1] == reports[1]


def test_another_run_in_the_folder_of_a_trial_is_refused(measured, tiny_data):
    folder, trials, _, _ = measured
    other = [trials[0]._replace(settings=dict(SMALL, seed=1, l2=.5))]
    with pytest.raises(UserError, match="t-1: holds another run than this study's"):
        study.reports_of(InProcess(), other, tiny_data.data_folder, folder)


def test_a_run_whose_batch_was_lowered_to_the_training_rows_is_that_of_its_trial(tiny_data, tmp_path):
    """`./run train` lowers batch_size on small data, so the config of the run is not that of the trial."""
    trial = study.Trial("t", "default", dict(SMALL, batch_size=10 ** 6))
    wanted = configs.override(configs.PRESETS["default"], trial.settings)
    config = configs.fitted(wanted, contract.load(tiny_data.data_folder))
    runs.create(str(tmp_path / "t"), tiny_data.data_folder, "default", config)
    commands = []
    children = SimpleNamespace(run=lambda title, arguments: commands.append(arguments))
    study.make(children, trial, tiny_data.data_folder, str(tmp_path))
    assert config.batch_size < 10 ** 6 and "--resume" in commands[0] and len(commands) == 2
    for field, value in (("batch_size", 5), ("l2", .5)):
        other = trial._replace(settings=dict(trial.settings, **{field: value}))
        with pytest.raises(UserError, match="holds another run"):
            study.make(children, other, tiny_data.data_folder, str(tmp_path))


def test_pairs_that_cannot_be_read(measured, tmp_path):
    with pytest.raises(UserError, match="pairs.npz: cannot be read"):
        pairs.read(str(tmp_path))
    (tmp_path / "evaluation").mkdir()
    (tmp_path / "evaluation" / "pairs.npz").write_bytes(b"PK\x03\x04 cut short")
    with pytest.raises(UserError, match="pairs.npz: cannot be read"):
        pairs.read(str(tmp_path))


def test_mistakes(tmp_path):
    assert "no artefact there" in one_line(ended("-m", "commands.ablation", "--data", str(tmp_path)))
    assert "no artefact there" in one_line(ended("-m", "commands.results", "--data", str(tmp_path)))
    assert "--seeds and --epochs must be 1 or more" in one_line(ended("-m", "commands.results", "--seeds", "0"))
    (tmp_path / "file").write_text("")
    assert "--out" in one_line(ended("-m", "commands.results", "--out", str(tmp_path / "file" / "out")))
    assert "--runs" in one_line(ended("-m", "commands.results", "--runs", str(tmp_path / "file")))
    assert "--runs" in one_line(ended("-m", "commands.ablation", "--runs", str(tmp_path / "file")))
    assert "--presets" in one_line(ended("-m", "commands.results", "--presets", "best"))
