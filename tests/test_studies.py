"""Studies of many runs: each is made once, gone on with, and told in tables."""
import json
import os
import re

import numpy as np
import pytest

import ablation
import results
import study
from command import UserError
from models import config as configs
from models import runs
from tests.calling import ROOT, ended, one_line


class Calls:
    """Children that note what they were asked to run, and run it in this process."""

    def __init__(self):
        self.commands = []

    def run(self, title, arguments):
        import evaluate
        import train

        name = os.path.basename(arguments[0])
        assert arguments[0] == os.path.join(ROOT, name)  # wherever one stands
        self.commands.append(name)
        {"train.py": train, "evaluate.py": evaluate}[name].main(arguments[1:])


SMALL = {"filters": 7, "attention_dim": 8, "latent_dim": 5, "batch_size": 32, "epochs": 1}


@pytest.fixture(scope="module")
def measured(tiny_data, tmp_path_factory):
    """(folder of the runs, trials, reports, commands that were run) of a study of two seeds."""
    folder = str(tmp_path_factory.mktemp("study"))
    trials = [study.Trial(f"t-{seed}", "default", dict(SMALL, seed=seed)) for seed in (1, 2)]
    calls = Calls()
    reports = study.measure(calls, trials, tiny_data.data_folder, folder)
    return folder, trials, reports, calls.commands


def test_a_study_trains_and_evaluates_each_trial(measured):
    folder, trials, reports, commands = measured
    assert commands == ["train.py", "evaluate.py"] * 2
    assert [report["run"] for report in reports] == ["t-1", "t-2"]
    assert runs.read(os.path.join(folder, "t-1"))[1].seed == 1
    assert reports[0]["explanation"] != reports[1]["explanation"]


def test_what_stands_is_not_made_again(measured, tiny_data):
    folder, trials, reports, _ = measured
    calls = Calls()
    assert study.measure(calls, trials, tiny_data.data_folder, folder) == reports
    assert calls.commands == []


def test_a_study_that_was_killed_goes_on(measured, tiny_data):
    """A run that stopped before its calibration, and one that was never evaluated."""
    folder, trials, reports, _ = measured
    pointer = os.path.join(folder, "t-1", "checkpoint.json")
    with open(pointer) as text:
        state = json.load(text)
    runs.write_json(pointer, {key: value for key, value in state.items() if key != "finished"})
    os.remove(os.path.join(folder, "t-1", "evaluation", "report.json"))
    calls = Calls()
    again = study.measure(calls, trials, tiny_data.data_folder, folder)
    assert calls.commands == ["train.py", "evaluate.py"]
    assert again[0]["ratings"] == reports[0]["ratings"] and again[1] == reports[1]


def test_another_run_of_that_name_is_refused(measured, tiny_data):
    folder, trials, _, _ = measured
    other = [trials[0]._replace(settings=dict(SMALL, seed=1, l2=.5))]
    with pytest.raises(UserError, match="t-1: another run than this study's; move it away"):
        study.measure(Calls(), other, tiny_data.data_folder, folder)


def test_pairs_that_cannot_be_read(measured, tmp_path):
    with pytest.raises(UserError, match="pairs.npz: cannot be read"):
        study.read_pairs(str(tmp_path))
    (tmp_path / "evaluation").mkdir()
    (tmp_path / "evaluation" / "pairs.npz").write_bytes(b"PK\x03\x04 cut short")
    with pytest.raises(UserError, match="pairs.npz: cannot be read"):
        study.read_pairs(str(tmp_path))


def test_means_over_seeds(measured):
    folder, trials, reports, _ = measured
    users, found = results.mean_over_seeds([os.path.join(folder, trial.name) for trial in trials])
    assert len(users) == reports[0]["test_pairs"]
    for name in ("planted_auc", "retrieval_auc"):
        wanted = np.mean([report["explanation"][name] for report in reports])
        assert np.nanmean(found["deeprecsys"][name]) == pytest.approx(wanted)


def test_tables_of_results(measured, tiny_data, monkeypatch, tmp_path):
    folder, trials, reports, _ = measured
    lines = results.ratings_table({"default": reports})
    errors = [report["ratings"]["deeprecsys"]["rmse"] for report in reports]
    assert any(line.startswith("| **default** |") and f"{np.mean(errors):.4f} ± " in line for line in lines)
    told = {"retrieval_auc": .75}
    rules = {"tfidf": {"retrieval_auc": .5, "difference": {
        "retrieval_auc": {"difference": .25, "low": .125, "high": .5}}}}
    assert results.explanation_table(told, rules)[-1] == "| tfidf | 0.5000 (+0.2500 [+0.1250, +0.5000]) |"


@pytest.mark.parametrize("values, text", [([.5], "0.500"), ([.5, .5], "0.500"), ([.25, .75], "0.500 ± 0.354")])
def test_spread(values, text):
    assert study.spread(values) == text


def test_every_line_of_the_ablation_is_a_sound_configuration():
    lines = ablation.trials([2017, 2018], 10)
    found = [configs.override(configs.PRESETS[trial.preset], trial.settings) for _, _, group in lines
             for trial in group]
    assert len(set(found)) == len(found) == 2 * len(ablation.ADDED + ablation.FLIPPED)
    assert len({trial.name for _, _, group in lines for trial in group}) == len(found)
    last = found[2 * len(ablation.ADDED) - 2]  # all that was added is the default but for usefulness
    default = configs.ModelConfig(epochs=10)
    assert {field for field in default._fields if getattr(default, field) != getattr(last, field)} == {
        "usefulness", "usefulness_loss"}


def test_table_of_the_ablation():
    def report(value):
        return {"explanation": dict.fromkeys(ablation.COLUMNS, value), "ratings": {"deeprecsys": {"rmse": value}}}

    lines = ablation.trials([1, 2], 3)[:2]
    rows = ablation.table(lines, [report(value) for value in (.25, .75, 1., 1.)])
    assert len(rows) == 4 and rows[2].count("0.500 ± 0.354") == 5 and rows[3].count("1.000") == 5
    assert rows[2].endswith(f"{lines[0][1]} |")


def test_the_readme_shows_the_tables_as_they_are():
    """Every table that README.md takes from a file is that file's, and there are some."""
    with open(study.README, encoding="utf-8") as text:
        readme = text.read()
    paths = re.findall(r"<!-- (\S+\.md) -->", readme)
    assert paths
    for path in paths:
        with open(os.path.join(ROOT, path), encoding="utf-8") as text:
            assert study.with_table(readme, path, text.read().splitlines()) == readme, path


def test_a_table_is_put_into_its_place():
    text = "a\n<!-- t.md -->\nold\nold\n<!-- end -->\nb\n<!-- end -->\n"
    assert study.with_table(text, "t.md", ["new"]) == "a\n<!-- t.md -->\nnew\n<!-- end -->\nb\n<!-- end -->\n"
    assert study.with_table(text, "other.md", ["new"]) == text


def test_mistakes(tmp_path):
    assert "no sample corpus with planted truth there" in one_line(ended("ablation.py", "--data", str(tmp_path)))
    assert "no artefact there" in one_line(ended("results.py", "--data", str(tmp_path)))
    assert "--seeds and --epochs must be 1 or more" in one_line(ended("results.py", "--seeds", "0"))
    (tmp_path / "file").write_text("")
    assert "--out" in one_line(ended("results.py", "--out", str(tmp_path / "file" / "out")))
    assert "--presets" in one_line(ended("results.py", "--presets", "best"))
