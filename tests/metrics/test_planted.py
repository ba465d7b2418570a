"""Planted relevance and the oracle's scores, by hand."""
import numpy as np
import pytest

from metrics import planted

TRUTH = {"aspects": ["fun", "noise", "price"],
         "arguments": {"taste": 2.0},
         "users": {"u": ["fun"], "v": ["noise", "price"], "w": []},
         "items": {"a": {"fun": 1.0, "noise": -1.0, "price": 0.5}, "b": {"fun": 0.0, "noise": 2.0, "price": 1.0}},
         "log_popularity": {"a": 0.25, "b": -0.25},
         "reviews": {"u a": ["fun"], "v a": ["noise", "fun"], "w b": [], "u b": ["price"]}}
REVIEWS = {1: ("u", "a"), 2: ("v", "a"), 3: ("w", "b"), 4: ("u", "b")}


def test_a_review_is_relevant_if_and_only_if_it_covers_an_aspect_the_user_cares_about():
    rows = np.array([[1, 2, 0], [1, 2, 4], [3, 4, 1]])
    relevant = planted.relevance(TRUTH, REVIEWS, ["u", "v", "w"], rows)
    assert relevant.tolist() == [[True, True, False], [False, True, True], [False, False, False]]


@pytest.mark.parametrize("reviews, users", [({1: ("x", "a")}, ["u"]), (REVIEWS, ["x"])])
def test_a_truth_of_another_corpus(reviews, users):
    with pytest.raises(KeyError):
        planted.relevance(TRUTH, reviews, users, np.zeros((1, 2), int))


def test_the_oracle_adds_log_popularity_and_the_quality_in_the_users_aspects():
    scores = planted.oracle_scores(TRUTH, ["v", "u", "w", "u"], ["b", "a"])
    wanted = [[-0.25 + 2 * 3 / np.sqrt(2), 0.25 - 2 * 0.5 / np.sqrt(2)], [-0.25, 2.25], [-0.25, 0.25], [-0.25, 2.25]]
    np.testing.assert_allclose(scores, wanted)
    assert planted.oracle_scores(TRUTH, [], ["b", "a"]).shape == (0, 2)
    np.testing.assert_allclose(planted.oracle_scores(dict(TRUTH, arguments={"taste": 0}), ["v"], ["b", "a"]),
                               [[-0.25, 0.25]])


@pytest.mark.parametrize("truth, users, items", [
    (TRUTH, ["x"], ["a"]), (TRUTH, ["u"], ["x"]), (dict(TRUTH, log_popularity={"a": 1.0}), ["u"], ["b"]),
    (dict(TRUTH, arguments={}), ["u"], ["a"])])
def test_an_oracle_of_another_corpus(truth, users, items):
    with pytest.raises(KeyError):
        planted.oracle_scores(truth, users, items)
