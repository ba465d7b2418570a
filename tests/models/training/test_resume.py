"""A training that is killed at any moment and resumed ends equal to one that is not interrupted."""
import functools
import json
import os
import signal
import subprocess
import sys

import numpy as np
import pytest

from models.run_folder import progress, runs
from runtime.project import ROOT
from runtime.tf1 import tf
from tests.conftest import TINY_SIZES
from tests.models.stopping import KILLED, Moment, fill, interrupt, limit_files, terminate, train
from tests.support import waiting

EPOCHS = 3
TIMES = {"seconds", "samples_per_second", "peak_memory_mib"}
STEPS = 8  # an epoch: rows of training / batch size, rounded up
TOWERS = 2  # calls of the encoders' backward kernel in a step
SECOND = {  # moments of the second epoch
    "in a step": Moment("models.network.max_pool:_largest_gradient", STEPS * TOWERS + 3),
    "between steps": Moment("models.training.trainer:_named", STEPS + 3),
    "in validation": Moment("metrics.rating:rmse", 2),
    "after the summaries": Moment("models.training.summaries:Summaries.write", 2, after=True),
    "in a draft": Moment("models.run_folder.checkpoints:write_json", 2, naming="run.json"),
    "between draft and rename": Moment("os:rename", naming="epoch-2"),
    "between rename and pointer": Moment("os:rename", naming="epoch-2", after=True),
    "between the pointer's draft and the pointer": Moment("os:replace", 2, naming="checkpoint.json"),
    "between pointer and pruning": Moment("models.run_folder.checkpoints:write_json", 2, naming="checkpoint.json",
                                          after=True),
    "between pruning and metrics": Moment("models.run_folder.progress:write_metrics", 2),
}
MOMENTS = dict(SECOND, **{
    "in a step of the first epoch": Moment("models.network.max_pool:_largest_gradient", 3),
    "in calibration": Moment("models.training.calibration:choose_mix"),
    "between draft and rename of the final one": Moment("os:rename", naming="final"),
})


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


def assert_equal(folder, whole):
    """All variables of all checkpoints and all records but times are equal to the last bit; no other file is left."""
    state, same_state = pointer(folder), pointer(whole)
    assert state["history"] == records(folder)
    for record in (state, same_state):
        record["history"] = without_times(record["history"])
    assert state == same_state and len(state["history"]) == EPOCHS
    kept = sorted(os.listdir(str(whole / "checkpoints")))
    assert sorted(os.listdir(str(folder / "checkpoints"))) == kept and "final" in kept
    assert set(os.listdir(str(folder))) == set(os.listdir(str(whole)))
    for name in kept:
        resumed, wanted = weights(folder, name), weights(whole, name)
        assert set(resumed) == set(wanted) and any(variable.endswith("/Adam_1") for variable in wanted)
        for variable, value in wanted.items():
            np.testing.assert_array_equal(resumed[variable], value, err_msg=f"{name}: {variable}")


@pytest.fixture(scope="module")
def whole(tiny_data, tmp_path_factory):
    """The folder of a run that was not interrupted."""
    runs = tmp_path_factory.mktemp("whole")
    code, stderr = train(settings(tiny_data, runs))
    assert code == 0 and "Traceback" not in stderr, stderr
    return runs / "r"


@pytest.fixture
def tmpfs(tmp_path):
    """A new small file system."""
    folder = tmp_path / "tmpfs"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs",
                       str(folder)],
                      stderr=subprocess.DEVNULL).returncode:
        pytest.skip("no right to mount a file system")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def last_line(stderr):
    """Returns the last line of stderr, after progress bars and log lines; there is no traceback."""
    assert "Traceback" not in stderr, stderr
    return stderr.rstrip("\n").rsplit("\n", 1)[-1]


