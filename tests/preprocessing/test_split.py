"""The split: the published permutation and cuts, the split by time, and data that is too small."""
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preprocessing.split import split
from runtime.cli import UserError


def test_the_published_permutation_and_cuts():
    train, validation, test = split(167597, "random", 2017)
    assert [len(part) for part in (train, validation, test)] == [134077, 16760, 16760]
    order = np.random.RandomState(2017).permutation(167597)
    assert np.array_equal(np.concatenate([train, validation, test]), order)


@settings(deadline=None, max_examples=40)
@given(count=st.integers(10, 300), seed=st.integers(0, 2 ** 32 - 1),
       protocol=st.sampled_from(["random", "time"]))
def test_every_row_is_in_exactly_one_part(count, seed, protocol):
    times = np.random.RandomState(seed).randint(0, 9, count)
    parts = split(count, protocol, seed, times)
    assert sorted(np.concatenate(parts)) == list(range(count))
    assert [len(part) for part in parts] == [
        int(.8 * count), int(.9 * count) - int(.8 * count), count - int(.9 * count)]


def test_the_seed_determines_the_split():
    assert np.array_equal(split(50, seed=3)[2], split(50, seed=3)[2])
    assert not np.array_equal(split(50, seed=3)[2], split(50, seed=4)[2])


def test_a_split_by_time_puts_the_latest_rows_into_the_test():
    times = [5, 1, 5, 3, 2, 9, 5, 7, 8, 6]
    train, validation, test = split(10, "time", times=times)
    assert train.tolist() == [1, 4, 3, 0, 2, 6, 9, 7]  # equal times in the order of the file
    assert (validation.tolist(), test.tolist()) == ([8], [5])


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_a_corpus_too_small_is_refused(count):
    with pytest.raises(UserError, match=f"^the corpus: {count} reviews are too few"):
        split(count)
