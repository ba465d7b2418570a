"""Planted relevance, by hand."""
import numpy as np
import pytest

from metrics import planted

TRUTH = {"aspects": ["fun", "noise", "price"],
         "users": {"u": ["fun"], "v": ["noise", "price"], "w": []},
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
