"""The pair of users whom the report of users compares."""
from types import SimpleNamespace

import numpy as np

from user_modeling.user_report import survey


def at(*degrees):
    """Unit vectors [U, 2]."""
    angle = np.radians(degrees)
    return np.stack([np.cos(angle), np.sin(angle)], 1)


def test_the_two_active_users_are_most_alike_even_with_inactive_ones_nearer():
    """Users 0 and 6 are active and 20 degrees apart; five inactive ones are nearer to each; user 7 is far away."""
    vectors = at(0, 1, 2, 3, 18, 19, 20, 90, 17, 21)
    reviews = np.array([9, 1, 1, 1, 1, 1, 9, 9, 1, 1])
    mentions = np.ones((10, 2), int)
    tables = SimpleNamespace(user_reviews=reviews, user_mentions=mentions)
    assert set(survey._two_active(vectors, tables)) == {0, 6}
    mentions[0], mentions[6] = (1, 0), (0, 1)  # they speak of nothing in common; user 7 speaks of both
    assert set(survey._two_active(vectors, tables)) == {6, 7}
    mentions[:] = np.eye(10, 2, dtype=int)
    mentions[7] = 0
    assert set(survey._two_active(vectors, tables)) == {0, 6}  # nobody else has anything in common either
