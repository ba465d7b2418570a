"""Stored rankings: read where they reach far enough, never where they do not."""
import numpy as np
import pytest

from models.export import stored_rankings
from models.export.stored_rankings import Stored
from runtime.tf1 import tf

ITEM = np.array([[4, 0, 6, 2, 5], [1, 3, 0, 6, 4]], np.int32)
RATING = np.array([[5., 4.5, 4, 3, 2], [4.9, 4.8, 3.2, 3.1, 1]], np.float32)


def asked(user, top, barred, count=5):
    with tf.Graph().as_default(), tf.Session() as session:
        stored = Stored(*map(tf.constant, (np.int32(count), ITEM, RATING)))
        barred = tf.constant(barred, tf.int32)
        return session.run((stored_rankings.suffices(stored, top, barred),
                            stored_rankings.best(stored, user, top, barred)))


@pytest.mark.parametrize("user, top, barred, wanted", [
    (0, 2, [], [4, 0]), (1, 5, [], [1, 3, 0, 6, 4]), (0, 3, [0, 5], [4, 6, 2]), (1, 2, [1, -1, -1], [3, 0])])
def test_the_first_that_are_not_barred(user, top, barred, wanted):
    enough, (item, rating) = asked(user, top, barred)
    assert enough and item.tolist() == wanted
    np.testing.assert_array_equal(rating, [RATING[user][ITEM[user] == one][0] for one in wanted])


@pytest.mark.parametrize("top, barred, count", [(6, [], 5), (4, [0, 5], 5), (1, [], 0)])
def test_too_little_is_not_enough(top, barred, count):
    assert not asked(0, top, barred, count)[0]
