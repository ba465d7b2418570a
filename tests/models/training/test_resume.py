"""A training that is killed at any moment and resumed ends equal to one that was never interrupted."""
import functools
import json
import os
import signal
import subprocess
import sys

import numpy as np
import pytest

from models.run_folder import progress
from runtime.project import ROOT
from runtime.tf1 import tf
from tests.conftest import TINY_SIZES
from tests.models.stopping import KILLED, Call, Renamed, Synced, fill, interrupt, limit_files, terminate, train
from tests.support import ctrl_c, waiting

EPOCHS = 3
TIMES = {"seconds", "samples_per_second", "peak_memory_mib"}
BETWEEN_STEPS = Call("tqdm:tqdm.update", epochs=1, count=3)
AFTER_RENAME = Renamed("checkpoints/epoch-2", epochs=1, after=True)
BY_DEFAULT = {  # one of each state that a run can be left in
    "in a step of epoch 2": Call("models.network.max_pool:_largest_gradient", epochs=1, count=3),
    "epoch 2 drafted, not renamed": Renamed("checkpoints/epoch-2", epochs=1),
    "epoch 2 renamed, not in the pointer": AFTER_RENAME,
    "epoch 2 in the pointer, not in the metrics": Renamed("metrics.jsonl", epochs=2),
}
SLOW = {
    "in a step of epoch 1": Call("models.network.max_pool:_largest_gradient", epochs=0, count=3),
    "between two steps of epoch 2": BETWEEN_STEPS,
    "in the validation of epoch 2": Call("metrics.rating:rmse", epochs=1),
    "after the summaries of epoch 2": Call("models.training.summaries:Summaries.write", epochs=1, after=True),
    "in the draft of epoch 2": Synced("checkpoints/*/weights*", epochs=1),
    "the pointer to epoch 2 drafted, not in its place": Renamed("checkpoint.json", epochs=1),
    "the pointer to epoch 2 in its place, older checkpoints not removed": Renamed(
        "checkpoint.json", epochs=1, after=True),
    "in the calibration": Call("models.training.shown:forms", epochs=EPOCHS),
    "the final checkpoint drafted, not renamed": Renamed("checkpoints/final", epochs=EPOCHS),
}
MOMENTS = dict(BY_DEFAULT, **SLOW)


def settings(tiny_data, runs):
    return ["--data", tiny_data.data_folder, "--runs", str(runs), "--name", "r", "-e", str(EPOCHS),
            "--set", "patience=9"] + TINY_SIZES


def resume(runs):
    return train(["--runs", str(runs), "--name", "r", "--resume"])


def weights(folder, name):
    """{variable: value} of a checkpoint, those of the optimiser among them."""
    reader = tf.train.load_checkpoint(os.path.join(str(folder), "checkpoints", name, "weights"))
    return {
        variable: reader.get_tensor(variable)
        for variable in reader.get_variable_to_shape_map()
    }


