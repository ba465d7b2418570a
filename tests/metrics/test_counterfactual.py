"""Ranks of items under other scores, against sorted lists."""
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics import counterfactual


def rank_by_hand(scores, item):
    """1 + items above + half of the others with the same score."""
    others = np.delete(scores, item)
    return 1 + (others > scores[item]).sum() + (others == scores[item]).sum() / 2


@settings(deadline=None, max_examples=100)
@given(scores=st.lists(st.integers(0, 5), min_size=1, max_size=12), moved=st.lists(st.integers(-1, 6), max_size=5),
       data=st.data())
def test_the_rank_at_another_score_is_that_of_a_list_with_that_score(scores, moved, data):
    item, scores = data.draw(st.integers(0, len(scores) - 1)), np.array(scores, float)
    expected = [rank_by_hand(np.where(np.arange(len(scores)) == item, score, scores), item) for score in moved]
    assert counterfactual.rank_at(np.sort(scores), scores[item], moved).tolist() == expected
    assert counterfactual.rank_at(np.sort(scores), scores[item], scores[item]) == rank_by_hand(scores, item)
    assert counterfactual.ranks_in(scores[np.newaxis], np.array([0]), np.array([item])) == rank_by_hand(scores, item)


def test_items_that_are_no_candidates_are_below_all_others():
    scores = np.array([[-np.inf, 2., 1.], [5., -np.inf, 7.]])
    assert counterfactual.ranks_in(scores, np.array([0, 1, 1]), np.array([2, 2, 0])).tolist() == [2, 1, 2]


def test_an_item_without_a_score_is_among_the_last():
    """As those of `ranking.lists`; two such items share the last places."""
    scores = np.array([[.5, np.nan, .1, np.nan, .3]])
    with np.errstate(invalid="raise"):
        found = counterfactual.ranks_in(scores, np.zeros(5, int), np.arange(5))
        assert counterfactual.rank_at(np.array([.1, .3, .5]), .5, [np.nan, .2]).tolist() == [3, 2]
    assert found.tolist() == [1, 4.5, 3, 4.5, 2]


def test_a_random_part_is_the_mean_over_all_parts_and_places_up_count_as_places_down():
    assert counterfactual.places_moved(4, [1, 4, 10], 2) == (6, pytest.approx(3))
