"""Faithfulness by hand and by laws."""
import numpy as np
import pytest
from scipy.stats import kendalltau

from metrics import faithfulness

REAL = np.array([[True, True, True, False], [True, True, False, False], [False] * 4])


def test_the_first_are_those_of_the_highest_scores():
    scores = np.array([[.1, .3, .2, .9], [.5, .4, .9, .9], [.1, .2, .3, .4]])
    random = np.random.RandomState(0)
    assert faithfulness.first(2, scores, REAL, random).tolist() == [
        [False, True, True, False], [True, True, False, False], [False] * 4]
    assert faithfulness.first(9, scores, REAL, random).tolist() == REAL.tolist()


def test_of_what_ties_each_is_first_as_often():
    random, real = np.random.RandomState(0), np.ones((6000, 3), bool)
    share = faithfulness.first(1, np.zeros((6000, 3)), real, random).mean(0)
    np.testing.assert_allclose(share, 1 / 3, atol=.03)


def test_comprehensiveness_and_sufficiency_by_hand():
    whole, without = np.array([4., 3.]), np.array([[3.5, 3.], [3., 3.], [4.25, 3.], [2., 3.]])
    found = faithfulness.comprehensiveness(whole, without)
    assert found.tolist() == [(.5 + 1 + .25 + 2) / 4, 0]
    assert faithfulness.sufficiency(whole, without).tolist() == found.tolist()
    assert faithfulness.sufficiency(whole, np.tile(whole, (4, 1))).tolist() == [0, 0]


def test_a_sum_of_votes_is_best_taken_apart_by_its_votes():
    """Where the rating is a sum, no order is more comprehensive than that of its parts."""
    random = np.random.RandomState(1)
    votes, real = random.rand(50, 7), np.ones((50, 7), bool)
    told = {}
    for name, scores in (("votes", votes), ("random", random.rand(50, 7)), ("least", -votes)):
        chosen = [faithfulness.first(k, scores, real, random) for k in faithfulness.BINS]
        without = [(votes * ~gone).sum(1) for gone in chosen]
        told[name] = faithfulness.comprehensiveness(votes.sum(1), without)
    assert (told["votes"] >= told["random"] - 1e-9).all()
    assert (told["least"] <= told["random"] + 1e-9).all()


def test_rank_correlation():
    one = np.array([[1., 2, 3, 0], [2., 1, 9, 9], [0, 0, 0, 0]])
    found = faithfulness.rank_correlation(one, one[:, ::1] ** 3, REAL)
    assert found[:2].tolist() == [1, 1] and np.isnan(found[2])
    assert faithfulness.rank_correlation(one, -one, REAL)[0] == -1
    assert np.isnan(faithfulness.rank_correlation(one, np.zeros(one.shape), REAL)).all()
    random = np.random.RandomState(3)
    mine, theirs = random.randint(0, 4, (2, 1, 9))
    found = faithfulness.rank_correlation(mine, theirs, np.ones((1, 9), bool))
    assert found[0] == pytest.approx(kendalltau(mine[0], theirs[0])[0])
