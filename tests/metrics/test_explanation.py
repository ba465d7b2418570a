"""Measures of what is shown to whom, against slow loops and scikit-learn."""
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from metrics import explanation


def pairs(seed, n=40, slots=7):
    """(scores with ties, relevance, real slots, likeness) of pairs; some have no reviews at all."""
    random = np.random.RandomState(seed)
    real = np.arange(slots) < random.randint(0, slots + 1, (n, 1))
    real = np.array([row[random.permutation(slots)] for row in real])
    return random.randint(0, 4,
                          (n, slots)) / 4., random.rand(n, slots) < .4, real, random.rand(n, slots)


@pytest.mark.parametrize("seed", range(3))
def test_auc_is_that_of_scikit_learn(seed):
    scores, relevant, real, _ = pairs(seed)
    found = explanation.auc(scores, relevant, real)
    for row in range(len(scores)):
        there = real[row]
        if len(set(relevant[row][there])) < 2:
            assert np.isnan(found[row])
        else:
            wanted = roc_auc_score(relevant[row][there], scores[row][there])
            assert found[row] == pytest.approx(wanted)
    assert np.isfinite(found).sum() > 10


def test_auc_by_hand():
    scores, everything = np.array([[3., 1., 1., 0.]]), np.ones((1, 4), bool)
    assert explanation.auc(scores, np.array([[True, True, False, False]]),
                           everything) == [.875]  # 4 pairs, 1 tie
    assert explanation.auc(np.zeros((1, 4)), np.array([[True, False, False, True]]),
                           everything) == [.5]


@settings(deadline=None, max_examples=50)
@given(seed=st.integers(0, 9999))
def test_auc_of_the_reverse_and_of_what_is_not_there(seed):
    scores, relevant, real, _ = pairs(seed, 5)
    found = explanation.auc(scores, relevant, real)
    np.testing.assert_allclose(explanation.auc(-scores, relevant, real), 1 - found)
    np.testing.assert_allclose(explanation.auc(np.exp(scores), relevant, real), found)
    np.testing.assert_allclose(explanation.auc(np.where(real, scores, 99), relevant | ~real, real),
                               found)


def expected_at(k, scores, values, real):
    """Mean of values over the first k, averaged over all orders of what ties."""
    places = np.nonzero(real)[0]
    orders = [order for order in itertools.permutations(places)
              if all(scores[one] >= scores[other] for one, other in zip(order, order[1:]))]
    return np.mean([np.mean([values[place] for place in order[:k]]) for order in orders])


@pytest.mark.parametrize("k", [1, 3])
def test_precision_against_all_orders(k):
    scores, relevant, real, _ = pairs(5, slots=5)
    found = explanation.precision_at(k, scores, relevant, real)
    for row in range(len(scores)):
        if real[row].sum() < k:
            assert np.isnan(found[row])
        else:
            assert found[row] == pytest.approx(expected_at(k, scores[row], relevant[row], real[row]))


def test_precision_of_more_than_there_are_slots():
    scores, relevant, real, _ = pairs(5)
    assert np.isnan(explanation.precision_at(8, scores, relevant, real)).all()


def test_retrieval_against_a_slow_loop():
    scores, _, real, _ = pairs(6)
    own = np.random.RandomState(1).randint(0, 4, len(scores)) / 4.
    own[::7] = np.nan
    auc, rank = (measure(own, scores, real)
                 for measure in (explanation.retrieval_auc, explanation.reciprocal_rank))
    for row in range(len(scores)):
        others = scores[row][real[row]]
        if np.isnan(own[row]) or not len(others):
            assert np.isnan(auc[row]) and np.isnan(rank[row])
            continue
        above, equal = (others > own[row]).sum(), (others == own[row]).sum()
        assert auc[row] == pytest.approx(1 - (above + equal / 2) / len(others))
        assert rank[row] == pytest.approx(1 / (1 + above + equal / 2))


@pytest.mark.parametrize("k", [1, 3])
def test_agreement_against_all_orders(k):
    scores, _, real, likeness = pairs(7, slots=5)
    found = explanation.agreement_at(k, scores, likeness, real)
    for row in range(len(scores)):
        if real[row].any():
            assert found[row] == pytest.approx(expected_at(k, scores[row], likeness[row], real[row]))
        else:
            assert np.isnan(found[row])


def test_all_tie_is_a_random_order():
    _, _, real, likeness = pairs(8)
    found = explanation.agreement_at(1, np.zeros(real.shape), likeness, real)
    np.testing.assert_allclose(found, explanation.agreement_at(7, likeness, likeness, real))
    assert np.isnan(explanation.agreement_at(1, np.zeros((3, 0)), np.zeros((3, 0)),
                                             np.zeros((3, 0), bool))).all()


def test_strangers_are_others_who_did_not_review_the_item():
    random = np.random.RandomState(3)
    users, items = np.array([4, 4, 4, 4, 1, 2, 2, 9]), np.array([0, 1, 2, 0, 1, 2, 0, 1])
    known = np.array([9, 1, 2]), np.array([0, 0, 1])
    taken = set(zip(*known))
    drawn = np.concatenate([explanation.strangers(3, users, items, known, random) for _ in range(20)])
    assert drawn.shape == (60, 8) and (drawn != users).all() and set(drawn.ravel()) == set(users)
    assert not any((user, item) in taken for row in drawn for user, item in zip(row, items))
    assert len({tuple(row) for row in drawn}) > 20
    assert users.tolist() == [4, 4, 4, 4, 1, 2, 2, 9]


def test_strangers_where_there_are_none():
    users, items, none = np.array([5, 5]), np.array([0, 1]), (np.zeros(0, int), np.zeros(0, int))
    drawn = explanation.strangers(2, users, items, none, np.random.RandomState(0))
    assert drawn.tolist() == [[5, 5], [5, 5]]


def test_mean_of_what_is_defined():
    assert explanation.mean([1., np.nan, 2.]) == 1.5
    assert explanation.mean([np.nan]) is None and explanation.mean([]) is None


def test_without_near_copies():
    found = explanation.unlike(np.array([.1, .2, .3]), np.array([.2, .3, .9]), .3)
    assert found[0] == .1 and np.isnan(found[1:]).all()
    assert explanation.unlike(np.array([.1]), np.array([np.nan]), .3).tolist() != [.1]
