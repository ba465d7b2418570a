"""The best epoch of a run, and the epochs that must be kept because they may become the best."""
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.run_folder.selection import best_epoch, best_index, candidates


def history(*pairs):
    return [{"epoch": number, "validation_rmse": rmse, "validation_own_auc": auc}
            for number, (rmse, auc) in enumerate(pairs, 1)]


@pytest.mark.parametrize("pairs, best", [
    ([(.9, .5)], 1), ([(.9, .9), (.8, .5)], 2), ([(.802, .7), (.8, .6), (.81, .99)], 1),
    ([(.8, .6), (.8, .6)], 1), ([(.8049, .6), (.8, .5), (.7995, .4)], 2)])
def test_the_best_epoch(pairs, best):
    assert best_epoch(history(*pairs)) == best == 1 + best_index(history(*pairs))


def test_the_best_epoch_can_be_an_earlier_one_again():
    """The second epoch is no longer near the least RMSE once the fifth lowers it; then the third is the best."""
    records = history((.7277, .970), (.7262, .961), (.7256, .959), (.7217, .953), (.7208, .945))
    assert [best_epoch(records[:count]) for count in range(1, 6)] == [1, 1, 1, 2, 3]
    assert candidates(records[:4]) == [2, 3, 4] and candidates(records) == [3, 4, 5]


@given(st.lists(st.tuples(st.integers(700, 710), st.integers(0, 4)), min_size=1, max_size=9))
def test_the_best_epoch_is_always_among_those_kept(pairs):
    records, kept = history(*[(rmse / 1000, auc / 4) for rmse, auc in pairs]), set()
    for count in range(1, len(records) + 1):
        kept = (kept | {count}) & set(candidates(records[:count])) | {count}
        assert best_epoch(records[:count]) in kept
