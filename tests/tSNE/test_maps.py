"""Tests t-SNE maps, nearest users and closest pairs."""
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tSNE import maps
from user_modeling import nearest
from user_modeling.nearest import nearest_users


def planted(groups=3, members=13, dims=7, seed=5):
    """Returns (unit vectors, their groups): dense groups in random directions."""
    random = np.random.RandomState(seed)
    group = np.repeat(np.arange(groups), members)
    middles = np.linalg.qr(random.normal(size=(dims, dims)))[0][:groups]
    return maps.unit(middles[group] + .05 * random.normal(size=(len(group), dims))), group


def test_unit_vectors_have_length_one_and_zero_stays():
    out = maps.unit(np.array([[3., 4.], [0., 0.], [-1e-3, 0.]]))
    np.testing.assert_allclose(out, [[.6, .8], [0, 0], [-1, 0]])


@pytest.mark.parametrize("perplexity, users, allowed", [
    (30, 600, 30), (30, 91, 30), (30, 61, 20), (30, 5, 4 / 3)])
def test_perplexity_is_lowered_where_users_are_few(perplexity, users, allowed):
    assert maps.allowed_perplexity(perplexity, users) == allowed


def test_a_map_has_one_point_per_user_and_depends_on_the_seed_only():
    vectors, _ = planted()
    points, again = (maps.tsne(vectors, 5, seed=3) for _ in range(2))
    assert points.shape == (39, 2) and np.isfinite(points).all()
    np.testing.assert_array_equal(points, again)


def test_planted_groups_are_separate_on_the_map():
    vectors, group = planted()
    points = maps.tsne(vectors, 5, seed=0)
    distance = np.linalg.norm(points[:, None] - points, axis=-1) + 1e9 * np.eye(len(points))
    assert (group[distance.argmin(1)] == group).all()


@pytest.mark.parametrize("users", [5, 6])
def test_the_fewest_allowed_users_have_a_map(users):
    vectors = maps.unit(np.random.RandomState(1).normal(size=(users, 3)))
    points = maps.tsne(vectors, maps.allowed_perplexity(30, users), seed=0)
    assert points.shape == (users, 2) and np.isfinite(points).all()


@given(seed=st.integers(0, 2 ** 31 - 1), users=st.integers(4, 17), dims=st.integers(1, 5),
       rows=st.integers(1, 6))
@settings(deadline=None, max_examples=25)
def test_nearest_and_closest_pair_equal_a_slow_loop(seed, users, dims, rows):
    random = np.random.RandomState(seed)
    vectors = maps.unit(random.normal(size=(users, dims)))
    among = np.flatnonzero(random.uniform(size=users) < .7)
    if len(among) < 2:
        among = np.array([0, 2])
    default_rows, nearest.ROWS = nearest.ROWS, rows  # blocks of odd sizes
    try:
        near = nearest_users(vectors, 2).user
        left, right, cosine = maps.closest_pair(vectors, among)
    finally:
        nearest.ROWS = default_rows
    for user in range(users):
        cosines = [vectors[user] @ vectors[row] for row in range(users) if row != user]
        np.testing.assert_allclose(np.sort(vectors[near[user]] @ vectors[user])[::-1],
                                   sorted(cosines, reverse=True)[:2])
        assert user not in near[user]
    assert left < right and {left, right} <= set(among)
    largest = max(vectors[a] @ vectors[b] for a in among for b in among if a != b)
    np.testing.assert_allclose([cosine, vectors[left] @ vectors[right]], largest)


def test_the_first_of_equally_close_pairs_is_returned(monkeypatch):
    monkeypatch.setattr(nearest, "ROWS", 2)
    vectors = np.array([[1., 0.], [0., 1.], [1., 0.], [0., 1.], [1., 0.]])
    assert maps.closest_pair(vectors, np.arange(5)) == (0, 2, 1.)
    assert maps.closest_pair(vectors, np.array([1, 2, 3, 4])) == (1, 3, 1.)
