"""The bootstrap over users and Holm's correction: worked out by hand, and laws."""
import numpy as np
import pytest

from metrics import significance
from metrics.significance import DRAWS, LEVEL, Bootstrap, correct, holm, paired_difference


def test_a_constant_difference_has_an_interval_of_width_zero():
    ours = np.arange(10.)
    result = paired_difference(ours + 2, ours, np.arange(10) // 2, np.random.RandomState(0))
    assert (result["difference"], result["low"], result["high"]) == (2, 2, 2) and result["p"] < .01


def test_undefined_pairs_are_left_out():
    ours, theirs = np.array([1.] * 5 + [np.nan, 3.]), np.array([0.] * 6 + [np.nan])
    assert paired_difference(ours, theirs, np.arange(7), np.random.RandomState(0))["difference"] == 1.
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


@pytest.mark.parametrize("most_kept", [0, 2 ** 28])
@pytest.mark.parametrize("count", [5, 7, 300])
def test_the_interval_is_that_of_all_draws_at_once(monkeypatch, count, most_kept):
    """Values are multiples of 1/8, whose sums are exact in any order."""
    random = np.random.RandomState(8)
    users, values = random.randint(0, count, 5 * count), random.randint(-8, 9, (3, 5 * count)) / 8
    values[1, ::3] = np.nan
    monkeypatch.setattr(significance, "BLOCK", 1000)
    monkeypatch.setattr(significance, "MOST_KEPT", most_kept)
    bootstrap = Bootstrap(users, np.random.RandomState(9))
    for ours in values:
        found, kept = bootstrap.difference(ours, np.zeros(len(users))), np.isfinite(ours)
        _, group = np.unique(users[kept], return_inverse=True)
        size = group.max() + 1
        drawn = np.random.RandomState(bootstrap.seed).randint(0, size, (DRAWS, size))
        often = np.array([np.bincount(draw, minlength=size) for draw in drawn])
        means = often @ np.bincount(group, ours[kept]) / (often @ np.bincount(group))
        assert [found["low"], found["high"]] == np.percentile(means, [50 * (1 - LEVEL), 50 * (1 + LEVEL)]).tolist()
        assert found["p"] == min(1, 2 * (1 + min((means <= 0).sum(), (means >= 0).sum())) / (1 + DRAWS))
    assert bool(bootstrap.kept) == (most_kept > 0)


def test_draws_are_computed_in_blocks_and_kept_only_up_to_a_number_of_bytes(monkeypatch):
    bootstrap, shapes = Bootstrap(np.arange(90), np.random.RandomState(0)), set()
    monkeypatch.setattr(significance, "BLOCK", 900)
    monkeypatch.setattr(significance, "MOST_KEPT", 2 * DRAWS * 88)
    for block in bootstrap._blocks(90):
        shapes.add(block.shape)
    assert shapes == {(8, 90)} and all(block.dtype == np.uint8 for block in bootstrap._blocks(90))
    for left_out in range(2, 6):  # each pattern of undefined pairs has draws of its own
        values = np.arange(90.)
        values[:left_out] = np.nan
        bootstrap.difference(values, np.zeros(90))
        assert sum(block.nbytes for _, _, blocks in bootstrap.kept.values() for block in blocks) == bootstrap.bytes
        assert 0 < bootstrap.bytes <= 2 * DRAWS * 88


def test_holm_by_hand():
    np.testing.assert_allclose(holm([.01, .04, .03, .005]), [.03, .06, .06, .02])
    assert holm([]).tolist() == [] and holm([.2]).tolist() == [.2]


def test_differences_are_corrected_together():
    gaps = [{"p": .01}, None, {"p": .04}, {"p": .03}, {"p": .005}]
    correct(gaps)
    assert gaps[1] is None
    assert [gap["p_holm"] for gap in gaps if gap] == pytest.approx([.03, .06, .06, .02])
    correct([])


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


@pytest.mark.parametrize("users", [1, 2, 5, 9])
def test_a_difference_of_too_few_users_is_not_judged(users):
    """The interval of one user would have no width, so that any difference would seem significant."""
    pairs = np.repeat(np.arange(users), 3)
    ours, theirs = np.full(len(pairs), .2), np.full(len(pairs), .1)
    gap = paired_difference(ours, theirs, pairs, np.random.RandomState(0))
    assert (gap is None) == (users < significance.LEAST_USERS)
    ours[pairs >= 4] = np.nan  # of the others nothing is known
    assert paired_difference(ours, theirs, pairs, np.random.RandomState(0)) is None
    assert significance.as_text(None) == ""


def test_the_sign_of_a_difference_is_that_of_its_whole_interval():
    ends = (.1, .2), (0., .2), (-.1, .2), (0., 0.), (-.2, 0.), (-.2, -.1)
    assert [significance.sign({"low": low, "high": high}) for low, high in ends] == [1, 0, 0, 0, 0, -1]
