"""The two legs give the same numbers: runs, SavedModels and training steps of one are those of the other.

They need an environment of each: RECSYS_OTHER_VENV names that of the other leg, and `.ci/run` sets it.
"""
import os
import subprocess
import sys

import numpy as np
import pytest

from preprocessing import artefact
from runtime.project import ROOT
from tests.conftest import TINY_DATA, TINY_SIZES

OTHER = os.path.join(os.environ.get("RECSYS_OTHER_VENV", ""), "bin", "python")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(
    not os.path.isfile(OTHER), reason="RECSYS_OTHER_VENV names no environment of the other leg")]
THIS = sys.executable
BOTH = [(THIS, OTHER), (OTHER, THIS)]
NAMES = ["here to there", "there to here"]


ONE_EPOCH = """
import sys, train
from models.training.trainer import Trainer
steps = Trainer._steps

def stop_after_one(trainer, epoch, count):
    if epoch > 1:
        raise KeyboardInterrupt
    return steps(trainer, epoch, count)

Trainer._steps = stop_after_one
try:
    train.main(sys.argv[1:])
except KeyboardInterrupt:
    pass
"""


def call(python, *arguments):
    ended = subprocess.run([python, *map(str, arguments)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                           universal_newlines=True, timeout=300)
    assert ended.returncode == 0, ended.stderr
    return ended.stderr


def result(python, task, folder, out, *inputs):
    call(python, "-m", "tests.support.legs", task, folder, out, *inputs)
    with np.load(str(out)) as arrays:
        return dict(arrays)


def assert_equal(one, other, atol):
    assert sorted(one) == sorted(other) and len(one) > 1
    for name in one:
        np.testing.assert_allclose(one[name], other[name], atol=atol, rtol=1e-5, err_msg=name)


def version(python):
    return call(python, "-c", "import sys; from runtime.tf1 import tf; sys.stderr.write(tf.__version__)")


def test_the_environments_are_of_different_legs():
    assert sorted(version(python)[0] for python in (THIS, OTHER)) == ["1", "2"]


def test_both_legs_preprocess_to_the_same_arrays(tiny_data, tmp_path):
    """Word vectors and topics are drawn, so that of them the type and the shape are equal."""
    for number, python in enumerate((THIS, OTHER)):
        call(python, "-m", "preprocessing", "--reviews", os.path.join(tiny_data.sample_folder, "reviews.json.gz"),
             "--name", "d", "--data_dir", tmp_path / str(number), *TINY_DATA)
    here, there = (artefact.load(str(tmp_path / str(number) / "d")) for number in range(2))
    assert here.vocabulary == there.vocabulary
    for name in artefact.ARRAYS + ("mean_bag",):
        np.testing.assert_array_equal(getattr(here, name), getattr(there, name), err_msg=name)
    for name in artefact.TABLES:
        assert getattr(here, name).dtype == getattr(there, name).dtype == np.float32
        assert getattr(here, name).shape == getattr(there, name).shape


@pytest.fixture(scope="module", params=BOTH, ids=NAMES)
def moved(request, tiny_data, tmp_path_factory):
    """(Python that trained one epoch, the other Python, the folder of the run, the folder of the runs)."""
    writer, reader = request.param
    runs = str(tmp_path_factory.mktemp("runs"))
    call(writer, "train.py", "--data", tiny_data.data_folder, "--runs", runs, "--name", "r", "-e", "2", *TINY_SIZES)
    return writer, reader, os.path.join(runs, "r"), runs


def test_a_run_predicts_the_same_on_the_other_leg(moved, tmp_path):
    writer, reader, run, _ = moved
    there, here = (result(python, "predicted", run, tmp_path / f"{number}.npz")
                   for number, python in enumerate((writer, reader)))
    assert_equal(there, here, 1e-5)
    assert there["rating"].std() > .01


def test_a_run_is_exported_and_evaluated_on_the_other_leg_and_its_model_answers_the_same_on_both(moved, tmp_path):
    writer, reader, run, _ = moved
    models = []
    for number, python in enumerate((writer, reader)):
        call(python, "tensorflow_serving.py", "--run", run, "--out", tmp_path / str(number))
        models.append(tmp_path / str(number) / "1")
    answers = [result(python, "served", model, tmp_path / "out.npz") for model in models for python in (writer, reader)]
    for other in answers[1:]:
        assert_equal(answers[0], other, 1e-5)
    call(reader, "-m", "commands.evaluate", "--run", run)


def test_a_stopped_training_is_resumed_on_the_other_leg(moved, tiny_data, tmp_path):
    """Two epochs of one leg are one epoch of it and one of the other."""
    writer, reader, run, _ = moved
    call(writer, "-c", ONE_EPOCH, "--data", tiny_data.data_folder, "--runs", tmp_path, "--name", "r", "-e", "2",
         *TINY_SIZES)
    call(reader, "train.py", "--runs", tmp_path, "--name", "r", "--resume")
    whole, resumed = (result(reader, "predicted", folder, tmp_path / "out.npz") for folder in (run, tmp_path / "r"))
    assert_equal(whole, resumed, 1e-3)


def test_training_steps_from_the_same_variables_have_the_same_losses(tiny_data, tmp_path):
    result(THIS, "drawn", tiny_data.data_folder, tmp_path / "start.npz")
    here, there = (result(python, "trained_steps", tiny_data.data_folder, tmp_path / f"{number}.npz",
                          tmp_path / "start.npz") for number, python in enumerate((THIS, OTHER)))
    assert len(here["losses"]) == 20
    np.testing.assert_allclose(here.pop("losses"), there.pop("losses"), rtol=1e-3)
    assert_equal(here, there, .01)