def records(folder):
    with open(os.path.join(str(folder), "metrics.jsonl"), encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def without_times(records):
    return [{
        name: value
        for name, value in record.items() if name not in TIMES
    } for record in records]


def pointer(folder):
    with open(os.path.join(str(folder), "checkpoint.json"), encoding="utf-8") as text:
        return json.load(text)


def epochs_of(folder):
    """The number of epochs that are complete, by the pointer."""
    return len(pointer(folder)["history"]) if (folder / "checkpoint.json").exists() else 0


def assert_equal(folder, whole):
    """Every variable of every checkpoint is equal to the last bit, every record but for times; no drafts are left."""
    state, expected = pointer(folder), pointer(whole)
    assert state["history"] == records(folder)
    for record in (state, expected):
        record["history"] = without_times(record["history"])
    assert state == expected and len(expected["history"]) == EPOCHS
    kept = sorted(os.listdir(str(whole / "checkpoints")))
    assert sorted(os.listdir(str(folder / "checkpoints"))) == kept and "final" in kept
    assert set(os.listdir(str(folder))) == set(os.listdir(str(whole)))
    for name in kept:
        ours, theirs = weights(folder, name), weights(whole, name)
        assert set(ours) == set(theirs) and any(variable.endswith("/Adam_1") for variable in theirs)
        for variable, value in theirs.items():
            np.testing.assert_array_equal(ours[variable], value, err_msg=f"{name}: {variable}")


@pytest.fixture(scope="module")
def whole(tiny_data, tmp_path_factory):
    """The folder of a run that was trained without interruption."""
    runs = tmp_path_factory.mktemp("whole")
    code, stderr = train(settings(tiny_data, runs))
    assert code == 0 and "Traceback" not in stderr, stderr
    assert len(records(runs / "r")) == EPOCHS
    return runs / "r"


@pytest.fixture
def tmpfs(tmp_path):
    """A small file system of its own."""
    folder = tmp_path / "tmpfs"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs",
                       str(folder)],
                      stderr=subprocess.DEVNULL).returncode:
        pytest.skip("no right to mount a file system")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def last_line(stderr):
    """The last line; progress bars end before it, and no line is a traceback."""
    assert "Traceback" not in stderr, stderr
    return stderr.rstrip("\n").rsplit("\n", 1)[-1]


def assert_tells_how_to_go_on(line, runs):
    """A message names the last good checkpoint and the command that resumes the run."""
    assert f"checkpoint: {runs}/r/checkpoints/epoch-{pointer(runs / 'r')['last']}" in line
    assert "./run train --name r" in line and f"--runs {runs}" in line and "--resume" in line


@pytest.mark.parametrize("moment", sorted(BY_DEFAULT) + [
    pytest.param(name, marks=pytest.mark.slow) for name in sorted(SLOW)])
def test_a_killed_training_resumes_to_the_same_result(whole, tiny_data, tmp_path, moment):
    at = MOMENTS[moment]
    code, stderr = train(settings(tiny_data, tmp_path), at)
    assert code == KILLED, stderr
    pointer_is_new = at.path == "checkpoint.json" and at.after if isinstance(at, Renamed) else False
    assert epochs_of(tmp_path / "r") == at.epochs + pointer_is_new
    code, stderr = resume(tmp_path)
    assert code == 0, stderr
    assert_equal(tmp_path / "r", whole)


def test_a_training_killed_before_its_run_exists_leaves_nothing_in_the_way(whole, tiny_data, tmp_path):
    code, stderr = train(settings(tiny_data, tmp_path), Renamed(".", epochs=0))
    assert code == KILLED and not (tmp_path / "r").exists(), stderr
    code, stderr = train(settings(tiny_data, tmp_path))
    assert code == 0, stderr
    assert_equal(tmp_path / "r", whole)
    assert os.listdir(str(tmp_path)) == ["r"]


@pytest.mark.parametrize("moment, disaster, exit_code", [
    (BETWEEN_STEPS, interrupt, 130),
    (AFTER_RENAME, terminate, 143),
    pytest.param(BETWEEN_STEPS, terminate, 143, marks=pytest.mark.slow),
    pytest.param(AFTER_RENAME, interrupt, 130, marks=pytest.mark.slow)])
def test_a_training_stopped_by_a_signal_resumes_to_the_same_result(
        whole, tiny_data, tmp_path, moment, disaster, exit_code):
    code, stderr = train(settings(tiny_data, tmp_path), moment, disaster)
    assert code == exit_code, stderr
    assert "stopped" in last_line(stderr)
    assert_tells_how_to_go_on(last_line(stderr), tmp_path)
    assert resume(tmp_path)[0] == 0
    assert_equal(tmp_path / "r", whole)


@pytest.mark.parametrize("number, exit_code", [
    (signal.SIGINT, 130), pytest.param(signal.SIGTERM, 143, marks=pytest.mark.slow)])
