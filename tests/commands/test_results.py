"""`./run results --quick`, as it stands: from nothing to tables, and again without doing anything twice."""
import json
import os
import shutil

import pytest

from commands import results
from experiments import comparison, peers, study
from models import config as configs
from runtime.cli import UserError
from tests.support.calling import ended


@pytest.fixture(scope="module")
def quick(tmp_path_factory):
    """(folder, finished process) of a quick study."""
    folder = tmp_path_factory.mktemp("quick")
    return folder, again(folder)


def again(folder):
    return ended("-m", "commands.results", "--quick", "--workers", "2", "--runs", str(folder / "runs"), "--out",
                 str(folder / "out"))


@pytest.mark.slow
def test_two_models_and_one_seed_from_nothing(quick):
    folder, process = quick
    assert process.returncode == 0, process.stderr
    record = json.loads((folder / "out" / "quick.json").read_text())
    assert record["seeds"] == [2017] and set(record["settings"]) == {"default", "narre"}
    assert {"deeprecsys", "narre", "bias", "mf", "mean"} <= set(record["ratings"])
    assert {"deeprecsys", "narre", "random", "swapped", "centroid_tfidf"} <= set(record["explanations"])
    assert record["personality"]["says"] and "| **default** |" in process.stdout
    assert ("svd" in record["ratings"]) == peers.installed() == ("svd" not in record["absent"])
    names = set(os.listdir(str(folder / "out")))
    assert {"quick.md", "quick_full.md", "quick.json", "quick_ratings.png", "quick_validation.png",
            "quick_entropy.png", "quick_personality.png", "quick_agreement_cosine_1.png"} <= names
    assert sorted(name for name in os.listdir(str(folder / "runs" / "quick")) if "." not in name) == [
        "default-0-2017", "default-0-3017", "narre-0-2017"]


@pytest.mark.slow
def test_what_stands_is_counted_once_and_gives_the_same_table(quick):
    """An evaluation was lost: it alone is made again, and the table is the same."""
    folder, _ = quick
    before = (folder / "out" / "quick.json").read_text()
    report = folder / "runs" / "quick" / "narre-0-2017" / "evaluation" / "report.json"
    report.unlink()
    process = again(folder)
    assert process.returncode == 0, process.stderr
    assert process.stderr.count(": made") == 1 and "narre-0-2017: made" in process.stderr
    assert (folder / "out" / "quick.json").read_text() == before


@pytest.mark.slow
def test_settings_that_were_not_chosen_before_are_trained_again(quick):
    """The study itself took their weights; with another budget they may be the chosen ones."""
    folder, _ = quick
    before = (folder / "out" / "quick.json").read_text()
    run = folder / "runs" / "quick" / "narre-0-2017"
    (run / "evaluation" / "report.json").unlink()
    shutil.rmtree(str(run / "checkpoints"))
    process = again(folder)
    assert process.returncode == 0, process.stderr
    assert process.stderr.count(": made") == 1 and (run / "checkpoints").is_dir()
    assert (folder / "out" / "quick.json").read_text() == before


def test_mistakes(capsys):
    for flags in (["--budget", "0"], ["--workers", "0"], ["--presets", "best"]):
        with pytest.raises(SystemExit):
            results.parse_args(flags)
    with pytest.raises(UserError, match="no artefact there"):
        results.parse_args(["--data", "none"])
    for setting in ("depth=3", "latent_dim=0", "encoder=dense,"):
        with pytest.raises(UserError, match="config: "):
            results.parse_args(["--set", setting])


@pytest.mark.slow
def test_what_is_set_holds_whatever_a_grid_says(quick):
    folder, _ = quick
    data = str(folder / "runs" / "quick-data" / "quick")
    told = comparison.Study(None, data, results.parse_args(["--data", data, "--set", "learning_rate=0.003"]))
    for number in (0, 1):
        trial = told.trial("default", number, 2017)
        assert configs.override(configs.ModelConfig(), trial.settings).learning_rate == .003


def test_default_comes_first_and_seeds_begin_with_the_published_split():
    args = results.parse_args(["--quick", "--seeds", "3"])
    assert list(args.seeds) == [study.FIRST_SEED] and args.presets == ["default", "narre"] and args.budget == 1


@pytest.mark.slow
def test_peers_chosen_from_another_budget_are_not_taken(quick):
    folder, _ = quick
    one, other = (comparison.Study(None, str(folder / "runs" / "quick-data" / "quick"), results.parse_args(
        ["--data", str(folder / "runs" / "quick-data" / "quick"), "--budget", budget])).peers_path(2017)
                  for budget in ("1", "7"))
    assert one != other
