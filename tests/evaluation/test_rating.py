"""Rating error, by hand."""
import numpy as np
import pytest

from evaluation import rating


def test_by_hand():
    predicted, stars = np.array([1., 4.5, 3.]), np.array([2., 4.5, 5.])
    assert rating.rmse(predicted, stars) == pytest.approx(np.sqrt(5 / 3))
    assert rating.mae(predicted, stars) == pytest.approx(1)


@pytest.mark.parametrize("measure", [rating.rmse, rating.mae])
def test_predictions_are_clipped_to_stars(measure):
    assert measure(np.array([7., -2.]), np.array([5., 1.])) == 0
    assert measure(np.array([5., 5.], np.float32), np.array([1., 5.])) > 0
