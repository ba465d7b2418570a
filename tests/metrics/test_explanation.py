"""Measures of review scores against slow loops and scikit-learn."""
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
def test_auc_equals_that_of_scikit_learn(seed):
    scores, relevant, real, _ = pairs(seed)
    values = explanation.auc(scores, relevant, real)
    for row in range(len(scores)):
        reviews = real[row]
        if len(set(relevant[row][reviews])) < 2:
            assert np.isnan(values[row])
        else:
            wanted = roc_auc_score(relevant[row][reviews], scores[row][reviews])
            assert values[row] == pytest.approx(wanted)
    assert np.isfinite(values).sum() > 10


def test_auc_by_hand():
    scores, everything = np.array([[3., 1., 1., 0.]]), np.ones((1, 4), bool)
    assert explanation.auc(scores, np.array([[True, True, False, False]]),
                           everything) == [.875]  # 4 pairs, 1 tie
    assert explanation.auc(np.zeros((1, 4)), np.array([[True, False, False, True]]),
                           everything) == [.5]


@settings(deadline=None, max_examples=50)
@given(seed=st.integers(0, 9999))
def test_auc_of_reversed_scores_and_with_values_in_empty_slots(seed):
    scores, relevant, real, _ = pairs(seed, 5)
    values = explanation.auc(scores, relevant, real)
    np.testing.assert_allclose(explanation.auc(-scores, relevant, real), 1 - values)
    np.testing.assert_allclose(explanation.auc(np.exp(scores), relevant, real), values)
    np.testing.assert_allclose(explanation.auc(np.where(real, scores, 99), relevant | ~real, real),
                               values)


def expected_at(k, scores, values, real):
    """Mean of values over the first k, averaged over all orders of ties."""
    slots = np.nonzero(real)[0]
    orders = [order for order in itertools.permutations(slots)
              if all(scores[left] >= scores[right] for left, right in zip(order, order[1:]))]
    return np.mean([np.mean([values[slot] for slot in order[:k]]) for order in orders])


@pytest.mark.parametrize("k", [1, 3])
def test_precision_against_all_orders(k):
    scores, relevant, real, _ = pairs(5, slots=5)
    values = explanation.precision_at(k, scores, relevant, real)
    for row in range(len(scores)):
        if real[row].sum() < k:
            assert np.isnan(values[row])
        else:
            assert values[row] == pytest.approx(expected_at(k, scores[row], relevant[row], real[row]))


def test_precision_at_more_than_the_number_of_slots_is_undefined():
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
        assert rank[row] == pytest.approx(np.mean([1 / place for place in range(above + 1, above + equal + 2)]))


@settings(deadline=None, max_examples=40)
@given(own=st.integers(0, 2), others=st.lists(st.integers(0, 2), min_size=1, max_size=5), empty=st.integers(0, 2))
def test_the_reciprocal_rank_is_its_mean_over_all_orders_of_equal_scores(own, others, empty):
    scores = [own] + others
    orders = [order for order in itertools.permutations(range(len(scores)))
              if all(scores[left] >= scores[right] for left, right in zip(order, order[1:]))]
    wanted = np.mean([1 / (1 + order.index(0)) for order in orders])
    slots, real = np.array([others + [own] * empty], float), np.array([[True] * len(others) + [False] * empty])
    assert explanation.reciprocal_rank(np.array([float(own)]), slots, real) == pytest.approx(wanted)


@pytest.mark.parametrize("k", [1, 3])
def test_agreement_against_all_orders(k):
    scores, _, real, likeness = pairs(7, slots=5)
    values = explanation.agreement_at(k, scores, likeness, real)
    for row in range(len(scores)):
        if real[row].any():
            assert values[row] == pytest.approx(expected_at(k, scores[row], likeness[row], real[row]))
        else:
            assert np.isnan(values[row])


def test_scores_that_all_tie_count_as_a_random_order():
    _, _, real, likeness = pairs(8)
    values = explanation.agreement_at(1, np.zeros(real.shape), likeness, real)
    np.testing.assert_allclose(values, explanation.agreement_at(7, likeness, likeness, real))
    assert np.isnan(explanation.agreement_at(1, np.zeros((3, 0)), np.zeros((3, 0)),
                                             np.zeros((3, 0), bool))).all()


def test_other_users_are_not_the_own_user_and_did_not_review_the_item():
    random = np.random.RandomState(3)
    users, items = np.array([4, 4, 4, 4, 1, 2, 2, 9]), np.array([0, 1, 2, 0, 1, 2, 0, 1])
    train_pairs = np.array([9, 1, 2]), np.array([0, 0, 1])
    taken = set(zip(*train_pairs))
    drawn = np.concatenate([explanation.other_users(3, users, items, train_pairs, random) for _ in range(20)])
    assert drawn.shape == (60, 8) and (drawn != users).all() and set(drawn.ravel()) == set(users)
    assert not any((user, item) in taken for row in drawn for user, item in zip(row, items))
    assert len({tuple(row) for row in drawn}) > 20
    assert users.tolist() == [4, 4, 4, 4, 1, 2, 2, 9]


def test_other_users_are_never_the_own_user_where_all_others_have_reviewed_the_item():
    users, items = np.array([3, 3, 8]), np.array([0, 0, 1])
    drawn = explanation.other_users(50, users, items, (np.array([8, 3]), np.array([0, 1])), np.random.RandomState(0))
    assert (drawn == [8, 8, 3]).all()


def test_other_users_where_there_is_no_other_user():
    users, items, none = np.array([5, 5]), np.array([0, 1]), (np.zeros(0, int), np.zeros(0, int))
    drawn = explanation.other_users(2, users, items, none, np.random.RandomState(0))
    assert drawn.tolist() == [[5, 5], [5, 5]]


def test_mean_of_the_defined_values():
    assert explanation.mean([1., np.nan, 2.]) == 1.5
    assert explanation.mean([np.nan]) is None and explanation.mean([]) is None


def test_without_near_copies():
    values = explanation.without_near_copies(np.array([.1, .2, .3]), np.array([.2, .3, .9]), .3)
    assert values[0] == .1 and np.isnan(values[1:]).all()
    assert explanation.without_near_copies(np.array([.1]), np.array([np.nan]), .3).tolist() != [.1]


def test_entropy():
    nan, real = np.nan, np.array([[1, 1], [1, 1], [1, 1], [1, 0], [0, 0], [1, 1]], bool)
    weights = np.array([[.5, .5], [1, 0], [.9, .1], [1, 0], [.5, .5], [0, 0]])
    shares = np.array([.9, .1])
    np.testing.assert_allclose(explanation.entropy(weights, real),
                               [1, 0, -(shares @ np.log(shares)) / np.log(2), nan, nan, nan], atol=1e-12)
    assert explanation.entropy(np.zeros((0, 3)), np.zeros((0, 3), bool)).shape == (0,)
