"""Users, their held-out items and their training items."""
import numpy as np

from models.ranking import held_out
from preprocessing.artefact import Split

ITEMS = 17


def split(pairs, stars=None):
    user, item = np.array(pairs, np.int32).reshape(-1, 2).T
    return Split(user, item, np.float32(stars or [5] * len(user)), np.arange(len(user)))


def drawn(pairs, stars=None, most=99, seed=0):
    train = split([(0, 0), (0, 1), (1, 0)])
    return held_out.of_split(train, split(pairs, stars), ITEMS, np.random.RandomState(seed), most)


def test_held_out_items_are_new_to_their_users():
    held = drawn([(0, 3), (0, 1), (2, 5), (0, 4)], [1, 2, 3, 4])
    assert held.users.tolist() == [0, 2]
    assert list(zip(held.row, held.item, held.rating)) == [(0, 3, 1), (0, 4, 4), (1, 5, 3)]
    assert held.in_training.sum(1).tolist() == [2, 0] and held.in_training[0, :2].all()


def test_a_pair_that_is_named_twice_counts_once():
    held = drawn([(2, 5), (2, 3), (2, 5)], [1, 2, 3])
    assert list(zip(held.item, held.rating)) == [(3, 2), (5, 1)]


def test_users_are_drawn_where_there_are_more_than_the_limit():
    samples = [drawn([(0, 3), (2, 5)], most=1, seed=seed) for seed in range(9)]
    assert {held.users.tolist()[0] for held in samples} == {0, 2}
    assert all(len(held.row) == 1 for held in samples)


def test_some_of_the_users():
    held = drawn([(0, 3), (1, 2), (1, 7), (2, 5)], [1, 2, 3, 4]).of_users(np.array([1, 2]))
    assert held.users.tolist() == [1, 2] and held.in_training.shape == (2, ITEMS)
    assert list(zip(held.row, held.item, held.rating)) == [(0, 2, 2), (0, 7, 3), (1, 5, 4)]


def test_no_held_out_items():
    held = drawn([(0, 1)])
    assert len(held.users) == len(held.row) == 0 and held.in_training.shape == (0, ITEMS)
