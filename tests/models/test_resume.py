"""A training that is killed at any moment and gone on with ends equal to one that was left alone."""
import json
import os
import shutil
import signal
import subprocess

import numpy as np
import pytest
import tensorflow.compat.v1 as tf

from tests.conftest import TINY_SIZES
from tests.models.stopping import Moment, fill_disk, interrupt, kill, terminate, train

EPOCHS = 3
TIMES = {"seconds", "samples_per_second", "peak_memory_mib"}
STEPS = 8  # an epoch: rows of training / batch size, rounded up
MOMENTS = {
    "before the first step": Moment("models.training:Trainer._steps"),
    "in a step of the first epoch": Moment("models.winners:_kernel", 5),
    "between steps": Moment("models.training:_named", STEPS + 3),
    "in a step": Moment("models.training:_named", 2 * STEPS, after=True),
    "in validation": Moment("evaluation.rating:rmse", 2),
    "before the summaries": Moment("models.summaries:Summaries.write", 2),
    "after the summaries": Moment("models.summaries:Summaries.write", 2, after=True),
    "in a draft": Moment("tensorflow.compat.v1:train.Saver.save", 3, after=True),
    "between draft and rename": Moment("os:rename", 3),
    "between rename and pointer": Moment("os:rename", 3, after=True),
    "in the pointer's draft": Moment("models.checkpoints:Checkpoints._point", 2),
    "between pointer and pruning": Moment("models.progress:write_metrics", 2),
    "after the first epoch's metrics": Moment("models.progress:write_metrics", 1, after=True),
    "in calibration": Moment("models.calibration:choose_mix"),
    "before the final pointer": Moment("models.checkpoints:Checkpoints._point", EPOCHS + 1),
}


def settings(tiny_data, runs):
    return ["--data", tiny_data.data_folder, "--runs", str(runs), "--name", "r", "-e", str(EPOCHS),
            "--set", "patience=9"] + TINY_SIZES


def resume(runs, output):
    return train(["--runs", str(runs), "--name", "r", "--resume"], output)


def weights(folder, name):
    """{variable: value} of a checkpoint, those of the optimiser among them."""
    reader = tf.train.load_checkpoint(os.path.join(str(folder), "checkpoints", name, "weights"))
    return {variable: reader.get_tensor(variable) for variable in reader.get_variable_to_shape_map()}


def records(folder):
    with open(os.path.join(str(folder), "metrics.jsonl"), encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def without_times(records):
    return [{name: value for name, value in record.items() if name not in TIMES} for record in records]


def pointer(folder):
    with open(os.path.join(str(folder), "checkpoint.json"), encoding="utf-8") as text:
        return json.load(text)


def assert_equal(folder, whole):
    """Every variable of every checkpoint to the last bit, every number of the records but times; no rests."""
    state, other = pointer(folder), pointer(whole)
    assert state["history"] == records(folder)
    for record in (state, other):
        record["history"] = without_times(record["history"])
    assert state == other and len(other["history"]) == EPOCHS
    kept = sorted(os.listdir(str(whole / "checkpoints")))
    assert sorted(os.listdir(str(folder / "checkpoints"))) == kept and "final" in kept
    assert set(os.listdir(str(folder))) == set(os.listdir(str(whole)))
    for name in kept:
        one, same = weights(folder, name), weights(whole, name)
        assert set(one) == set(same) and any(variable.endswith("/Adam_1") for variable in same)
        for variable, value in same.items():
            np.testing.assert_array_equal(one[variable], value, err_msg=f"{name}: {variable}")


@pytest.fixture(scope="module")
def whole(tiny_data, tmp_path_factory):
    """The folder of a run that was left alone."""
    place = tmp_path_factory.mktemp("whole")
    code, said = train(settings(tiny_data, place / "runs"), str(place / "said"))
    assert code == 0 and "Traceback" not in said, said
    return place / "runs" / "r"


def test_the_moments_mean_what_they_say(whole, tiny_data):
    count = len(np.load(os.path.join(tiny_data.data_folder, "arrays", "train_user.npy")))
    assert STEPS == -(-count // 32) and len(records(whole)) == EPOCHS


@pytest.mark.parametrize("moment", sorted(MOMENTS))
def test_killed_and_gone_on_with(whole, tiny_data, tmp_path, moment):
    code, said = train(settings(tiny_data, tmp_path / "runs"), str(tmp_path / "said"), MOMENTS[moment])
    assert code == -signal.SIGKILL, said
    code, said = resume(tmp_path / "runs", str(tmp_path / "said again"))
    assert code == 0, said
    assert_equal(tmp_path / "runs" / "r", whole)
