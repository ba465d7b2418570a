"""Personality by hand, by chance and beside the noise of the seed."""
import numpy as np
import pytest

from metrics import personality

REAL = np.array([[True] * 4, [True, True, False, False]])


def test_distance_by_hand():
    one = np.array([[4., 3, 2, 1], [1., 2, 0, 0]])
    assert personality.distance(one, one, REAL).tolist() == [0, 0]
    assert personality.distance(one, -one, REAL).tolist() == [2, 2]
    other = np.array([[3., 4, 2, 1], [1., 2, 5, 7]])  # one of 6 pairs is turned: tau 4/6
    assert personality.distance(one, other, REAL) == pytest.approx([1 / 3, 0])


def test_orders_by_chance_are_one_apart():
    random = np.random.RandomState(0)
    real = np.ones((400, 7), bool)
    found = personality.distance(random.rand(400, 7), random.rand(400, 7), real)
    assert abs(found.mean() - 1) < .05 and (found >= 0).all() and (found <= 2).all()


def test_between_shoppers_is_the_mean_over_strangers():
    mine = np.array([[4., 3, 2, 1], [1., 1, 0, 0]])
    found = personality.between_shoppers(mine, [mine, -mine, mine, mine], REAL)
    assert found[0] == .5 and np.isnan(found[1])  # all tie: no order


@pytest.mark.parametrize("shoppers, seeds, says", [
    (.8, .2, ": personal"), (.2, .8, "noise"), (.5, .5, "may be noise")])
def test_the_verdict_says_so(shoppers, seeds, says):
    random = np.random.RandomState(1)
    noise = random.normal(0, .1, (2, 60))
    found = personality.verdict(shoppers + noise[0], seeds + noise[1] - (noise[1] - noise[0]).mean()
                                * (shoppers == seeds), np.arange(60), random)
    assert found["says"].endswith(says)
    assert personality.verdict(np.full(3, np.nan), np.zeros(3), np.arange(3), random) is None
