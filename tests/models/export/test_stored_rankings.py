"""Stored rankings are used where they suffice, and only there."""
import numpy as np
import pytest

from models.export import stored_rankings
from models.export.stored_rankings import Stored
from runtime.tf1 import tf

ITEM = np.array([[4, 0, 6, 2, 5], [1, 3, 0, 6, 4]], np.int32)
RATING = np.array([[5., 4.5, 4, 3, 2], [4.9, 4.8, 3.2, 3.1, 1]], np.float32)


def ask_stored(user, top, excluded, count=5):
    with tf.Graph().as_default(), tf.Session() as session:
        stored = Stored(*map(tf.constant, (np.int32(count), ITEM, RATING, -RATING)))
        excluded = tf.constant(excluded, tf.int32)
        return session.run((stored_rankings.suffices(stored, top, excluded),
                            stored_rankings.best(stored, user, top, excluded)))


@pytest.mark.parametrize("user, top, excluded, wanted", [
    (0, 2, [], [4, 0]), (1, 5, [], [1, 3, 0, 6, 4]), (0, 3, [0, 5], [4, 6, 2]), (1, 2, [1, -1, -1], [3, 0])])
def test_the_first_stored_items_that_are_not_excluded(user, top, excluded, wanted):
    enough, (item, rating, score) = ask_stored(user, top, excluded)
    assert enough and item.tolist() == wanted
    np.testing.assert_array_equal(score, -rating)
    np.testing.assert_array_equal(rating, [RATING[user][ITEM[user] == item_id][0] for item_id in wanted])


@pytest.mark.parametrize("top, excluded, count", [(6, [], 5), (4, [0, 5], 5), (1, [], 0)])
def test_too_few_stored_items_do_not_suffice(top, excluded, count):
    assert not ask_stored(0, top, excluded, count)[0]
