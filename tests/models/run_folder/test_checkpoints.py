"""Checkpoints: the older one is kept until the newer one is whole, and one of another run is refused."""
import json
import os
import shutil

import numpy as np
import pytest

from models.run_folder import progress
from models.run_folder.checkpoints import ADDED, REMOVED, Checkpoints
from runtime.cli import UserError
from runtime.tf1 import tf


class Run:
    """A run of one variable."""

    def __init__(self, folder, value=0., model=None):
        self.folder = folder
        if not (folder / "config.json").exists():
            (folder / "config.json").write_text(
                json.dumps({
                    "artefact_sha256": "5",
                    "model": model or {
                        "filters": 7
                    }
                }))
        with tf.Graph().as_default():
            self.value = tf.get_variable("value", [3], initializer=tf.constant_initializer(value))
            self.session = tf.Session()
            self.session.run(tf.global_variables_initializer())
            self.checkpoints = Checkpoints(str(folder), [self.value])

    def save(self, epoch, best, value, candidates=()):
        self.value.load([value] * 3, self.session)
        history = [{"epoch": number} for number in range(1, epoch + 1)]
        self.checkpoints.save(self.session, epoch, {
            "history": history, "best": best, "candidates": [best, *candidates]})

    def restored(self, which):
        state = self.checkpoints.restore(self.session, which)
        return state, float(self.session.run(self.value)[1])


@pytest.fixture
def run(tmp_path):
    """A run of two epochs, the first one better."""
    made = Run(tmp_path)
    made.save(1, 1, 10.)
    made.save(2, 1, 20.)
    return made


def kept(run):
    return sorted(os.listdir(str(run.folder / "checkpoints")))


def test_epochs_that_may_become_the_best_are_kept(run):
    run.save(3, 1, 30., candidates=[2])
    run.save(4, 2, 40.)
    assert run.restored("best")[1] == 20 and kept(run) == ["epoch-2", "epoch-4"]


def test_last_best_and_final(run):
    assert run.restored("last")[1] == 20 and run.restored("best")[1] == 10
    assert run.restored("final")[1] == 10 and kept(run) == ["epoch-1", "epoch-2"]
    run.save(3, 3, 30.)
    assert kept(run) == ["epoch-3"]
    state, _ = run.restored("last")
    run.value.load([31.] * 3, run.session)
    run.checkpoints.save_final(run.session, dict(state, calibrated={"mix": .5}))
    assert kept(run) == ["epoch-3", "final"]
    state, value = run.restored("final")
    assert value == 31 and state["finished"] and state["calibrated"] == {"mix": .5}
    assert run.restored("last")[1] == 30


def test_a_checkpoint_is_on_disk_before_it_gets_its_name(tmp_path, monkeypatch):
    """First the files, then their folder, then the name of the folder, then the pointer."""
    calls, rename, replace, fsync = [], os.rename, os.replace, os.fsync

    def named(path):
        return os.path.relpath(str(path), str(tmp_path))

    monkeypatch.setattr(os, "rename",
                        lambda source, target: calls.append("=" + named(target)) or rename(source, target))
    monkeypatch.setattr(os, "replace",
                        lambda source, target: calls.append("=" + named(target)) or replace(source, target))
    monkeypatch.setattr(os, "fsync", lambda handle: calls.append(
        named(os.readlink(f"/proc/self/fd/{handle}"))) or fsync(handle))
    Run(tmp_path).save(1, 1, 10.)
    renamed = "=checkpoints/epoch-1"
    before, after = calls[:calls.index(renamed)], calls[calls.index(renamed):]
    draft = before[-1]
    assert os.path.basename(draft).startswith(".draft-")
    files = {f"{draft}/{name}" for name in os.listdir(str(tmp_path / "checkpoints" / "epoch-1"))}
    assert len(files) == 3 and files < set(before)
    pointer = after.pop(2)
    assert os.path.basename(pointer) == "checkpoint.json" and pointer.startswith(".draft-")
    assert after == [renamed, "checkpoints", "=checkpoint.json", "."]


def refused(run, message, which="last"):
    before = {path: path.read_bytes() for path in run.folder.glob("**/*") if path.is_file()}
    with pytest.raises(UserError, match=message) as error:
        run.restored(which)
    assert "\n" not in str(error.value)
    assert before == {path: path.read_bytes() for path in run.folder.glob("**/*") if path.is_file()}


