"""Helpful votes: Wilson's bound and nDCG, worked out by hand and against scikit-learn."""
import numpy as np
import pytest
from sklearn.metrics import ndcg_score

from metrics import helpfulness


def test_wilson_by_hand():
    """Agresti & Coull's example in reverse: 8 of 10 is at least 0.490."""
    assert helpfulness.wilson(8, 10) == pytest.approx(.4902, abs=1e-4)
    assert helpfulness.wilson(0, 0) == 0 and helpfulness.wilson(0, 50) == pytest.approx(0, abs=1e-9)
    bounds = helpfulness.wilson([1, 10, 100], [1, 10, 100])
    assert (np.diff(bounds) > 0).all() and (bounds < 1).all()  # more votes, a narrower interval


def test_ndcg_by_hand():
    up, total = np.array([[9, 0, 5, 2]]), np.array([[10, 10, 5, 2]])  # the last has too few votes
    real = np.ones((1, 4), bool)
    gain = helpfulness.wilson(up, total)[0]
    best = np.sort(gain[:3])[::-1] @ (1 / np.log2([2, 3, 4]))
    values = helpfulness.ndcg(np.array([[1., 3, 2, 9]]), up, total, real)
    assert values[0] == pytest.approx((gain[1] + gain[2] / np.log2(3) + gain[0] / 2) / best)


def test_ndcg_equals_that_of_scikit_learn_with_ties():
    random = np.random.RandomState(2)
    total = random.randint(5, 30, (20, 7))
    up = (total * random.rand(20, 7)).astype(int)
    scores = random.randint(0, 3, (20, 7)).astype(float)
    values = helpfulness.ndcg(scores, up, total, np.ones((20, 7), bool))
    gains = helpfulness.wilson(up, total)
    wanted = [ndcg_score(gains[[row]], scores[[row]]) for row in range(20)]
    np.testing.assert_allclose(values, wanted)
    perfect = helpfulness.ndcg(gains, up, total, np.ones((20, 7), bool))
    np.testing.assert_allclose(perfect, 1)


def test_ndcg_is_undefined_with_too_few_votes():
    real = np.array([[True, True], [True, False], [True, True]])
    up, total = np.array([[3, 3], [9, 9], [0, 0]]), np.array([[4, 9], [9, 9], [9, 9]])
    assert np.isnan(helpfulness.ndcg(np.ones((3, 2)), up, total, real)).all()


def test_a_review_with_more_helpful_votes_than_votes_is_not_counted():
    """The third review has 9 helpful votes of 6, the fourth 7 of an unknown number: the first two decide."""
    up, total, real = np.array([[9, 2, 9, 7]]), np.array([[10, 10, 6, 0]]), np.ones((1, 4), bool)
    with np.errstate(all="raise"):
        values = helpfulness.ndcg(np.array([[1., 2, 3, 4]]), up, total, real)
    assert values == helpfulness.ndcg(np.array([[1., 2]]), up[:, :2], total[:, :2], real[:, :2]) < 1
