"""Likeness of users: the correlation of the scores that the attention gives to reviews for them."""
import numpy as np
import pytest

from runtime.cli import UserError
from user_modeling import nearest, neighbours
from user_modeling.nearest import nearest_users


def vectors(users=13, dim=5, reviews=57, shift=30.):
    """(keys, queries): the queries have a large part that all users share."""
    random = np.random.RandomState(2)
    return random.standard_normal((reviews, dim)), random.standard_normal((users, dim)) + shift


def test_likeness_is_the_correlation_of_scores_less_those_of_all_users():
    keys, queries = vectors()
    likeness = neighbours.Likeness(keys, queries, np.random.RandomState(0))
    scores = queries @ keys.T
    expected = np.corrcoef(scores - scores.mean(axis=0))
    assert np.allclose([likeness.of(user) for user in range(13)], expected, atol=1e-5)
    assert np.corrcoef(queries)[0].min() < .9 < (queries @ queries.T / (queries ** 2).sum(1)).min()


def test_the_nearest_are_those_of_a_full_sort(monkeypatch):
    likeness = neighbours.Likeness(*vectors(), random=np.random.RandomState(0))
    monkeypatch.setattr(nearest, "ROWS", 4)
    users, values = nearest_users(likeness.vectors, 3)
    for user in range(13):
        row = likeness.of(user)
        row[user] = -np.inf
        assert users[user].tolist() == np.argsort(-row, kind="stable")[:3].tolist()
        assert np.allclose(values[user], np.sort(row)[::-1][:3], atol=1e-6)
    assert nearest_users(likeness.vectors, 99).user.shape == (13, 12)


def test_a_share_of_pairs_is_less_alike():
    likeness = neighbours.Likeness(*vectors(), random=np.random.RandomState(0))
    values = np.array([likeness.of(user)[other] for user in range(13) for other in range(user)])
    for value in (-2., np.median(values), 2.):
        assert abs(likeness.above(value) - (values < value).mean()) < .02


def test_equal_queries_are_one_clear_line():
    keys, queries = vectors()
    with pytest.raises(UserError, match="the same for all users"):
        neighbours.Likeness(keys, np.repeat(queries[:1], 7, axis=0), np.random.RandomState(0))


def test_two_users_are_each_others_neighbour():
    keys, queries = vectors(users=2)
    users, values = nearest_users(neighbours.Likeness(keys, queries, np.random.RandomState(0)).vectors, 5)
    assert users.tolist() == [[1], [0]] and np.allclose(values, -1, atol=1e-4)


@pytest.mark.parametrize("count, expected", [
    ([5, 9, 0, 7], [0, 1, 3]), ([1, 0, 2, 0], [0, 2]), ([3], [0]), ([8, 1, 1], [0, 1, 2])])
def test_active_users_have_enough_reviews_or_as_many_as_two_have(count, expected):
    assert neighbours.active(np.array(count)).tolist() == expected


def test_a_text_is_shown_in_one_line_of_printable_characters():
    assert neighbours.short("a\x1b[31m\n b\u200b c") == "a [31m b c"
    assert len(neighbours.short("word " * 99)) == neighbours.LENGTH and neighbours.short("on a hill", 7) == "on a …"
