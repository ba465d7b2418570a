"""The best epoch of a run, and the epochs that must be kept because they may become the best."""
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import config as configs
from models.run_folder.selection import RMSE_TIE, best_epoch, best_index, candidates, tie


def history(*pairs):
    return [{"epoch": number, "validation_rmse": rmse, "validation_own_auc": auc}
            for number, (rmse, auc) in enumerate(pairs, 1)]


@pytest.mark.parametrize("pairs, best", [
    ([(.9, .5)], 1), ([(.9, .9), (.8, .5)], 2), ([(.802, .7), (.8, .6), (.81, .99)], 1),
    ([(.8, .6), (.8, .6)], 1), ([(.8049, .6), (.8, .5), (.7995, .4)], 2)])
def test_the_best_epoch(pairs, best):
    assert best_epoch(history(*pairs), RMSE_TIE) == best == 1 + best_index(history(*pairs), RMSE_TIE)


@pytest.mark.parametrize("preset, best", [("default", 1), ("narre", 3), ("deepconn", 3), ("drawing", 3)])
def test_without_a_loss_on_own_reviews_the_rating_error_alone_decides(preset, best):
    """Their own-review AUC is that of chance, and would keep an epoch of a larger error."""
    records, near = history((.803, .51), (.802, .50), (.8, .49)), tie(configs.PRESETS[preset])
    assert best_epoch(records, near) == best and best in candidates(records, near)


def test_the_best_epoch_can_be_an_earlier_one_again():
    """The second epoch is no longer near the least RMSE once the fifth lowers it; then the third is the best."""
    records = history((.7277, .970), (.7262, .961), (.7256, .959), (.7217, .953), (.7208, .945))
    assert [best_epoch(records[:count], RMSE_TIE) for count in range(1, 6)] == [1, 1, 1, 2, 3]
    assert candidates(records[:4], RMSE_TIE) == [2, 3, 4] and candidates(records, RMSE_TIE) == [3, 4, 5]


@given(st.lists(st.tuples(st.integers(700, 710), st.integers(0, 4)), min_size=1, max_size=9),
       st.sampled_from([RMSE_TIE, 0]))
def test_the_best_epoch_is_always_among_those_kept(pairs, near):
    records, kept = history(*[(rmse / 1000, auc / 4) for rmse, auc in pairs]), set()
    for count in range(1, len(records) + 1):
        kept = (kept | {count}) & set(candidates(records[:count], near)) | {count}
        assert best_epoch(records[:count], near) in kept
