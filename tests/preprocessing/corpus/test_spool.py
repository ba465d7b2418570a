"""Files without a name: what is read is what was appended; a full disk is one line, and no file is left."""
import os
import resource

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preprocessing.corpus import spool
from runtime.cli import UserError


@settings(deadline=None, max_examples=50)
@given(rows=st.lists(st.lists(st.integers(0, 2 ** 31 - 1), max_size=7), min_size=1, max_size=9), most=st.integers(1, 8))
def test_rows_of_numbers_are_read_in_any_order(rows, most):
    numbers = spool.NumberRows()
    for row in rows:
        numbers.append(row)
    numbers.close()
    order = np.random.RandomState(3).permutation(len(rows))
    for cut in (None, most):
        found, lengths = numbers.read(order, cut)
        assert lengths.tolist() == [len(rows[row][:cut]) for row in order]
        assert found.tolist() == [number for row in order for number in rows[row][:cut]]
    assert numbers.read(order[:0])[0].dtype == np.int32


@settings(deadline=None, max_examples=50)
@given(rows=st.lists(st.lists(st.text(max_size=9) | st.none() | st.integers() | st.floats(allow_nan=False), max_size=5),
                     min_size=1, max_size=9))
def test_texts_are_read_as_they_were_appended(rows):
    texts = spool.Texts()
    rows = [[value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value for value in row]
            for row in rows]
    for row in rows:
        texts.append(row)
    texts.close()
    for number in reversed(range(len(rows))):
        assert texts.read(number) == rows[number]


def test_a_file_has_no_name_and_holds_more_than_is_written_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(spool, "PIECE", 100)
    numbers = spool.NumberRows(str(tmp_path))
    for row in range(99):
        numbers.append([row] * 7)
    numbers.close()
    assert os.listdir(str(tmp_path)) == []
    assert numbers.read(np.array([98, 0]))[0].tolist() == [98] * 7 + [0] * 7


@pytest.mark.parametrize("size", [0, 150])
def test_a_full_disk_is_one_line(tmp_path, monkeypatch, size):
    monkeypatch.setattr(spool, "PIECE", 100)
    texts = spool.Texts(str(tmp_path))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        with pytest.raises(UserError, match=f"{tmp_path}: cannot be written") as error:
            for row in range(99):
                texts.append(["loud"] * row)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert "\n" not in str(error.value)
