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


def test_a_user_buys_by_the_odds_what_the_user_does_not_have():
    log_odds = np.log([[1., 2., 5.], [4., 4., 2.]])
    had = np.array([[False, False, True], [False, False, False]])
    np.testing.assert_allclose(planted.chances(log_odds, had), [[1 / 3, 2 / 3, 0], [.4, .4, .2]])
    np.testing.assert_array_equal(planted.chances(log_odds[:1], np.ones((1, 3), bool)), [[0, 0, 0]])  # has all
    np.testing.assert_allclose(planted.chances(log_odds + 1000, had), planted.chances(log_odds, had))


def test_the_expected_ndcg_is_the_mean_over_many_purchases():
    random = np.random.RandomState(3)
    log_odds, had = random.normal(size=(2, 7)), np.zeros((2, 7), bool)
    tops = np.argsort(random.normal(size=(2, 7)), axis=1)[:, :3]
    probability = planted.chances(log_odds, had)
    drawn = random.choice(7, 40000, p=probability[1])
    gain = np.zeros(7)
    gain[tops[1]] = 1 / np.log2([2, 3, 4])
    found = planted.expected_ndcg(tops, probability)
    assert found.shape == (2,) and found[1] == pytest.approx(gain[drawn].mean(), abs=.01)


def test_an_empty_place_of_a_list_gains_nothing():
    probability = np.array([[.25, .25, .5]])
    assert planted.expected_ndcg(np.array([[2, -1]]), probability).tolist() == [.5]


def test_no_list_is_expected_better_than_the_oracles():
    random = np.random.RandomState(4)
    log_odds, had = random.normal(size=(5, 11)), random.random_sample((5, 11)) < .2
    probability = planted.chances(log_odds, had)
    best = planted.expected_ndcg(np.argsort(np.where(had, np.inf, -log_odds), axis=1)[:, :4], probability)
    for _ in range(20):
        other = np.argsort(random.normal(size=(5, 11)), axis=1)[:, :4]
        assert (planted.expected_ndcg(other, probability) <= best + 1e-12).all()


@pytest.mark.parametrize("models, share", [
    ({"popular": {"m": .1}, "ours": {"m": .4}, "oracle": {"m": .5}}, .75), ({"ours": {"m": .4}}, None),
    ({"popular": {"m": .5}, "ours": {"m": .4}, "oracle": {"m": .5}}, None),
    ({"popular": {"m": .1}, "ours": {}, "oracle": {"m": .5}}, None)])
def test_the_share_of_the_possible_gain(models, share):
    assert planted.share_of_possible_gain(models, "ours", "m") == pytest.approx(share)
