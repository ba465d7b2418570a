"""What every test shares: quiet libraries, no GPU, no window, the choice of slow tests, and a tiny run."""
import gc
import os
import shutil
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, settings

from runtime import openmp
from tests.support.once import made_once

# Before TensorFlow is imported.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
os.environ.setdefault("MPLBACKEND", "Agg")
openmp.let_idle_threads_sleep()

# Checks that depend on the speed of the machine, or on luck in drawing examples, fail no test.
settings.register_profile("everywhere", deadline=None,
                          suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
settings.load_profile("everywhere")

TINY_CORPUS = ["--users", "40", "--items", "15", "--reviews", "300", "--seed", "7"]
TINY_DATA = ["--word_dim", "16", "--topics", "8"]
TINY_SIZES = ["--set", "filters=7", "--set", "attention_dim=8", "--set", "latent_dim=5", "--set",
              "batch_size=32"]


def pytest_addoption(parser):
    parser.addoption("--all", action="store_true", help="run the tests marked slow, too")


def pytest_report_header(config):
    return "all tests, the slow ones too" if with_slow(config) else "slow tests are left out: --all runs them, too"


def pytest_collection_modifyitems(config, items):
    """Leaves out the tests that are marked `slow`."""
    if not with_slow(config):
        slow = [item for item in items if item.get_closest_marker("slow")]
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if not item.get_closest_marker("slow")]


def with_slow(config):
    """Whether slow tests are run: with --all, with a choice of markers (-m), or where a single test is named."""
    one_is_named = any("::" in argument for argument in config.args)
    return config.getoption("--all") or config.getoption("markexpr") or one_is_named


@pytest.fixture(scope="module", autouse=True)
def small_heap():
    """Has later garbage collections skip what is left of a file's tests, such as graphs of session fixtures.

    A served model that is closed collects garbage, which took seconds beside the objects of all tests before.
    """
    yield
    gc.collect()
    if hasattr(gc, "freeze"):  # not on Python 3.6
        gc.freeze()


class TinyRun(NamedTuple):
    """A tiny sample corpus, its artefact and a run, made by the real commands.

    Read only, as all workers share it: a test that changes it works on a copy.
    """
    folder: str  # holds the others
    sample_folder: str  # reviews.json.gz, meta.json.gz, truth.json
    data_folder: str  # data/tiny
    run_folder: str  # runs/tiny, two epochs


def tiny_in(folder):
    return TinyRun(folder, os.path.join(folder, "sample"), os.path.join(folder, "data", "tiny"),
                   os.path.join(folder, "runs", "tiny"))


@pytest.fixture(scope="session")
def tiny_data(tmp_path_factory):
    """The `TinyRun` before it is trained: corpus and artefact alone, without TensorFlow."""
    def make(folder):
        from preprocessing import __main__ as preprocess
        from preprocessing.sample import corpus as sample

        tiny = tiny_in(folder)
        sample.main(["--out", tiny.sample_folder] + TINY_CORPUS)
        preprocess.main(["--reviews", os.path.join(tiny.sample_folder, sample.REVIEWS),
                         "--meta", os.path.join(tiny.sample_folder, sample.META),
                         "--name", "tiny", "--data_dir", os.path.join(folder, "data")] + TINY_DATA)

    return tiny_in(made_once(tmp_path_factory, "tiny_data", make))


@pytest.fixture(scope="session")
def tiny_run(tiny_data, tmp_path_factory):
    """A `TinyRun`, trained two epochs."""
    def make(folder):
        import train

        shutil.copytree(tiny_data.sample_folder, tiny_in(folder).sample_folder)
        shutil.copytree(tiny_data.data_folder, tiny_in(folder).data_folder)
        train.main(["--data", tiny_in(folder).data_folder, "--runs", os.path.join(folder, "runs"),
                    "--name", "tiny", "--epochs", "2"] + TINY_SIZES)

    return tiny_in(made_once(tmp_path_factory, "tiny_run", make))


@pytest.fixture(scope="session")
def tiny_aspects(tiny_run, tmp_path_factory):
    """(folder of the data, folder of the run) of a copy of the `TinyRun` with its tables of aspects."""
    def make(folder):
        from commands import aspects

        for part in ("data", "runs"):
            shutil.copytree(os.path.join(tiny_run.folder, part), os.path.join(folder, part))
        aspects.main(["--run", "tiny", "--runs", os.path.join(folder, "runs"), "--seed", "3"])

    made = tiny_in(made_once(tmp_path_factory, "tiny_aspects", make))
    return made.data_folder, made.run_folder


@pytest.fixture(scope="session")
def tiny_export(tiny_run, tmp_path_factory):
    """The folder of a copy of the `TinyRun`, exported: data/tiny, runs/tiny, serve/1."""
    def make(folder):
        import tensorflow_serving

        for part in ("data", "runs"):
            shutil.copytree(os.path.join(tiny_run.folder, part), os.path.join(folder, part))
        tensorflow_serving.main(["--run", os.path.join(folder, "runs", "tiny"), "--out", os.path.join(folder, "serve")])

    return made_once(tmp_path_factory, "tiny_export", make)


@pytest.fixture(scope="session", params=["default", "drawing", "original"])
def exported(tiny_run, tmp_path_factory, request):
    """(run in process, its SavedModel) of each preset."""
    from models.inference import trained

    def make(folder):
        import tensorflow_serving
        import train

        train.main(["--data", tiny_run.data_folder, "--runs", folder, "--name", "r", "-e", "1",
                    "--preset", request.param] + TINY_SIZES)
        tensorflow_serving.main(["--run", os.path.join(folder, "r"), "--out", os.path.join(folder, "serve")])

    folder = made_once(tmp_path_factory, f"exported_{request.param}", make)
    return trained.load(os.path.join(folder, "r")), os.path.join(folder, "serve", "1")
