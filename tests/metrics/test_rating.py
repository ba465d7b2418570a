"""Rating errors, worked out by hand."""
import numpy as np
import pytest

from metrics import rating


def test_by_hand():
    predicted, stars = np.array([1., 4.5, 3.]), np.array([2., 4.5, 5.])
    assert rating.rmse(predicted, stars) == pytest.approx(np.sqrt(5 / 3))
    assert rating.mae(predicted, stars) == pytest.approx(1)


@pytest.mark.parametrize("measure", [rating.rmse, rating.mae])
def test_predictions_are_clipped_to_1_to_5_stars(measure):
    assert measure(np.array([7., -2.]), np.array([5., 1.])) == 0
    assert measure(np.array([5., 5.], np.float32), np.array([1., 5.])) > 0


def test_errors_clipped_or_not():
    result = rating.errors(np.array([6., 3.]), np.array([5., 4.]))
    assert result["rmse"] == .5 ** .5 and result["mae"] == .5
    assert result["rmse_unclipped"] == 1 and result["mae_unclipped"] == 1


def test_groups_by_training_rows():
    predicted, stars = np.array([3., 3, 3, 3]), np.array([3., 4, 5, 1])
    result = rating.by_rows(predicted, stars, [0, 2, 1, 17])
    assert result == {
        "0": {"pairs": 1, "rmse": 0, "mae": 0}, "cold": {"pairs": 1, "rmse": 0, "mae": 0},
        "1-2": {"pairs": 2, "rmse": 2.5 ** .5, "mae": 1.5},
        "10+": {"pairs": 1, "rmse": 2, "mae": 2},
        "warm": {"pairs": 3, "rmse": 3 ** .5, "mae": 5 / 3}}
    assert rating.by_rows(predicted[:0], stars[:0], []) == {}


def test_every_pair_is_in_exactly_one_group():
    random = np.random.RandomState(0)
    predicted, stars, rows = random.rand(99) * 4 + 1, random.randint(1, 6, 99), random.randint(0, 14, 99)
    result = rating.by_rows(predicted, stars, rows)
    for names in ([name for name, _, _ in rating.GROUPS], ["cold", "warm"]):
        square = sum(result[name]["pairs"] * result[name]["rmse"] ** 2 for name in names)
        assert square / 99 == pytest.approx(rating.rmse(predicted, stars) ** 2)
        assert sum(result[name]["pairs"] for name in names) == 99
