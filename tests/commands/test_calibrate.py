"""`./run calibrate` makes a run of an older one, which stays as it is, and chooses what training chose."""
import json
import os
import shutil

import numpy as np
import pytest

import train
from commands import calibrate
from models.inference import trained
from models.run_folder import checkpoints, layout, progress
from models.run_folder.checkpoints import Checkpoints
from runtime import cli
from runtime.files import sha256


def weights(folder):
    run = trained.load(folder)
    test = run.artefact.test
    return run.predictor.alone("item_weights", test.user, test.item, test.review)


def files(folder):
    """{path: checksum} of all files in a folder."""
    paths = (os.path.join(place, name) for place, _, names in os.walk(folder) for name in names)
    return {path: sha256(path) for path in paths}


def test_it_chooses_what_training_chose_and_leaves_the_run_as_it_is(copied_run):
    runs, folder = copied_run
    before, pointer = files(folder), progress.read(folder)
    calibrate.main(["--run", "tiny", "--runs", runs, "--name", "anew"])
    assert files(folder) == before
    anew = os.path.join(runs, "anew")
    np.testing.assert_allclose(weights(anew), weights(folder), atol=1e-5)
    after = progress.read(anew)
    assert after["calibrated"] == pytest.approx(pointer["calibrated"], rel=1e-4)
    for key in ("best", "last", "finished", "history", progress.CALIBRATED_RMSE):
        assert after[key] == pointer[key] or after[key] == pytest.approx(pointer[key], rel=1e-5)
    assert trained.load(anew).order.ndcg == pytest.approx(trained.load(folder).order.ndcg)


def test_a_run_of_an_older_version_with_fewer_fields_is_taken(copied_run):
    runs, folder = copied_run
    path = os.path.join(folder, layout.CONFIG)
    with open(path, encoding="utf-8") as text:
        record = json.load(text)
    record["model"].pop("epochs_per_pass")
    with open(path, "w", encoding="utf-8") as text:
        json.dump(record, text)
    for name in os.listdir(os.path.join(folder, layout.CHECKPOINTS)):
        checkpoints._write_owner(folder, os.path.join(folder, layout.CHECKPOINTS, name))
    calibrate.main(["--run", "tiny", "--runs", runs, "--name", "anew"])
    assert progress.is_complete(os.path.join(runs, "anew"))


@pytest.mark.parametrize("stopped", ["calibrate_and_save", "choose_order"])
def test_one_that_was_stopped_is_completed_by_resume(copied_run, monkeypatch, stopped):
    from models.training import final
    from user_modeling import aspects

    runs, folder = copied_run
    owner = final if stopped == "calibrate_and_save" else aspects

    def stop(*arguments, **named):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(owner, stopped, stop)
        with pytest.raises(KeyboardInterrupt):
            calibrate.main(["--run", "tiny", "--runs", runs, "--name", "anew"])
    anew = os.path.join(runs, "anew")
    assert not progress.is_complete(anew)
    train.main(["--name", "anew", "--runs", runs, "--resume"])
    assert progress.is_complete(anew)
    np.testing.assert_allclose(weights(anew), weights(folder), atol=1e-5)


def test_what_cannot_be_taken_is_refused_and_leaves_nothing(copied_run, monkeypatch):
    runs, folder = copied_run
    arguments = ["--run", "tiny", "--runs", runs, "--name", "anew"]
    with pytest.raises(cli.UserError, match="a run of this name exists"):
        calibrate.main(arguments[:-1] + ["tiny"])

    def failing(error):
        def fail(*arguments, **named):
            raise error

        return fail

    for error in (OSError(28, "No space left on device"), KeyboardInterrupt()):
        with monkeypatch.context() as patch:
            patch.setattr(checkpoints.shutil, "copytree", failing(error))
            with pytest.raises((cli.UserError, KeyboardInterrupt), match="No space left|^$"):
                calibrate.main(arguments)
        assert os.listdir(runs) == ["tiny"]
    with monkeypatch.context() as patch:
        patch.setattr(Checkpoints, "save_final", failing(OSError(28, "No space left on device")))
        with pytest.raises(cli.UserError, match="No space left.*--name anew.*--resume"):
            calibrate.main(arguments)
    shutil.rmtree(os.path.join(runs, "anew"))
    best = os.path.join(folder, layout.CHECKPOINTS, f"epoch-{progress.read(folder)['best']}")
    shutil.move(best, best + "-away")
    with pytest.raises(cli.UserError, match="cannot be copied .*No such file.*as it was"):
        calibrate.main(arguments)
    shutil.move(best + "-away", best)
    path = os.path.join(folder, layout.POINTER)
    with open(path, encoding="utf-8") as text:
        state = dict(json.load(text), finished=False)
    with open(path, "w", encoding="utf-8") as text:
        json.dump(state, text)
    with pytest.raises(cli.UserError, match="--resume"):
        calibrate.main(arguments)
    assert not os.path.exists(os.path.join(runs, "anew"))


def test_a_name_is_needed_and_is_no_path(copied_run, capsys):
    for given in ([], ["--name", "../other"]):
        with pytest.raises(SystemExit) as ended:
            calibrate.main(["--run", "tiny", "--runs", copied_run[0]] + given)
        assert ended.value.code == 2 and "--name" in capsys.readouterr().err
