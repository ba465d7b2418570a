"""`./run calibrate` chooses what training chose, also of a run whose weights were changed."""
import json
import shutil

import numpy as np
import pytest

from commands import calibrate
from models.inference import trained
from models.run_folder import layout, progress
from models.run_folder.checkpoints import Checkpoints
from runtime import cli
from runtime.tf1 import tf


@pytest.fixture
def copy(tiny_run, tmp_path):
    """(folder of all runs, folder of a copy of the tiny run)."""
    for part in ("data", "runs"):
        shutil.copytree(f"{tiny_run.folder}/{part}", str(tmp_path / part))
    return str(tmp_path / "runs"), str(tmp_path / "runs" / "tiny")


def weights(folder):
    run = trained.load(folder)
    test = run.artefact.test
    return run.predictor.alone("item_weights", test.user, test.item, test.review)


def test_it_chooses_what_training_chose(copy):
    runs, folder = copy
    before, pointer = weights(folder), progress.read(folder)
    run = trained.load(folder)
    run.predictor.network.mix.load(.9, run.predictor.session)
    run.predictor.network.length_scale.load(5., run.predictor.session)
    with run.predictor.session.graph.as_default():
        Checkpoints(folder, tf.global_variables()).save_final(run.predictor.session, pointer)
    assert abs(weights(folder) - before).max() > 1e-3
    calibrate.main(["--run", "tiny", "--runs", runs])
    np.testing.assert_allclose(weights(folder), before, atol=1e-5)
    after = progress.read(folder)
    assert after["calibrated"] == pytest.approx(pointer["calibrated"], rel=1e-4)
    assert {key: after[key] for key in ("best", "last", "finished", "history")} == {
        key: pointer[key] for key in ("best", "last", "finished", "history")}


def test_an_unfinished_run_is_refused_and_left_as_it_is(copy):
    runs, folder = copy
    path = f"{folder}/{layout.POINTER}"
    with open(path, encoding="utf-8") as text:
        state = dict(json.load(text), finished=False)
    with open(path, "w", encoding="utf-8") as text:
        json.dump(state, text)
    with pytest.raises(cli.UserError, match="--resume"):
        calibrate.main(["--run", "tiny", "--runs", runs])
    assert progress.read(folder) == state


def test_a_run_that_cannot_be_written_is_as_it_was(copy, monkeypatch):
    runs, folder = copy
    before = progress.read(folder)

    def full(self, session, state):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Checkpoints, "save_final", full)
    with pytest.raises(cli.UserError, match="No space left"):
        calibrate.main(["--run", "tiny", "--runs", runs])
    assert progress.read(folder) == before
