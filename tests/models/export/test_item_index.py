"""The index of the items: its approximate evidence beside the exact one, its lists, and the choice of its sizes."""
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
                                     random.normal(size=REVIEWS).astype(np.float32))
    users = item_index.Users(random.normal(size=(USERS, KEYS)).astype(np.float32),
                             sparse.random(USERS, WORDS, .4, "csr", np.float32, random),
                             random.random_sample(USERS).astype(np.float32), 3., scale)
    return catalogue, order, bags, users


def approximate(index, users):
    """Approximate evidence less its centre of all users and items, in the order of the items."""
    coordinates = users.queries @ index.keys + users.bags @ index.words - np.outer(users.mean_bag, index.mean_bag)
    return (coordinates @ index.vector.T + index.value)[:, index.position]


def exact(catalogue, order, bags, users):
    likeness = (users.bags @ bags.T).toarray() - np.outer(users.mean_bag, catalogue.mean_bag_likeness)
    scores = users.temperature * users.queries @ catalogue.table.T + users.scale * likeness
    return evidence.spoken(scores, catalogue.owner, ITEMS, order, order.given) - order.centre


@pytest.mark.parametrize("scale", [0., 7.])
def test_linear_evidence_of_few_directions_is_exact(scale):
    parts = planted(0., scale)
    index = item_index.build(*parts, np.random.RandomState(0))
    np.testing.assert_allclose(approximate(index, parts[-1]), exact(*parts), atol=2e-3)


@pytest.mark.parametrize("stars", [0., 1.])
def test_evidence_with_a_softmax_is_approximated(stars):
    parts = planted(.05, stars=stars)
    index = item_index.build(*parts, np.random.RandomState(0))
    told, true = approximate(index, parts[-1]), exact(*parts)
    assert np.corrcoef(told.ravel(), true.ravel())[0, 1] > .95


def test_every_item_is_in_one_list_with_the_means_of_its_items():
    catalogue, order, bags, users = planted(.3)
    index = item_index.build(catalogue, order, bags, users, np.random.RandomState(0))
    assert sorted(index.item) == list(range(ITEMS)) and (index.item[index.position] == np.arange(ITEMS)).all()
    assert index.start[0] == 0 and index.start[-1] == ITEMS and (np.diff(index.start) > 0).all()
    for number, (start, end) in enumerate(zip(index.start, index.start[1:])):
        np.testing.assert_allclose(index.list_vector[number], index.vector[start:end].mean(0), rtol=1e-4, atol=1e-6)
        np.testing.assert_allclose(index.list_value[number], index.value[start:end].mean(), rtol=1e-4, atol=1e-6)
        np.testing.assert_allclose(index.list_popularity[number], order.popularity[index.item[start:end]].mean(),
                                   rtol=1e-4, atol=1e-6)
    assert (np.diff(order.popularity[index.item[index.popular]]) <= 0).all()
    assert index.scanned == index.candidates == ITEMS


@pytest.mark.parametrize("change", [dict(queries=np.ones((1, KEYS), np.float32), mean_bag=np.ones(1, np.float32)), {}])
def test_a_sample_whose_users_are_alike_gives_an_index_of_finite_numbers(change):
    catalogue, order, bags, users = planted(.3)
    users = users._replace(**change) if change else users._replace(queries=0 * users.queries, scale=0.)
    users = users._replace(bags=users.bags[:len(users.queries)])
    index = item_index.build(catalogue, order, bags, users, np.random.RandomState(0))
    assert all(np.isfinite(part).all() for part in index) and index.vector.shape[1] >= 1


def test_the_fewest_scores_that_reach_the_recall_are_chosen():
    asked = []

    def recall_of(scanned, candidates):
        asked.append((scanned, candidates))
        return min(1., candidates / 4000) * min(1., scanned / 20000)

    assert item_index.chosen(recall_of, 100003, 100) == (20000, 4000, 1.)
    assert asked[0] == (100003, 250)
    # lists are never fewer than the candidates, and all items are the last setting
    assert item_index.chosen(lambda scanned, candidates: .5, 5003, 100) == (5003, 5003, .5)
    assert item_index.chosen(lambda scanned, candidates: 1., 15, 15) == (15, 15, 1.)
    scanned, candidates, _ = item_index.chosen(lambda scanned, candidates: 1., 100003, 100)
    assert scanned >= candidates == 250
