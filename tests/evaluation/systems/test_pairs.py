"""Which pairs an evaluation asks about, and answers by user, item and author."""
from types import SimpleNamespace

import numpy as np
import pytest

from evaluation.systems import pairs
from preprocessing import artefact as contract


@pytest.fixture(scope="module")
def artefact(tiny_data):
    return contract.load(tiny_data.data_folder)


def test_every_candidate_and_every_own_review_is_asked_once_for_every_user(artefact):
    asked = pairs.asked(artefact, pairs.candidates(artefact), 3)
    keys, test = pairs.Keys(artefact), artefact.test
    training = {}
    for row in artefact.train.review:
        if artefact.review_length[row]:
            training.setdefault(artefact.review_item[row], []).append(artefact.review_user[row])
    wanted = set()
    for users in asked.users:
        for user, item, own in zip(users, test.item, test.review):
            authors = training.get(item, []) + [artefact.review_user[own]] * bool(artefact.review_length[own])
            wanted |= {(user, item, author) for author in authors}
    shown, own = keys.all_of(asked)
    found = list(zip(*keys.of_score(np.concatenate([shown, own]))))
    assert len(found) == len(set(found)) and set(found) == wanted
    np.testing.assert_array_equal(asked.users[0], test.user)
    assert asked.users.shape == (1 + pairs.OTHER_USERS, len(test.user)) and (asked.users[1:] != test.user).all()


def test_the_seed_decides_who_is_asked(artefact):
    first, again, other = (pairs.asked(artefact, pairs.candidates(artefact), seed).users for seed in (5, 5, 6))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_rankings_ask_for_every_item_that_is_new_to_a_user(artefact):
    user, item, by_stars = pairs.in_catalogue(artefact, 0)
    bought = set(zip(artefact.train.user.tolist(), artefact.train.item.tolist()))
    found = set(zip(user.tolist(), item.tolist()))
    measured = {u for u, i in zip(artefact.test.user.tolist(), artefact.test.item.tolist()) if (u, i) not in bought}
    assert found == {(u, i) for u in measured for i in range(len(artefact.item_reviews))} - bought
    assert by_stars.all() and len(found) == len(user)


def test_without_test_pairs_nothing_is_asked(artefact):
    empty = artefact._replace(test=contract.Split(*(part[:0] for part in artefact.test)))
    asked = pairs.asked(empty, pairs.candidates(empty), 0)
    assert asked.users.size == 0 and [len(part) for part in pairs.Keys(empty).all_of(asked)] == [0, 0]


def test_values_by_key_are_those_given_and_nan_elsewhere():
    random = np.random.RandomState(0)
    keys, values = random.randint(0, 50, 37), random.rand(37)
    wanted = {}
    for key, value in zip(keys.tolist(), values):
        wanted.setdefault(key, value)
    found = pairs.Values(keys, values).of(np.arange(50).reshape(5, 10)).ravel()
    np.testing.assert_array_equal(found, [wanted.get(key, np.nan) for key in range(50)])
    assert np.isnan(pairs.Values([], []).of(np.arange(3))).all()


def test_a_key_names_user_item_and_author():
    keys = pairs.Keys(SimpleNamespace(user_reviews=range(7), item_reviews=range(11), review_user=np.arange(5),
                                      review_item=np.arange(5) + 3))
    user, row = np.meshgrid(np.arange(7), np.arange(5))
    named = keys.of_score(keys.score(user, row))
    for found, wanted in zip(named, (user, keys.item[row], keys.author[row])):
        np.testing.assert_array_equal(found, wanted)


def test_each_step_has_random_numbers_of_its_own():
    drawn = [pairs.stream(9, step).randint(2 ** 31) for step in pairs.STEPS]
    assert len(set(drawn)) == len(drawn) and drawn[0] == np.random.RandomState(9).randint(2 ** 31)
