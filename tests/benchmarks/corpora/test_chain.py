"""The whole chain runs on a small corpus, and goes on from what is finished in its folder."""
import json

import pytest

from benchmarks.corpora import chain
from runtime.cli import UserError


@pytest.mark.slow
def test_every_command_is_measured_and_what_is_finished_is_not_repeated(tmp_path, capfd):
    out = tmp_path / "figures.json"
    flags = ["--reviews", "1003", "--seconds", "1", "--folder", str(tmp_path / "chain"), "--out", str(out)]
    chain.main(flags)
    figures = json.loads(out.read_text())
    assert set(figures["steps"]) == {"generate", "preprocess", "train", "evaluate", "export", "shop"}
    assert all(value > 0 for step in figures["steps"].values() for value in step.values())
    assert all(found["pages"] and not found["failed"] for found in figures["pages"].values())
    first = capfd.readouterr().out

    chain.main(flags)
    again = capfd.readouterr()
    assert json.loads(out.read_text()) == figures and "epoch" not in again.err
    assert again.out.splitlines()[-1] == first.splitlines()[-1]


def test_a_step_that_fails_ends_the_chain_with_its_exit_code_and_is_run_again(tmp_path):
    folder = tmp_path / "chain"
    folder.mkdir()
    (folder / "reviews.json.gz").write_bytes(b"no archive")
    done = {"sizes": {"reviews": 1000, "epochs": 1, "users": 2000},
            "steps": {"generate": {"seconds": 1, "cpu": 1, "mib": 1, "own_mib": 1}}}
    (folder / "figures.json").write_text(json.dumps(done))
    with pytest.raises(SystemExit) as stop:
        chain.main(["--folder", str(folder), "--reviews", "1000"])
    assert stop.value.code == 2 and json.loads((folder / "figures.json").read_text()) == done
    with pytest.raises(UserError, match="not of .*; give another --folder"):
        chain.main(["--folder", str(folder), "--reviews", "2000"])


def test_too_few_reviews_are_refused(capsys):
    with pytest.raises(SystemExit):
        chain.parse_args(["--reviews", "7"])
    assert "--reviews 7: give 1000 or more" in capsys.readouterr().err
