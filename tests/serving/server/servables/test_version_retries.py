"""A version that cannot be loaded: when it is tried again."""
import errno
import os
import shutil
from types import SimpleNamespace

import numpy as np
import pytest

from serving.server.config import Model
from serving.server.servables import versions
from serving.server.servables.saved_model import SavedModel
from serving.server.servables.versions import ServedModel
from serving.server.status import StatusError
from tests.serving.saved_models import line, save


def slope(model):
    """The slope of the line that a model serves."""
    with model.use() as loaded:
        return float(loaded.predict("serving_default", {"x": np.float32([1])})["y"][0])


def test_a_failed_version_is_retried_only_when_its_files_change(tmp_path):
    tried = []

    def load(path, version):
        tried.append(version)
        return SavedModel(path, version)

    model = ServedModel(Model("m", str(tmp_path)), load)
    whole = save(tmp_path / "whole", serving_default=line(2, 0))
    half = tmp_path / "2"
    half.mkdir()
    shutil.copy(str(whole / "saved_model.pb"), str(half))
    for _ in range(3):
        model.refresh()
    assert tried == [2] and model.states(2)[2].state == "END"
    shutil.copytree(str(whole / "variables"), str(half / "variables"))
    model.refresh()
    assert tried == [2, 2] and slope(model) == 2 and model.states(2)[2].error is None
    model.stop()


@pytest.mark.parametrize("failure, code", [
    (OSError(errno.EMFILE, "Too many open files"), "RESOURCE_EXHAUSTED"), (MemoryError(), "RESOURCE_EXHAUSTED"),
    (StatusError("UNAVAILABLE", "a device is busy"), "UNAVAILABLE")])
def test_a_failure_that_may_pass_is_tried_again_after_a_minute_and_no_other(tmp_path, monkeypatch, failure, code):
    now, tried, failures = [1000.], [], [failure, failure, OSError(errno.ENOENT, "No such file")]

    def load(path, version):
        tried.append(version)
        if failures:
            raise failures.pop(0)
        return SavedModel(path, version)

    monkeypatch.setattr(versions, "time", SimpleNamespace(monotonic=lambda: now[0]))
    model = ServedModel(Model("m", str(tmp_path)), load)
    folder = save(tmp_path / "2", serving_default=line(2, 0))
    for seconds, tries, state in ((0, 1, code), (59, 1, code), (2, 2, code), (61, 3, "NOT_FOUND"),
                                  (3600, 3, "NOT_FOUND")):
        now[0] += seconds
        model.refresh()
        assert len(tried) == tries and model.states(2)[2].error.code == state
    os.utime(str(folder / "saved_model.pb"), (1, 1))
    model.refresh()
    assert len(tried) == 4 and slope(model) == 2
    model.stop()
