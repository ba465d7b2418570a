"""Reviews are chosen by the laws of coverage, and compared by hand."""
import numpy as np
import pytest

from metrics import aspect_coverage

AVERAGE = (np.array([.2, .4, .1]), np.array([.5, .75, .5]))


def chances(user=(0, 0, 0), item=(0, 0, 0), praise=(0, 0, 0), reviews=10):
    return aspect_coverage.chances(np.array(user), reviews, np.array(item), np.array(praise), reviews, AVERAGE)


def test_who_is_unknown_speaks_of_an_unknown_item_as_everybody_does():
    chance = aspect_coverage.chances(np.zeros(3), 0, np.zeros(3), np.zeros(3), 0, AVERAGE)
    assert chance == pytest.approx([.1, .3, .05, .1, .1, .05])


def test_chances_rise_with_what_the_shopper_and_the_item_are_about_and_split_by_its_praise():
    plain = chances((2, 4, 1), (2, 4, 1), (1, 3, .5))
    assert plain == pytest.approx([.1, .3, .05, .1, .1, .05])
    assert chances((8, 4, 1), (2, 4, 1), (1, 3, .5))[0] > plain[0]
    assert chances((2, 4, 1), (8, 4, 1), (4, 3, .5))[0] > plain[0]
    hated = chances((2, 4, 1), (8, 4, 1), (0, 3, .5))
    assert hated[0] < hated[3] and 0 <= hated.min() and hated.max() <= 1


def test_who_praises_more_than_others_is_more_likely_to_praise_whatever_it_is():
    mentions = np.array([2, 4, 0])
    of = [aspect_coverage.chances(mentions, 10, mentions, mentions * .5, 10, AVERAGE, praise)
          for praise in (np.zeros(3), mentions * AVERAGE[1], mentions * 1., None)]
    np.testing.assert_allclose(of[1], of[3])  # as others do
    assert (of[0][:3] < of[1][:3]).all() and (of[1][:3] < of[2][:3]).all()
    for chance in of:
        np.testing.assert_allclose(chance[:3] + chance[3:], of[3][:3] + of[3][3:])  # what is spoken of is the same


MARKS = np.array([[1, 0, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 1], [0, 0, 0, 0]], bool)


def test_without_trade_the_order_is_that_of_the_weights():
    assert aspect_coverage.choose([.1, .5, .2, .15, .05], MARKS, np.array([.9, .1, .1, .1]), 0) == [1, 2, 3]


def test_what_is_covered_is_not_repeated():
    chosen = aspect_coverage.choose([.4, .3, .1, .1, .1], MARKS, np.array([.9, .8, 0, 0]), 1, count=2)
    assert chosen == [0, 2]


def test_among_equal_reviews_the_heavier_one_is_first_and_few_reviews_are_all_chosen():
    assert aspect_coverage.choose([.1, .9], MARKS[:2], np.array([.9, 0, 0, 0]), .5) == [1, 0]
    assert aspect_coverage.choose([], MARKS[:0], np.zeros(4)) == []
    assert sorted(aspect_coverage.choose([0, 0], MARKS[:2], np.zeros(4))) == [0, 1]


def test_first_reviews_by_score_with_ties_in_random_order():
    scores, real = np.array([[3., 1, 2, 9], [1, 1, 1, 1], [0, 0, 0, 0]]), np.ones((3, 4), bool)
    real[0, 3], real[2, 1:] = False, False
    found = aspect_coverage.first(scores, real, np.random.RandomState(0), 3)
    assert found[0].tolist() == [0, 2, 1] and found[2].tolist() == [0, -1, -1]
    draws = {aspect_coverage.first(scores, real, np.random.RandomState(seed), 1)[1, 0] for seed in range(40)}
    assert draws == {0, 1, 2, 3}


def test_compared_by_hand():
    shown = np.array([[1, 1, 0, 1], [0, 0, 0, 0], [1, 0, 0, 0]], bool)
    own = np.array([[1, 0, 1, 1], [0, 1, 0, 0], [0, 0, 0, 0]], bool)
    found = aspect_coverage.compared(shown, own)
    assert found["precision"][:2] == pytest.approx([2 / 3, 0]) and found["recall"][:2] == pytest.approx([2 / 3, 0])
    assert found["f"][:2] == pytest.approx([2 / 3, 0]) and all(np.isnan(values[2]) for values in found.values())
