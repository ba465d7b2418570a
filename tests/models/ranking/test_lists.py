"""Lists of near points."""
import numpy as np
import pytest

from models.ranking import lists


def test_points_far_apart_are_in_lists_of_their_own():
    random, centres = np.random.RandomState(1), 40 * np.eye(5, dtype=np.float32)
    group = random.randint(0, 5, 613)
    of = lists.of_points((centres[group] + random.normal(size=(613, 5))).astype(np.float32), 23, random)
    assert all(len(set(group[of == number])) == 1 for number in range(of.max() + 1))


@pytest.mark.parametrize("points, count", [(1, 1), (1, 5), (17, 40), (331, 7), (9001, 3)])
def test_lists_are_numbered_without_gaps(points, count):
    random = np.random.RandomState(2)
    of = lists.of_points(random.normal(size=(points, 3)).astype(np.float32), count, random)
    assert of.dtype == np.int32 and len(of) == points
    assert sorted(set(of)) == list(range(of.max() + 1)) and of.max() < count


def test_equal_points_are_in_one_list():
    of = lists.of_points(np.ones((29, 4), np.float32), 6, np.random.RandomState(3))
    assert (of == 0).all()


def test_the_nearest_centre_is_that_of_the_least_distance():
    random = np.random.RandomState(4)
    points, centres = (random.normal(size=(count, 3)).astype(np.float32) for count in (5003, 11))
    slow = np.argmin(((points[:, None] - centres) ** 2).sum(2), 1)
    assert (lists.nearest(points, centres) == slow).all()
    assert len(lists.nearest(points[:0], centres)) == 0
