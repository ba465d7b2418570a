"""Faithfulness: values worked out by hand, and laws."""
import numpy as np
import pytest
from scipy.stats import kendalltau

from metrics import faithfulness

REAL = np.array([[True, True, True, False], [True, True, False, False], [False] * 4])


def test_the_top_reviews_have_the_highest_scores():
    scores = np.array([[.1, .3, .2, .9], [.5, .4, .9, .9], [.1, .2, .3, .4]])
    random = np.random.RandomState(0)
    assert faithfulness.top_k(2, scores, REAL, random).tolist() == [
        [False, True, True, False], [True, True, False, False], [False] * 4]
    assert faithfulness.top_k(9, scores, REAL, random).tolist() == REAL.tolist()


def test_each_review_of_a_tie_is_on_top_equally_often():
    random, real = np.random.RandomState(0), np.ones((6000, 3), bool)
    share = faithfulness.top_k(1, np.zeros((6000, 3)), real, random).mean(0)
    np.testing.assert_allclose(share, 1 / 3, atol=.03)


def test_the_change_of_the_rating_by_hand():
    whole, without = np.array([4., 3.]), np.array([[3.5, 3.], [3., 3.], [4.25, 3.], [2., 3.]])
    assert faithfulness.rating_change(whole, without).tolist() == [(.5 + 1 + .25 + 2) / 4, 0]
    assert faithfulness.rating_change(whole, np.tile(whole, (4, 1))).tolist() == [0, 0]


def test_ordering_by_the_votes_is_most_comprehensive_where_the_rating_is_their_sum():
    """Where the rating is a sum, no order is more comprehensive than that of its parts."""
    random = np.random.RandomState(1)
    votes, real = random.rand(50, 7), np.ones((50, 7), bool)
    values = {}
    for name, scores in (("votes", votes), ("random", random.rand(50, 7)), ("least", -votes)):
        chosen = [faithfulness.top_k(k, scores, real, random) for k in faithfulness.BINS]
        without = [(votes * ~gone).sum(1) for gone in chosen]
        values[name] = faithfulness.rating_change(votes.sum(1), without)
    assert (values["votes"] >= values["random"] - 1e-9).all()
    assert (values["least"] <= values["random"] + 1e-9).all()


def test_rank_correlation():
    scores = np.array([[1., 2, 3, 0], [2., 1, 9, 9], [0, 0, 0, 0]])
    result = faithfulness.rank_correlation(scores, scores ** 3, REAL)
    assert result[:2].tolist() == [1, 1] and np.isnan(result[2])
    assert faithfulness.rank_correlation(scores, -scores, REAL)[0] == -1
    assert np.isnan(faithfulness.rank_correlation(scores, np.zeros(scores.shape), REAL)).all()
    random = np.random.RandomState(3)
    left, right = random.randint(0, 4, (2, 1, 9))
    result = faithfulness.rank_correlation(left, right, np.ones((1, 9), bool))
    assert result[0] == pytest.approx(kendalltau(left[0], right[0])[0])
