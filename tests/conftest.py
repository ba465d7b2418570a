"""What every test shares: quiet libraries, no GPU, no window, and a tiny run of the real chain."""
import os
from typing import NamedTuple

import pytest

# Before TensorFlow is imported.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # idle threads of OpenMP sleep
os.environ.setdefault("MPLBACKEND", "Agg")
# Test folders are packages, so that `tests.serving.test_x` never shadows `serving`.

TINY_CORPUS = ["--users", "40", "--items", "15", "--reviews", "300", "--seed", "7"]
TINY_DATA = ["--word_dim", "16", "--topics", "8"]
TINY_SIZES = ["--set", "filters=7", "--set", "attention_dim=8", "--set", "latent_dim=5", "--set",
              "batch_size=32"]


class TinyRun(NamedTuple):
    """A tiny sample corpus, its artefact and a run, made by the real commands.

    Read only: a test that changes one of them works on a copy.
    """
    folder: str  # holds the others
    sample_folder: str  # reviews.json.gz, meta.json.gz, truth.json
    data_folder: str  # data/tiny
    run_folder: str  # runs/tiny, two epochs


@pytest.fixture(scope="session")
def tiny_data(tmp_path_factory):
    """The `TinyRun` before it is trained: corpus and artefact alone, without TensorFlow."""
    from preprocessing import __main__ as preprocess
    from preprocessing.sample import corpus as sample

    folder = str(tmp_path_factory.mktemp("tiny"))
    tiny = TinyRun(folder, os.path.join(folder, "sample"), os.path.join(folder, "data", "tiny"),
                   os.path.join(folder, "runs", "tiny"))
    sample.main(["--out", tiny.sample_folder] + TINY_CORPUS)
    preprocess.main(["--reviews", os.path.join(tiny.sample_folder, sample.REVIEWS),
                     "--meta", os.path.join(tiny.sample_folder, sample.META),
                     "--name", "tiny", "--data_dir", os.path.join(folder, "data")] + TINY_DATA)
    return tiny


@pytest.fixture(scope="session")
def tiny_run(tiny_data):
    """A `TinyRun`, trained two epochs."""
    import train

    train.main(["--data", tiny_data.data_folder, "--runs", os.path.dirname(tiny_data.run_folder),
                "--name", "tiny", "--epochs", "2"] + TINY_SIZES)
    return tiny_data


@pytest.fixture(scope="session", params=["default", "drawing", "original"])
def exported(tiny_run, tmp_path_factory, request):
    """(run in process, its SavedModel) of each preset."""
    import tensorflow_serving
    import train
    from models.inference import trained

    folder = str(tmp_path_factory.mktemp(request.param))
    train.main(["--data", tiny_run.data_folder, "--runs", folder, "--name", "r", "-e", "1",
                "--preset", request.param] + TINY_SIZES)
    tensorflow_serving.main(["--run", os.path.join(folder, "r"), "--out",
                             os.path.join(folder, "serve")])
    return trained.load(os.path.join(folder, "r")), os.path.join(folder, "serve", "1")