@pytest.mark.parametrize(
    "damage", [lambda raw: raw[:len(raw) // 2], lambda raw: bytes(len(raw)), lambda raw: b""])
@pytest.mark.parametrize("file", ["weights.data*", "weights.index", "run.json"])
def test_a_truncated_checkpoint_is_refused(run, damage, file):
    (path,) = (run.folder / "checkpoints" / "epoch-2").glob(file)
    path.write_bytes(damage(path.read_bytes()))
    refused(run, "checkpoints/epoch-2: cannot be restored .*put it back from a copy, or train again")
    assert run.restored("best")[1] == 10


def test_a_missing_checkpoint_is_refused(run):
    shutil.rmtree(str(run.folder / "checkpoints" / "epoch-2"))
    refused(run, "checkpoints/epoch-2: cannot be restored")
    (run.folder / "checkpoint.json").unlink()
    refused(run, "no checkpoint yet")


@pytest.mark.parametrize("other", [{"artefact_sha256": "6", "model": {"filters": 7}},
                                   {"artefact_sha256": "5", "model": {"filters": 7, "l2": .5}}])
def test_a_checkpoint_of_another_artefact_or_configuration_is_refused(run, tmp_path_factory, other):
    """It has the same variables, and replaces this run's own checkpoint."""
    folder = tmp_path_factory.mktemp("other")
    (folder / "config.json").write_text(json.dumps(other))
    other_run = Run(folder)
    for epoch in (1, 2):
        other_run.save(epoch, 1, -1.)
    shutil.rmtree(str(run.folder / "checkpoints" / "epoch-2"))
    shutil.copytree(str(folder / "checkpoints" / "epoch-2"),
                    str(run.folder / "checkpoints" / "epoch-2"))
    refused(
        run,
        "checkpoints/epoch-2: belongs to another artefact or configuration than .*config.json"
    )
    assert run.restored("best")[1] == 10


def test_a_failed_write_leaves_the_older_checkpoint(run, monkeypatch):
    real = run.checkpoints.saver.save

    def half(*args, **kwargs):
        real(*args, **kwargs)
        raise tf.errors.ResourceExhaustedError(None, None, "No space left on device")

    monkeypatch.setattr(run.checkpoints.saver, "save", half)
    with pytest.raises(tf.errors.ResourceExhaustedError):
        run.save(3, 3, 30.)
    assert kept(run) == ["epoch-1", "epoch-2"] and progress.read(str(run.folder))["last"] == 2
    assert run.restored("last")[1] == 20


def test_files_of_a_killed_process_are_removed(run):
    for name in (".draft-x", "epoch-3", "epoch-0"):
        (run.folder / "checkpoints" / name).mkdir()
        (run.folder / "checkpoints" / name / "weights.index").write_text("half")
    run.save(3, 1, 30.)
    assert kept(run) == ["epoch-1", "epoch-3"]
    assert run.restored("last")[1] == 30


def test_a_checkpoint_of_an_older_version_without_an_owner_is_accepted(run):
    (run.folder / "checkpoints" / "epoch-2" / "run.json").unlink()
    assert run.restored("last")[1] == 20
    np.testing.assert_array_equal(run.session.run(run.value), [20] * 3)


def test_a_variable_that_an_older_version_lacks_keeps_its_initial_value(run):
    with tf.Graph().as_default():
        values = [tf.get_variable(name, [3], initializer=tf.constant_initializer(7.)) for name in ("value", *ADDED)]
        with tf.Session() as session:
            Checkpoints(str(run.folder), values).restore(session, "last")
            np.testing.assert_array_equal(session.run(values), [[20.] * 3] + [[7.] * 3] * len(ADDED))


@pytest.mark.parametrize("mix", [0., .3])
def test_a_network_that_an_older_version_calibrated_is_refused_if_it_has_weights_that_this_one_has_not(run, mix):
    with tf.Graph().as_default(), tf.Session() as session:
        values = [tf.get_variable("value", [3], initializer=tf.ones_initializer())]
        values += [tf.get_variable(name, initializer=tf.constant(value))
                   for name, value in ((REMOVED, .5), ("shown/mix", mix))]
        session.run(tf.global_variables_initializer())
        older = Checkpoints(str(run.folder), values)
        older.save(session, 1, {"history": [{"epoch": 1}], "best": 1, "candidates": [1]})
        older.save_final(session, progress.read(str(run.folder)))
    if mix:
        with pytest.raises(UserError, match="older version.*./run calibrate --run .* --name NEW_NAME"):
            run.restored("final")
    else:  # as of presets that weigh no usefulness
        run.restored("final")


def test_any_other_variable_that_a_checkpoint_lacks_is_an_error(run):
    with tf.Graph().as_default(), tf.Session() as session:
        values = [tf.get_variable(name, [3]) for name in ("value", "other")]
        with pytest.raises(UserError, match="cannot be restored"):
            Checkpoints(str(run.folder), values).restore(session, "last")