def test_the_number_of_steps_is_the_one_that_the_moments_assume(whole, tiny_data):
    count = len(np.load(os.path.join(tiny_data.data_folder, "arrays", "train_user.npy")))
    assert STEPS == -(-count // 32) and len(records(whole)) == EPOCHS


@pytest.mark.parametrize("moment", sorted(MOMENTS))
def test_a_killed_run_can_be_resumed(whole, tiny_data, tmp_path, moment):
    code, stderr = train(settings(tiny_data, tmp_path), MOMENTS[moment])
    assert code == KILLED, stderr
    if moment in SECOND:
        assert len(pointer(
            tmp_path / "r")["history"]) == 1 + ("pointer and" in moment or "metrics" in moment)
    code, stderr = resume(tmp_path)
    assert code == 0, stderr
    assert_equal(tmp_path / "r", whole)


def test_killed_before_the_run_has_its_name(whole, tiny_data, tmp_path):
    code, stderr = train(settings(tiny_data, tmp_path), Moment("os:rename", naming="r"))
    assert code == KILLED and not (tmp_path / "r").exists(), stderr
    code, stderr = train(settings(tiny_data, tmp_path))
    assert code == 0, stderr
    assert_equal(tmp_path / "r", whole)
    drafts = [name for name in os.listdir(str(tmp_path)) if name != "r"]
    assert runs.names(str(tmp_path)) == ["r"]
    assert [(name[:7], os.listdir(str(tmp_path / name))) for name in drafts] == [(".draft-", ["config.json"])]


@pytest.mark.parametrize("disaster, exit_code", [(interrupt, 130), (terminate, 143)])
@pytest.mark.parametrize("moment", ["between steps", "between rename and pointer"])
def test_stopped_by_a_signal(whole, tiny_data, tmp_path, moment, disaster, exit_code):
    code, stderr = train(settings(tiny_data, tmp_path), MOMENTS[moment], disaster)
    folder = tmp_path / "r"
    assert code == exit_code and last_line(stderr) == (
        f"stopped; last good checkpoint: {folder}/checkpoints/epoch-1; resume with ./run train --name r "
        f"--runs {tmp_path} --resume")
    assert resume(tmp_path)[0] == 0
    assert_equal(folder, whole)


@pytest.mark.parametrize("number, exit_code", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_from_another_process_stops_the_first_epoch(tiny_data, tmp_path, number, exit_code):
    """The command runs in its own process, with all its threads."""
    process = subprocess.Popen([sys.executable, "train.py"] + settings(tiny_data, tmp_path) +
                               ["--set", "batch_size=1", "-l", "1e-9"],
                               cwd=ROOT,
                               stderr=subprocess.PIPE,
                               universal_newlines=True,
                               preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    assert "building the network" in process.stderr.readline()
    summaries = tmp_path / "r" / "summaries"
    waiting.until(lambda: summaries.is_dir() and os.listdir(str(summaries)))  # written just before the first epoch
    process.send_signal(number)
    stderr = process.communicate(timeout=120)[1].replace("\r", "\n")
    assert process.returncode == exit_code
    assert last_line(stderr).startswith("stopped; no checkpoint yet; resume with ./run train --name r")


FULL = {"summaries": Moment("models.training.summaries:Summaries.write", 2),
        "checkpoint": Moment("models.run_folder.checkpoints:Checkpoints._write", 2),
        "pointer": Moment("models.run_folder.checkpoints:Checkpoints._point", 2),
        "metrics": Moment("models.run_folder.progress:write_metrics", 2)}


def assert_stopped_in_one_line(folder, code, stderr, why):
    line = last_line(stderr)
    last = pointer(folder)["last"]
    assert code == 2 and line.startswith(f"error: {folder}: epoch 2 cannot be written ("), stderr
    assert why in line and f"last good checkpoint: {folder}/checkpoints/epoch-{last}; solve this" in line
    assert not list(folder.glob("**/.draft-*")) and not list(folder.glob("**/*.new"))


@pytest.mark.parametrize("what", sorted(FULL))
def test_a_failed_write_is_reported_and_the_run_can_be_resumed(whole, tiny_data, tmp_path, what):
    code, stderr = train(settings(tiny_data, tmp_path), FULL[what], limit_files)
    assert_stopped_in_one_line(tmp_path / "r", code, stderr, "File too large")
    assert pointer(tmp_path / "r")["last"] == 1 + (what == "metrics")
    assert resume(tmp_path)[0] == 0
    assert_equal(tmp_path / "r", whole)


@pytest.mark.parametrize("what", ["summaries", "checkpoint"])
def test_a_full_disk_is_reported_and_the_run_can_be_resumed(whole, tiny_data, tmpfs, what):
    code, stderr = train(settings(tiny_data, tmpfs), FULL[what], functools.partial(fill, str(tmpfs)))
    assert_stopped_in_one_line(tmpfs / "r", code, stderr, "No space left on device")
    (tmpfs / "filler").unlink()
    assert resume(tmpfs)[0] == 0
    assert_equal(tmpfs / "r", whole)


def test_a_read_only_file_system_is_reported(tiny_data, tmpfs):
    assert train(settings(tiny_data, tmpfs), MOMENTS["between steps"])[0] == KILLED
    subprocess.run(["mount", "-o", "remount,ro", str(tmpfs)], check=True)
    code, stderr = resume(tmpfs)
    assert code == 2 and "Read-only file system" in last_line(stderr)
    assert f"last good checkpoint: {tmpfs}/r/checkpoints/epoch-1" in last_line(stderr)
    code, stderr = train(settings(tiny_data, tmpfs / "new"))
    assert code == 2 and stderr.count(
        "\n") == 1 and "new/r: cannot be made (Read-only file system)" in stderr


def test_a_second_training_of_the_same_run_is_refused(tiny_data, tmp_path):
    assert train(settings(tiny_data, tmp_path), MOMENTS["between steps"])[0] == KILLED
    with progress.hold(str(tmp_path / "r")):
        code, stderr = resume(tmp_path)
    assert code == 2 and stderr.count("\n") == 1
    assert f"{tmp_path}/r: another process is training this run" in stderr
