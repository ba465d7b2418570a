"""Personality: worked out by hand, for random orders, and compared with the noise of the seed."""
import numpy as np
import pytest

from metrics import personality

REAL = np.array([[True] * 4, [True, True, False, False]])


def test_distance_by_hand():
    first = np.array([[4., 3, 2, 1], [1., 2, 0, 0]])
    assert personality.distance(first, first, REAL).tolist() == [0, 0]
    assert personality.distance(first, -first, REAL).tolist() == [2, 2]
    second = np.array([[3., 4, 2, 1], [1., 2, 5, 7]])  # 1 of 6 pairs is reversed: tau 4/6
    assert personality.distance(first, second, REAL) == pytest.approx([1 / 3, 0])


def test_random_orders_have_a_mean_distance_of_one():
    random = np.random.RandomState(0)
    real = np.ones((400, 7), bool)
    result = personality.distance(random.rand(400, 7), random.rand(400, 7), real)
    assert abs(result.mean() - 1) < .05 and (result >= 0).all() and (result <= 2).all()


def test_the_distance_between_users_is_the_mean_over_the_others():
    scores = np.array([[4., 3, 2, 1], [1., 1, 0, 0]])
    result = personality.between_users(scores, [scores, -scores, scores, scores], REAL)
    assert result[0] == .5 and np.isnan(result[1])  # all scores tie: no order


@pytest.mark.parametrize("users, seeds, says", [
    (.8, .2, "depends on the user"), (.2, .8, "are noise"), (.5, .5, "may be noise")])
def test_the_verdict_in_words(users, seeds, says):
    random = np.random.RandomState(1)
    noise = random.normal(0, .1, (2, 60))
    shift = (noise[1] - noise[0]).mean() * (users == seeds)
    result = personality.verdict(users + noise[0], seeds + noise[1] - shift, np.arange(60), random)
    assert says in result["says"]
    assert personality.verdict(np.full(3, np.nan), np.zeros(3), np.arange(3), random) is None
