"""Item-item matrices: against the closed form by brute force, against slow loops, and laws that all of them keep."""
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from models.ranking import item_item, texts
from preprocessing.artefact import Split
from runtime.cli import UserError
from tests.models.ranking import corpora

ALL = {"item_knn": lambda x: item_item.item_knn(x, 5, 2.), "rp3beta": lambda x: item_item.rp3beta(x, .8, .2, 5),
       "ease": lambda x: item_item.ease(x, 3.),
       "text_ease": lambda x: item_item.text_ease(x, words(x.shape[1]), 2., 3.)}


def purchases(users=11, items=7, seed=0):
    return sparse.csr_matrix((np.random.RandomState(seed).rand(users, items) < .4).astype(np.float32))


def planted():
    user, item = corpora.pairs(0)
    return item_item.interactions(Split(user, item, user, user), corpora.USERS, corpora.ITEMS)


def words(items, seed=1):
    """A [I, V]: random unit rows."""
    rows = np.random.RandomState(seed).rand(items, 4)
    return sparse.csr_matrix((rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32))


def dense(matrix):
    return matrix.toarray() if sparse.issparse(matrix) else matrix


def least_squares(x, l2):
    """B by one ridge regression for each item on all others."""
    items = x.shape[1]
    matrix = np.zeros((items, items))
    for item in range(items):
        others = np.delete(np.arange(items), item)
        rest = x[:, others]
        matrix[others, item] = np.linalg.solve(rest.T @ rest + l2 * np.eye(items - 1), rest.T @ x[:, item])
    return matrix


def test_interactions_are_binary():
    user, item = np.array([0, 0, 2, 0]), np.array([1, 1, 3, 0])  # a pair twice
    x = item_item.interactions(Split(user, item, user, user), 5, 7)
    assert x.shape == (5, 7) and x.dtype == np.float32
    assert x.toarray()[0].tolist() == [1, 1, 0, 0, 0, 0, 0] and x.sum() == 3


@pytest.mark.parametrize("block", [1, 3, 7, 256])
@pytest.mark.parametrize("l2", [.5, 7., 300.])
def test_ease_is_a_ridge_regression_of_each_item_on_all_others(l2, block, monkeypatch):
    monkeypatch.setattr(item_item, "BLOCK", block)
    x = purchases()
    np.testing.assert_allclose(item_item.ease(x, l2), least_squares(x.toarray(), l2), atol=1e-5)


@pytest.mark.parametrize("block", [1, 3, 512])
def test_text_ease_is_ease_on_users_and_words(block, monkeypatch):
    monkeypatch.setattr(texts, "BLOCK", block)
    x = purchases()
    rows = np.concatenate([x.toarray(), 2 ** .5 * words(7).toarray().T])
    np.testing.assert_allclose(item_item.text_ease(x, words(7), 2., 3.), least_squares(rows, 3.), atol=1e-5)
    np.testing.assert_array_equal(item_item.text_ease(x, words(7), 0., 3.), item_item.ease(x, 3.))


def test_item_knn_by_a_slow_loop():
    x = purchases()
    columns = x.toarray().T
    wanted = np.array([[0 if i == j else a @ b / ((a @ a) ** .5 * (b @ b) ** .5 + 2) for j, b in enumerate(columns)]
                       for i, a in enumerate(columns)])
    np.testing.assert_allclose(dense(item_item.item_knn(x, 7, 2.)), wanted, rtol=1e-5)


def test_rp3beta_by_a_slow_loop():
    x = purchases().toarray()
    wanted = np.zeros((7, 7))
    for i in range(7):
        for j in range(7):
            for u in range(11):
                if i != j and x[u, i] and x[u, j]:
                    wanted[i, j] += (1 / x[:, i].sum()) ** .8 * (1 / x[u].sum()) ** .8 / x[:, j].sum() ** .2
    np.testing.assert_allclose(dense(item_item.rp3beta(sparse.csr_matrix(x), .8, .2, 7)), wanted, rtol=1e-5)


@pytest.mark.parametrize("name", sorted(ALL))
def test_the_diagonal_is_zero_and_scores_are_sums_of_the_parts_of_purchases(name):
    x = planted()
    matrix = ALL[name](x)
    assert not np.diag(dense(matrix)).any() and dense(matrix).dtype == np.float32
    scores = item_item.scores(x[[3, 60]], matrix)
    for row, user in enumerate((3, 60)):
        bought = x[user].indices
        np.testing.assert_allclose(scores[row], sum(dense(matrix)[item] for item in bought), atol=1e-5)


@pytest.mark.parametrize("name", sorted(ALL))
def test_planted_co_purchases_are_found(name):
    """The entries between items of one group are above those between the groups."""
    matrix, group = dense(ALL[name](planted())), corpora.GROUP
    own = matrix[:group, :group][~np.eye(group, dtype=bool)]
    assert own.min() > matrix[:group, group:2 * group].max()


@pytest.mark.parametrize("name", sorted(ALL))
def test_items_without_buyers_and_users_without_purchases(name):
    user, item = np.array([0, 0, 1]), np.array([1, 2, 2])
    x = item_item.interactions(Split(user, item, user, user), 4, corpora.ITEMS)
    matrix = ALL[name](x)
    assert np.isfinite(dense(matrix)).all()
    assert not item_item.scores(x[[3]], matrix).any()


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 9999), keep=st.integers(1, 9), block=st.integers(1, 9))
def test_strongest_keeps_the_largest_entries_of_each_column(seed, keep, block):
    with mock.patch.object(item_item, "BLOCK", block):
        check_strongest(seed, keep)


def check_strongest(seed, keep):
    matrix = np.random.RandomState(seed).normal(size=(7, 7)).astype(np.float32)
    np.fill_diagonal(matrix, 0)
    for stored in (matrix, sparse.csr_matrix(matrix)):
        kept = item_item.strongest(stored, keep)
        assert kept.has_sorted_indices and kept.format == "csc"
        for column in range(7):
            values = np.sort(np.delete(matrix[:, column], column))[::-1][:keep]
            np.testing.assert_array_equal(np.sort(kept[:, column].data)[::-1], values)
    np.testing.assert_array_equal(item_item.strongest(matrix, 7).toarray(), matrix)
    assert not item_item.strongest(np.zeros((7, 7)), keep).nnz


def test_entries_that_are_not_finite_are_refused():
    matrix = np.zeros((3, 3))
    matrix[0, 1], matrix[2, 1] = np.nan, np.inf
    for stored in (matrix, sparse.csr_matrix(matrix)):
        with pytest.raises(UserError, match="2 entries that are not finite"):
            item_item.strongest(stored, 2)
    with pytest.raises(UserError, match="not finite"):
        item_item.text_ease(purchases(), words(7) * np.float32("nan"), 1., 1.)
    for l2 in (0., -1., np.nan):
        with pytest.raises(UserError, match="l2"):
            item_item.ease(purchases(), l2)


def test_catalogues_that_are_too_large_to_invert(monkeypatch):
    monkeypatch.setattr(item_item, "MOST_ITEMS_TO_INVERT", 6)
    for model in (lambda: item_item.ease(purchases(), 1.), lambda: item_item.text_ease(purchases(), None, 1., 1.)):
        with pytest.raises(UserError, match="7 x 7 items"):
            model()
