"""The bootstrap over users and Holm's correction: worked out by hand, and laws."""
import numpy as np
import pytest

from metrics.significance import holm, paired_difference


def test_a_constant_difference_has_an_interval_of_width_zero():
    result = paired_difference([3., 4., 5.], [1., 2., 3.], [0, 0, 1], np.random.RandomState(0))
    assert (result["difference"], result["low"], result["high"]) == (2, 2, 2) and result["p"] < .01


def test_undefined_pairs_are_left_out():
    ours, theirs = np.array([1., np.nan, 3.]), np.array([0., 0., np.nan])
    assert paired_difference(ours, theirs, [0, 1, 2], np.random.RandomState(0))["difference"] == 1.
    assert paired_difference([np.nan], [1.], [0], np.random.RandomState(0)) is None


def test_exchanging_the_two_mirrors_the_interval():
    random = np.random.RandomState(4)
    ours, theirs, users = random.rand(50), random.rand(50), random.randint(0, 9, 50)
    forth = paired_difference(ours, theirs, users, np.random.RandomState(1))
    back = paired_difference(theirs, ours, users, np.random.RandomState(1))
    assert forth["difference"] == pytest.approx(-back["difference"])
    assert forth["low"] == pytest.approx(-back["high"]) and forth["low"] < forth["difference"] < forth["high"]


def test_repeated_pairs_of_one_user_do_not_narrow_the_interval():
    """With each pair ten times, by the same user, the interval is as wide as with each pair once."""
    random = np.random.RandomState(5)
    values, users = random.rand(40), np.arange(40)
    wide = paired_difference(values, np.zeros(40), users, np.random.RandomState(2))
    tenfold = paired_difference(np.repeat(values, 10), np.zeros(400), np.repeat(users, 10), np.random.RandomState(2))
    assert tenfold["low"] == pytest.approx(wide["low"]) and tenfold["high"] == pytest.approx(wide["high"])


def test_the_interval_covers_the_true_value_in_about_95_percent_of_samples():
    random = np.random.RandomState(6)
    covered = 0
    for _ in range(100):
        result = paired_difference(random.normal(.3, 1, 60), np.zeros(60), np.arange(60), random)
        covered += result["low"] <= .3 <= result["high"]
    assert 86 <= covered <= 99


def test_holm_by_hand():
    np.testing.assert_allclose(holm([.01, .04, .03, .005]), [.03, .06, .06, .02])
    assert holm([]).tolist() == [] and holm([.2]).tolist() == [.2]


def test_laws_of_holm():
    """Never below the uncorrected value nor above Bonferroni's; the order of the tests changes nothing."""
    random = np.random.RandomState(0)
    values = random.rand(17) ** 3
    result = holm(values)
    assert (result >= values).all() and (result <= np.minimum(17 * values, 1)).all()
    shuffled = random.permutation(17)
    np.testing.assert_allclose(holm(values[shuffled]), result[shuffled])


def test_p_is_small_where_the_interval_excludes_zero():
    random, users = np.random.RandomState(0), np.arange(80)
    noise = random.normal(0, 1, 80)
    far, near = (paired_difference(noise + shift, np.zeros(80), users, random) for shift in (1, 0))
    assert far["low"] > 0 and far["p"] < .05 and near["p"] > .05 and 0 < far["p"] <= near["p"] <= 1
