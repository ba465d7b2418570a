"""The index of the items: its approximate evidence beside the exact one, and the choice of the candidates."""
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import sparse

from models.export import item_index, served_order
from models.ranking import evidence

ITEMS, REVIEWS, KEYS, WORDS, USERS = 83, 601, 5, 31, 47


def planted(tau, scale=7., stars=0.):
    """(catalogue, order, bags, users) of random reviews; items 3 and 82 have none."""
    random = np.random.RandomState(7)
    owner = np.sort(random.choice([item for item in range(ITEMS) if item not in (3, 82)], REVIEWS)).astype(np.int32)
    bags = sparse.random(REVIEWS, WORDS, .2, "csr", np.float32, random)
    mean_bag = np.asarray(bags.mean(0), np.float32).ravel()
    catalogue = SimpleNamespace(table=random.normal(size=(REVIEWS, KEYS)).astype(np.float32), owner=owner,
                                mean_bag_likeness=bags @ mean_bag)
    popularity, centre = random.normal(size=(2, ITEMS)).astype(np.float32)
    none = np.zeros(0, np.int32)
    order = served_order.ServedOrder(.6, tau, .3, none, none, none, popularity, centre, none, stars, 1.5,
                                     random.normal(size=REVIEWS).astype(np.float32),
                                     np.zeros((ITEMS, 0), np.float32))
    users = item_index.Users(random.normal(size=(USERS, KEYS)).astype(np.float32),
                             sparse.random(USERS, WORDS, .4, "csr", np.float32, random),
                             random.random_sample(USERS).astype(np.float32), 3., scale)
    return catalogue, order, bags, users


def approximate(index, users):
    """Approximate evidence less its centre of all users and items, by row."""
    coordinates = users.queries @ index.keys + users.bags @ index.words - np.outer(users.mean_bag, index.mean_bag)
    return coordinates @ index.vector.T + index.value


def exact(catalogue, order, bags, users):
    likeness = (users.bags @ bags.T).toarray() - np.outer(users.mean_bag, catalogue.mean_bag_likeness)
    scores = users.temperature * users.queries @ catalogue.table.T + users.scale * likeness
    return evidence.spoken(scores, catalogue.owner, ITEMS, order, order.given) - order.centre


@pytest.mark.parametrize("scale", [0., 7.])
def test_linear_evidence_of_few_directions_is_exact(scale):
    parts = planted(0., scale)
    index = item_index.build(*parts)
    np.testing.assert_allclose(approximate(index, parts[-1]), exact(*parts), atol=2e-3)


@pytest.mark.parametrize("stars", [0., 1.])
def test_evidence_with_a_softmax_is_approximated(stars):
    parts = planted(.05, stars=stars)
    index = item_index.build(*parts)
    told, true = approximate(index, parts[-1]), exact(*parts)
    assert np.corrcoef(told.ravel(), true.ravel())[0, 1] > .95


@pytest.mark.parametrize("change", [dict(queries=np.ones((1, KEYS), np.float32), mean_bag=np.ones(1, np.float32)), {}])
def test_a_sample_whose_users_are_alike_gives_an_index_of_finite_numbers(change):
    catalogue, order, bags, users = planted(.3)
    users = users._replace(**change) if change else users._replace(queries=0 * users.queries, scale=0.)
    users = users._replace(bags=users.bags[:len(users.queries)])
    index = item_index.build(catalogue, order, bags, users)
    assert all(np.isfinite(part).all() for part in index) and index.vector.shape[1] >= 1


@pytest.mark.parametrize("users, directions, measured", [
    (1, 1, 1), (2, 1, 1), (3, 2, 1), (11, 6, 5), (64, 32, 32), (100, 68, 32), (543, 511, 32), (544, 512, 32),
    (5000, 512, 32)])
def test_the_users_of_the_recall_are_not_those_of_the_directions(users, directions, measured):
    first, other = item_index.samples(users, np.random.RandomState(3))
    assert (len(first), len(other)) == (directions, measured) and (np.diff(first) > 0).all()
    assert len(np.union1d(first, other)) == min(users, directions + measured)
    if users >= 544:  # as in earlier versions
        drawn = np.random.RandomState(3).permutation(users)
        assert first.tolist() == sorted(drawn[:512]) and other.tolist() == drawn[-32:].tolist()


def test_the_fewest_candidates_that_reach_the_recall_are_chosen():
    assert item_index.chosen(lambda candidates: min(1., candidates / 4000), 100003, 100) == (4000, 1.)
    assert item_index.chosen(lambda candidates: .5, 5003, 100) == (5003, .5)
    assert item_index.chosen(lambda candidates: 1., 15, 15) == (15, 1.)
    assert item_index.chosen(lambda candidates: 1., 100003, 100) == (250, 1.)
