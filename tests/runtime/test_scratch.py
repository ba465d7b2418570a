"""Arrays in memory and in temporary files."""
import os
import tempfile

import numpy as np
import pytest

from runtime import scratch
from runtime.cli import UserError


@pytest.mark.parametrize("limit", [0, 2 ** 28])
@pytest.mark.parametrize("shape, kind", [((7, 13), np.float32), ((1001,), np.int32), ((3, 5, 7), np.uint16)])
def test_arrays_hold_what_is_written_and_are_aligned(monkeypatch, limit, shape, kind):
    monkeypatch.setattr(scratch, "IN_MEMORY", limit)
    array, values = scratch.empty(shape, kind), np.arange(np.prod(shape)).reshape(shape)
    array[...] = values
    assert array.dtype == kind and type(array) is np.ndarray and (array == values).all()
    assert array.ctypes.data % scratch.ALIGNMENT == 0 and array.flags.c_contiguous


@pytest.mark.parametrize("limit", [0, 2 ** 28])
def test_zeros_are_zeros(monkeypatch, limit):
    monkeypatch.setattr(scratch, "IN_MEMORY", limit)
    for _ in range(3):  # of memory that may have been used before
        array = scratch.zeros((101, 37), np.int32)
        assert array.shape == (101, 37) and array.dtype == np.int32 and not array.any()
        array[:] = 7


def test_a_large_array_is_in_a_file_that_has_no_name(monkeypatch, tmp_path):
    monkeypatch.setattr(scratch, "IN_MEMORY", 100)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    array = scratch.empty((1003,))
    array[:] = 3
    assert os.listdir(str(tmp_path)) == [] and array.sum() == 3009
    assert scratch.empty((0, 5)).shape == (0, 5)


def test_a_folder_without_space_is_one_line(monkeypatch, tmp_path):
    monkeypatch.setattr(scratch, "IN_MEMORY", 100)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    with pytest.raises(UserError, match="none: a temporary file of 0.0 GiB cannot be made .*; free disk .* set TMPDIR"):
        scratch.empty((1003,))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(UserError, match="GiB cannot be made"):
        scratch.empty((2 ** 45,))  # 128 TiB
    assert os.listdir(str(tmp_path)) == []
