"""The bootstrap over users, by hand and by law."""
import numpy as np
import pytest

from metrics.significance import holm, paired_difference


def test_a_constant_difference_is_sure():
    found = paired_difference([3., 4., 5.], [1., 2., 3.], [0, 0, 1], np.random.RandomState(0))
    assert (found["difference"], found["low"], found["high"]) == (2, 2, 2) and found["p"] < .01


def test_what_is_not_defined_is_left_out():
    one, other = np.array([1., np.nan, 3.]), np.array([0., 0., np.nan])
    assert paired_difference(one, other, [0, 1, 2], np.random.RandomState(0))["difference"] == 1.
    assert paired_difference([np.nan], [1.], [0], np.random.RandomState(0)) is None


def test_the_other_way_round_is_the_mirror_image():
    random = np.random.RandomState(4)
    one, other, users = random.rand(50), random.rand(50), random.randint(0, 9, 50)
    there = paired_difference(one, other, users, np.random.RandomState(1))
    back = paired_difference(other, one, users, np.random.RandomState(1))
    assert there["difference"] == pytest.approx(-back["difference"])
    assert there["low"] == pytest.approx(-back["high"]) and there["low"] < there["difference"] < there["high"]


def test_pairs_of_one_user_are_no_new_evidence():
    """Each pair ten times, by the same user: the interval is as wide as with one."""
    random = np.random.RandomState(5)
    one, users = random.rand(40), np.arange(40)
    wide = paired_difference(one, np.zeros(40), users, np.random.RandomState(2))
    tenfold = paired_difference(np.repeat(one, 10), np.zeros(400), np.repeat(users, 10), np.random.RandomState(2))
    assert tenfold["low"] == pytest.approx(wide["low"]) and tenfold["high"] == pytest.approx(wide["high"])


def test_the_interval_covers_the_truth_about_as_often_as_it_says():
    random = np.random.RandomState(6)
    covered = 0
    for _ in range(100):
        found = paired_difference(random.normal(.3, 1, 60), np.zeros(60), np.arange(60), random)
        covered += found["low"] <= .3 <= found["high"]
    assert 86 <= covered <= 99


def test_holm_by_hand():
    np.testing.assert_allclose(holm([.01, .04, .03, .005]), [.03, .06, .06, .02])
    assert holm([]).tolist() == [] and holm([.2]).tolist() == [.2]


def test_laws_of_holm():
    """Never below what comes in nor above Bonferroni's; the order of the tests changes nothing."""
    random = np.random.RandomState(0)
    values = random.rand(17) ** 3
    found = holm(values)
    assert (found >= values).all() and (found <= np.minimum(17 * values, 1)).all()
    shuffled = random.permutation(17)
    np.testing.assert_allclose(holm(values[shuffled]), found[shuffled])


def test_p_is_small_where_the_interval_leaves_zero_out():
    random, users = np.random.RandomState(0), np.arange(80)
    noise = random.normal(0, 1, 80)
    far, near = (paired_difference(noise + shift, np.zeros(80), users, random) for shift in (1, 0))
    assert far["low"] > 0 and far["p"] < .05 and near["p"] > .05 and 0 < far["p"] <= near["p"] <= 1
