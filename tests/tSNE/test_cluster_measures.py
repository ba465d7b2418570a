"""Tests the measures of clusters: against slow loops, and at their limits (perfect, chance)."""
import numpy as np
import pytest
from scipy import sparse

from tests.tSNE.test_maps import planted
from tSNE import cluster_measures as measures
from tSNE import maps
from user_modeling.nearest import nearest_users


def test_isometric_vectors_have_the_inner_products_of_the_rows():
    bags = sparse.random(13, 29, .3, "csr", random_state=3)
    vectors = measures.isometric(bags)
    assert vectors.shape == (13, 13)
    np.testing.assert_allclose(vectors @ vectors.T, (bags @ bags.T).toarray(), atol=1e-6)


def test_the_share_of_neighbours_with_a_label_and_its_chance_equal_a_slow_loop():
    random = np.random.RandomState(5)
    labels, wanted = random.randint(-1, 3, 17), random.randint(-1, 4, 17)
    near = nearest_users(maps.unit(random.normal(size=(17, 3))), 4).user
    share, chance = measures.same_label(near, wanted, labels), measures.chance(wanted, labels)
    for user in range(17):
        if wanted[user] < 0:
            assert np.isnan(share[user]) and np.isnan(chance[user])
            continue
        others = [other for other in range(17) if other != user]
        assert share[user] == np.mean([labels[other] == wanted[user] for other in near[user]])
        assert chance[user] == pytest.approx(np.mean([labels[other] == wanted[user] for other in others]))


def test_planted_groups_are_pure_and_agree_over_seeds_and_noise_does_neither():
    vectors, group = planted()
    near = nearest_users(vectors, 5).user
    assert measures.same_label(near, group, group).mean() == 1
    assert measures.agreement_of_seeds(vectors, 3, seed=0) == 1
    noise = maps.unit(np.random.RandomState(0).normal(size=(150, 23)))
    random_labels = np.arange(150) % 3
    share = measures.same_label(nearest_users(noise, 5).user, random_labels, random_labels).mean()
    assert abs(share - measures.chance(random_labels, random_labels).mean()) < .1
    assert measures.agreement_of_seeds(noise, 8, seed=0) < .5


def test_silhouettes_are_high_for_planted_groups_and_undefined_for_one():
    vectors, group = planted()
    assert measures.silhouettes(vectors, group).mean() > .8
    assert np.isnan(measures.silhouettes(vectors, np.zeros(39, int))).all()
    assert np.isnan(measures.silhouettes(vectors, np.arange(39))).all()


def test_a_map_of_its_own_vectors_is_trustworthy_and_a_random_one_is_not():
    points = np.random.RandomState(2).normal(size=(47, 2))
    assert measures.trustworthiness(points, points, 10) == 1
    assert measures.trustworthiness(points, np.random.RandomState(3).normal(size=(47, 2)), 10) < .7
    assert measures.trustworthiness(points[:2], points[:2], 1) is None


def test_a_mean_lies_in_its_interval_and_nothing_has_none():
    values = np.append(np.random.RandomState(1).uniform(size=31), np.nan)
    found = measures.mean_with_interval(values, seed=0)
    assert found["low"] < found["value"] < found["high"] and found["value"] == pytest.approx(np.nanmean(values))
    assert measures.mean_with_interval(np.full(7, np.nan), seed=0) is None
