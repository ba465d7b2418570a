"""A measurement in its own process: its result, its environment, its errors."""
import os

import pytest

from benchmarks import separate_process
from runtime.cli import UserError

MEASUREMENTS = "benchmarks.training.measurements"


def test_a_result_comes_back_from_another_working_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    sizes = separate_process.call(MEASUREMENTS, "build", dict(folder="corpus", shape="instruments", factor=.06))
    assert sizes["N"] == int(10261 * .06) and os.path.isfile(str(tmp_path / "corpus" / "meta.json"))


def test_the_error_of_a_measurement_is_reported(tmp_path):
    with pytest.raises(UserError, match="train ended with code 2: .*unknown field 'filter'"):
        separate_process.call(MEASUREMENTS, "train", dict(folder=str(tmp_path), steps=1, filter=7))
