"""The best epoch, and those that must be kept for it."""
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.run_folder.selection import best_epoch, candidates


def history(*pairs):
    return [{"epoch": number, "validation_rmse": rmse, "validation_own_auc": auc}
            for number, (rmse, auc) in enumerate(pairs, 1)]


@pytest.mark.parametrize("pairs, best", [
    ([(.9, .5)], 1), ([(.9, .9), (.8, .5)], 2), ([(.802, .7), (.8, .6), (.81, .99)], 1),
    ([(.8, .6), (.8, .6)], 1), ([(.8029, .6), (.8, .5), (.7995, .4)], 2)])
def test_the_best_epoch(pairs, best):
    assert best_epoch(history(*pairs)) == best


def test_the_best_can_go_back():
    """The second leads while it is within the tie of the fourth; the fifth drops it, and the third leads."""
    found = history((.7257, .970), (.7242, .961), (.7236, .959), (.7217, .953), (.7208, .945))
    assert [best_epoch(found[:count]) for count in range(1, 6)] == [1, 1, 1, 2, 3]
    assert candidates(found[:4]) == [2, 3, 4] and candidates(found) == [3, 4, 5]


@given(st.lists(st.tuples(st.integers(700, 708), st.integers(0, 4)), min_size=1, max_size=9))
def test_whatever_comes_the_best_is_kept(pairs):
    found, kept = history(*[(rmse / 1000, auc / 4) for rmse, auc in pairs]), set()
    for count in range(1, len(found) + 1):
        kept = (kept | {count}) & set(candidates(found[:count])) | {count}
        assert best_epoch(found[:count]) in kept
