"""`./run results --quick`: from nothing to tables, and again without making anything twice."""
import json
import os
import shutil

import pytest

from commands import results
from experiments import comparison, flags, peers
from models import config as configs
from runtime import processes
from runtime.cli import UserError
from tests.experiments.in_process import InProcess
from tests.support.calling import ended


@pytest.fixture(scope="module")
def quick(tmp_path_factory):
    """(folder, finished process) of a quick study."""
    folder = tmp_path_factory.mktemp("quick")
    return folder, ended("-m", "commands.results", *flags_of(folder))


def flags_of(folder, workers=2):
    return ["--quick", "--workers", str(workers), "--runs", str(folder / "runs"), "--out", str(folder / "out")]


@pytest.mark.slow
def test_two_models_and_one_seed_from_nothing(quick):
    folder, process = quick
    assert process.returncode == 0, process.stderr
    record = json.loads((folder / "out" / "quick.json").read_text())
    assert record["seeds"] == [2017] and set(record["settings"]) == {"default", "narre"}
    assert {"deeprecsys", "narre", "bias", "mf", "mean"} <= set(record["ratings"])
    assert {"deeprecsys", "narre", "random", "swapped", "centroid_tfidf"} <= set(record["explanations"])
    assert record["personality"]["says"] and "| **deeprecsys** |" in process.stdout
    assert ("svd" in record["ratings"]) == peers.installed() == ("svd" not in record["absent"])
    names = set(os.listdir(str(folder / "out")))
    assert {"quick.md", "quick_full.md", "quick.json", "quick_ratings.png", "quick_validation.png",
            "quick_entropy.png", "quick_personality.png", "quick_agreement_cosine_1.png"} <= names
    assert sorted(name for name in os.listdir(str(folder / "runs" / "quick")) if "." not in name) == [
        "default-0-2017", "default-0-3017", "narre-0-2017"]


@pytest.mark.slow
def test_what_is_missing_is_made_again_and_gives_the_same_record(quick, monkeypatch, caplog):
    """One run lost its evaluation. Another one lost its weights too, as settings do that a study did not choose:
    another budget may choose them later."""
    folder, _ = quick
    before = (folder / "out" / "quick.json").read_text()
    unevaluated, untrained = (folder / "runs" / "quick" / name for name in ("default-0-3017", "narre-0-2017"))
    for run in (unevaluated, untrained):
        (run / "evaluation" / "report.json").unlink()
    shutil.rmtree(str(untrained / "checkpoints"))
    children = InProcess()
    monkeypatch.setattr(processes, "Children", lambda: children)
    with caplog.at_level("INFO", "recsys"):
        results.main(flags_of(folder, workers=1))
    made = [record.getMessage() for record in caplog.records if ": made" in record.getMessage()]
    assert len(made) == 2 and untrained.name in made[0] and unevaluated.name in made[1]
    assert children.commands == ["train", "evaluate", "evaluate"] and (untrained / "checkpoints").is_dir()
    assert (folder / "out" / "quick.json").read_text() == before


def test_mistakes(capsys):
    for arguments in (["--budget", "0"], ["--own_budget", "0"], ["--workers", "0"], ["--presets", "best"]):
        with pytest.raises(SystemExit):
            results.parse_args(arguments)
    with pytest.raises(UserError, match="no artefact there"):
        results.parse_args(["--data", "none"])
    for setting in ("depth=3", "latent_dim=0", "encoder=dense,"):
        with pytest.raises(UserError, match="config: "):
            results.parse_args(["--set", setting])


@pytest.mark.slow
def test_set_overrides_the_grids(quick):
    folder, _ = quick
    data = str(folder / "runs" / "quick-data" / "quick")
    study = comparison.Comparison(None, data, results.parse_args(["--data", data, "--set", "learning_rate=0.003"]))
    for number in (0, 1):
        trial = study.trial("default", number, 2017)
        assert configs.override(configs.ModelConfig(), trial.settings).learning_rate == .003


def test_default_is_the_first_preset_and_the_published_split_the_first_seed():
    args = results.parse_args(["--quick", "--seeds", "3"])
    assert list(args.seeds) == [flags.FIRST_SEED] and args.presets == ["default", "narre"] and args.budget == 1


@pytest.mark.slow
def test_peers_chosen_from_another_budget_are_not_used(quick):
    folder, _ = quick
    data = str(folder / "runs" / "quick-data" / "quick")
    small, large = (comparison.Comparison(None, data, results.parse_args(
        ["--data", data, "--budget", budget])).peers_path(2017) for budget in ("1", "7"))
    assert small != large


@pytest.mark.slow
def test_tables_are_made_anew_from_a_record(quick, tmp_path, capsys):
    folder, _ = quick
    results.main(["--from", str(folder / "out" / "quick.json"), "--out", str(tmp_path), "--runs", str(folder / "runs")])
    for name in ("quick.md", "quick_full.md", "quick.json"):
        assert (tmp_path / name).read_text() == (folder / "out" / name).read_text()
    assert capsys.readouterr().out == ""