def test_the_command_stopped_in_its_first_epoch_tells_how_to_go_on(tiny_data, tmp_path, number, exit_code):
    """The command in a process of its own, with all its threads."""
    with ctrl_c.heeded():
        process = subprocess.Popen([sys.executable, "train.py"] + settings(tiny_data, tmp_path) +
                                   ["--set", "batch_size=1", "-l", "1e-9"], cwd=ROOT, stderr=subprocess.PIPE,
                                   universal_newlines=True)
    waiting.until((tmp_path / "r" / "summaries").is_dir)  # made right before the first epoch
    process.send_signal(number)
    stderr = process.communicate(timeout=120)[1].replace("\r", "\n")
    assert process.returncode == exit_code, stderr
    line = last_line(stderr)
    assert "stopped" in line and "no checkpoint yet" in line and "./run train --name r" in line and "--resume" in line


WRITES = {  # what epoch 2 writes: the moment before
    "summaries": Call("models.training.summaries:Summaries.write", epochs=1),
    "checkpoint": Call("models.training.summaries:Summaries.write", epochs=1, after=True),
    "pointer": AFTER_RENAME,
    "metrics": Renamed("checkpoint.json", epochs=1, after=True)}


def assert_stopped_in_one_line(runs, code, stderr, reason):
    line, folder = last_line(stderr), runs / "r"
    assert code == 2 and line.startswith("error: ") and "epoch 2 cannot be written" in line, stderr
    assert reason in line
    assert_tells_how_to_go_on(line, runs)
    assert not list(folder.glob("**/.draft-*"))


@pytest.mark.parametrize("file", ["checkpoint"] + [
    pytest.param(name, marks=pytest.mark.slow) for name in ("summaries", "pointer", "metrics")])
def test_what_cannot_be_written_stops_in_one_line_and_resumes_to_the_same_result(whole, tiny_data, tmp_path, file):
    code, stderr = train(settings(tiny_data, tmp_path), WRITES[file], limit_files)
    assert_stopped_in_one_line(tmp_path, code, stderr, "File too large")
    assert pointer(tmp_path / "r")["last"] == 1 + (file == "metrics")
    assert resume(tmp_path)[0] == 0
    assert_equal(tmp_path / "r", whole)


@pytest.mark.slow
@pytest.mark.parametrize("file", ["summaries", "checkpoint"])
def test_a_full_disk_stops_in_one_line_and_resumes_to_the_same_result(whole, tiny_data, tmpfs, file):
    code, stderr = train(settings(tiny_data, tmpfs), WRITES[file], functools.partial(fill, str(tmpfs)))
    assert_stopped_in_one_line(tmpfs, code, stderr, "No space left on device")
    (tmpfs / "filler").unlink()
    assert resume(tmpfs)[0] == 0
    assert_equal(tmpfs / "r", whole)


@pytest.mark.slow
def test_a_read_only_file_system_is_an_error_of_one_line(tiny_data, tmpfs):
    assert train(settings(tiny_data, tmpfs), BETWEEN_STEPS)[0] == KILLED
    subprocess.run(["mount", "-o", "remount,ro", str(tmpfs)], check=True)
    code, stderr = resume(tmpfs)
    assert code == 2 and "Read-only file system" in last_line(stderr)
    assert f"checkpoint: {tmpfs}/r/checkpoints/epoch-1" in last_line(stderr)
    code, stderr = train(settings(tiny_data, tmpfs / "new"))
    assert code == 2 and stderr.count("\n") == 1
    assert "new/r: " in stderr and "Read-only file system" in stderr


@pytest.mark.slow
def test_a_run_is_trained_by_one_process_at_a_time(tiny_data, tmp_path):
    assert train(settings(tiny_data, tmp_path), BETWEEN_STEPS)[0] == KILLED
    with progress.hold(str(tmp_path / "r")):
        code, stderr = resume(tmp_path)
    assert code == 2 and stderr.count("\n") == 1 and stderr.startswith("error: ")
    assert f"{tmp_path}/r: another process" in stderr
