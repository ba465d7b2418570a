"""Studies of many runs: each is made once, gone on with, and told in tables."""
import json
import os
import time

import numpy as np
import pytest

from experiments import ablation, study, tables
from models import config as configs
from models.run_folder import runs
from runtime.cli import UserError
from runtime.project import ROOT, module
from tests.support.calling import ended, one_line


class Calls:
    """Children that note what they were asked to run, and run it in this process."""

    def __init__(self):
        self.commands = []

    def run(self, title, arguments):
        import train
        from commands import evaluate

        if arguments[0] == os.path.join(ROOT, "train.py"):
            self.commands.append("train")
            train.main(arguments[1:])
        else:
            start = module("commands.evaluate")
            assert arguments[:len(start)] == start
            self.commands.append("evaluate")
            evaluate.main(arguments[len(start):])


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
    assert commands == ["train", "evaluate"] * 2
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
    assert calls.commands == ["train", "evaluate"]
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


@pytest.mark.parametrize("values, text", [([.5], "0.500"), ([.5, .5], "0.500"), ([.25, .75], "0.500 ± 0.354")])
def test_spread(values, text):
    assert tables.spread(values, 3) == text


def test_every_line_of_the_ablation_is_a_sound_configuration():
    lines = ablation.trials([2017, 2018], 10, "data")
    found = [(configs.override(configs.PRESETS[trial.preset], trial.settings), trial.data) for _, _, group in lines
             for trial in group]
    assert len(set(found)) == len(found) == 2 * len(
        ablation.ADDED + ablation.FLIPPED + ablation.ALONE + ablation.CONTROLS)
    assert len({trial.name for _, _, group in lines for trial in group}) == len(found)
    last = found[2 * len(ablation.ADDED) - 2][0]  # all that was added is the default but for usefulness
    default = configs.ModelConfig(epochs=10)
    assert {field for field in default._fields if getattr(default, field) != getattr(last, field)} == {
        "usefulness", "usefulness_loss"}
    assert [data for config, data in found if data] == [os.path.join("data", kind) for kind in (
        "dummy", "dummy", "shuffled", "shuffled")]


def test_every_switch_of_the_network_is_turned():
    """All but sizes, numbers that a search chooses, and what only another conv_layout or pool can go with."""
    turned = {field for _, fields in ablation.ALONE for field in fields}
    turned |= {field for _, fields, _ in ablation.ADDED + ablation.FLIPPED for field in fields}
    switches = set(configs.CHOICES) | {field for field, value in configs.ModelConfig()._asdict().items()
                                       if isinstance(value, bool)}
    assert switches - turned == {"conv_layout", "review_pool", "encoder"}


def test_table_of_the_ablation():
    def report(value):
        return {"explanation": dict.fromkeys(ablation.COLUMNS, value), "ratings": {"deeprecsys": {"rmse": value}}}

    lines, gap = ablation.trials([1, 2], 3)[:2], {"difference": -.5, "low": -.75, "high": .25}
    rows = ablation.table(lines, [report(value) for value in (.25, .75, 1., 1.)], [gap] * 2)
    assert len(rows) == 4 and rows[2].count("0.500 ± 0.354") == 7 and rows[3].count("1.000") == 7
    assert rows[2].endswith(f" | -0.5000 [-0.7500, +0.2500] | {lines[0][1]} |")
    without = [{"explanation": {"agreement_cosine_1": 1.}, "ratings": {"deeprecsys": {"rmse": 1.}}}] * 4
    assert ablation.table(lines, without, [gap] * 2)[0].startswith("| | first shown: cosine | test RMSE | default's ")
    untold = ablation.table(lines, without, [gap] * 2, lessons=False)  # what was learned elsewhere
    assert {row.count("|") for row in untold} == {5} and lines[0][1] not in "".join(untold)


def test_lines_of_the_ablation_are_held_against_the_default(tmp_path):
    lines = ablation.trials([1, 2], 3)
    for number, (_, _, group) in enumerate(lines):
        for seed, trial in enumerate(group):
            place = tmp_path / trial.name / "evaluation"
            place.mkdir(parents=True)
            predicted = np.full(5, 4. + (number - ablation.DEFAULT) / 100)
            np.savez(str(place / "pairs.npz"), user=np.arange(5), rating=np.full(5, 4. - seed), shown=np.ones((5, 3)),
                     **{"predicted/deeprecsys": predicted})
    found = ablation.gaps(lines, str(tmp_path))
    assert len(found) == len(lines) and found[ablation.DEFAULT]["difference"] == 0
    step = .03  # of errors 0 and 1 stars off, moved by so many
    assert found[ablation.DEFAULT + 3]["difference"] == pytest.approx(-(step ** 2 + (1 + step) ** 2 - 1) / 2)


@pytest.mark.parametrize("data, label", [
    ("gift_cards", "Gift Cards"), ("musical_instruments", "Musical Instruments"), ("digital_music", "Digital Music")])
def test_the_original_in_the_readme_is_that_of_its_files(data, label):
    with open(os.path.join(ROOT, study.RESULTS, "original", f"{data}.json"), encoding="utf-8") as text:
        record = json.load(text)
    names = "retrieval_auc_centred", "agreement_cosine_1", "agreement_rougel_1"
    ours, original = (record["explanations"][method] for method in ("deeprecsys", "original"))
    rmse = {model: record["ratings"][model]["rmse"][0] for model in ("deeprecsys", "original")}
    with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as text:
        lines = text.read().splitlines()
    at = lines.index(f"| {label}: default | " + " | ".join(f"{ours[name]['mean']:.4f}" for name in names)
                     + f" | {rmse['deeprecsys']:.4f} |")
    gaps = (dict(original[name], p_holm=1) for name in names)  # unstarred
    assert lines[at + 1] == "| original, and our lead | " + " | ".join(
        f"{gap['mean']:.4f} ({tables.interval(gap)})" for gap in gaps) + f" | {rmse['original']:.4f} |"


def test_jobs_are_done_once_and_counted(caplog):
    done = []

    def job(name, made):
        return study.Job(name, lambda: done.append(name) or made)

    with caplog.at_level("INFO", "recsys"):
        study.go_through([job("a", False), job("b", True), job("c", True)], workers=2)
    assert sorted(done) == ["a", "b", "c"]
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == 3 and lines[-1].startswith("[3/3] ") and "left" not in lines[-1]
    assert sum("stands already" in line for line in lines) == 1


@pytest.mark.parametrize("workers", [1, 2])
def test_a_job_that_fails_ends_the_study(workers):
    begun = []

    def fail():
        raise SystemExit(3)

    with pytest.raises(SystemExit):
        study.go_through([study.Job("bad", fail)] + [
            study.Job(str(number), lambda: begun.append(1) or time.sleep(.05) or True) for number in range(50)],
            workers)
    assert len(begun) < 10


def test_mistakes(tmp_path):
    assert "no artefact there" in one_line(ended("-m", "commands.ablation", "--data", str(tmp_path)))
    assert "no artefact there" in one_line(ended("-m", "commands.results", "--data", str(tmp_path)))
    assert "--seeds and --epochs must be 1 or more" in one_line(ended("-m", "commands.results", "--seeds", "0"))
    (tmp_path / "file").write_text("")
    assert "--out" in one_line(ended("-m", "commands.results", "--out", str(tmp_path / "file" / "out")))
    assert "--runs" in one_line(ended("-m", "commands.results", "--runs", str(tmp_path / "file")))
    assert "--runs" in one_line(ended("-m", "commands.ablation", "--runs", str(tmp_path / "file")))
    assert "--presets" in one_line(ended("-m", "commands.results", "--presets", "best"))
