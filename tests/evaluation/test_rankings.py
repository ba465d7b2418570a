"""Rankings of the whole catalogue by models whose answers are known."""
from types import SimpleNamespace

import numpy as np
import pytest

from evaluation import rankings
from metrics import significance
from metrics.comparison import BY_STARS
from preprocessing.artefact import Split


@pytest.fixture(autouse=True)
def intervals_of_few_users(monkeypatch):
    """Differences that are worked out by hand are those of one or two users."""
    monkeypatch.setattr(significance, "LEAST_USERS", 1)


def corpus():
    """3 users, 17 items; user 0 bought 0 1, user 1 bought 0, user 2 nothing; the test repeats one pair."""
    def split(pairs, stars):
        user, item = np.array(pairs, np.int32).T
        return Split(user, item, np.array(stars, np.float32), np.arange(len(user)))

    return SimpleNamespace(train=split([(0, 0), (0, 1), (1, 0)], [5, 5, 5]), item_reviews=np.zeros((17, 1)),
                           user_reviews=np.zeros((3, 1)),
                           test=split([(0, 3), (0, 1), (2, 5), (0, 4)], [5, 5, 2, 1]))


def oracle(a):
    """A model of stars that knows the test pairs."""
    wanted = set(zip(a.test.user.tolist(), a.test.item.tolist()))
    return lambda user, item: np.array([float(pair in wanted) for pair in zip(user.tolist(), item.tolist())])


def lists_of(predict, items=17):
    """The same model as one of lists."""
    return lambda users: np.stack([predict(np.full(items, user), np.arange(items)) for user in users])


def test_a_perfect_model_and_the_worst_model():
    a = corpus()
    best = oracle(a)
    result = rankings.measured(a, {}, {"ours": best, "worst": lambda *pair: -best(*pair)}, "ours",
                               np.random.RandomState(1)).record
    assert (result["users"], result["items"], result["k"]) == (2, 17, 10)
    ours, worst = result["models"]["ours"], result["models"]["worst"]
    perfect = ("hit_rate_10", "recall_10", "recall_20", "ndcg_10", "mrr", "hit_rate_10_liked")
    assert [ours[name] for name in perfect] == pytest.approx([1] * len(perfect))
    assert worst["recall_10"] == 0 and worst["difference"]["recall_10"]["difference"] == 1
    assert worst["recall_20"] == 1  # all 17 items
    assert set(result["models"]) == {"ours", "worst"}


def test_a_model_of_lists_and_the_same_model_of_stars_are_measured_alike():
    a = corpus()
    found = rankings.measured(a, {"lists": lists_of(oracle(a))}, {"stars": oracle(a)}, "lists",
                              np.random.RandomState(1))
    assert found.users.tolist() == [0, 2]
    for measure in ("ndcg_10", "mrr", "recall_20"):
        np.testing.assert_array_equal(found.by_user["lists"][measure], found.by_user["stars"][measure])
    assert found.record["models"]["stars"]["difference"]["mrr"]["difference"] == 0


def test_what_lists_share_is_told_by_what_users_have_in_common():
    a = corpus()
    found = rankings.measured(a, {"lists": lists_of(oracle(a))}, {}, "lists", np.random.RandomState(1))
    traits = np.array([[1, 1], [0, 0], [0, 1]], bool)
    record = rankings.by_taste(found, traits, "tastes")
    shared = len(set(found.tops[0]) & set(found.tops[1]))
    assert record == {"of": "tastes", "k": 10, "shared": {"1": {"mean": shared, "pairs": 1}}}
    by_stars = rankings.measured(a, {}, {BY_STARS: oracle(a)}, "ours", np.random.RandomState(1))
    assert rankings.by_taste(by_stars, traits, "tastes") is None


def test_liked_items_are_those_rated_four_or_more():
    """User 0 has the liked test item 3 and item 4, rated 1; user 2 likes none."""
    a = corpus()
    found = rankings.measured(a, {"ours": lists_of(lambda user, item: (item == 3) + 2. * (item == 4))}, {}, "ours",
                              np.random.RandomState(0))
    values = found.by_user["ours"]["ndcg_10_liked"]
    assert values[0] == pytest.approx(1 / np.log2(3)) and np.isnan(values[1])
    assert found.record["models"]["ours"]["ndcg_10_liked"] == pytest.approx(values[0])


def test_a_measure_that_is_not_defined_is_left_out():
    a = corpus()
    a.test = a.test._replace(rating=np.ones(4, np.float32))
    models = rankings.measured(a, {"ours": lists_of(oracle(a))}, {}, "ours", np.random.RandomState(0)).record["models"]
    for model in models.values():
        assert "ndcg_10" in model and "ndcg_10_liked" not in model and "ndcg_10_liked" not in model["difference"]


def test_the_order_by_stars_is_reported_by_both_names_until_there_is_another():
    a, calls = corpus(), []

    def stars(user, item):
        calls.append(len(user))
        return oracle(a)(user, item)

    alone = rankings.measured(a, {}, {BY_STARS: stars}, "ours", np.random.RandomState(0)).record["models"]
    assert sum(calls) == 2 * 17  # predicted once
    assert alone["ours"]["ndcg_10"] == alone[BY_STARS]["ndcg_10"] == 1
    assert alone["ours"]["difference"] == {} and alone[BY_STARS]["difference"]["ndcg_10"]["difference"] == 0
    both = rankings.measured(a, {"ours": lists_of(lambda *pair: -oracle(a)(*pair))}, {BY_STARS: stars}, "ours",
                             np.random.RandomState(0)).record["models"]
    assert both["ours"]["recall_10"] == 0 and both[BY_STARS]["recall_10"] == 1


def test_models_of_stars_are_measured_on_fewer_users_where_there_are_too_many_pairs(monkeypatch):
    monkeypatch.setattr(rankings, "MOST_PAIRS", 20)
    monkeypatch.setattr(rankings, "LEAST_USERS", 1)
    a = corpus()
    found = rankings.measured(a, {"ours": lists_of(oracle(a))}, {"stars": oracle(a)}, "ours", np.random.RandomState(0))
    record = found.record
    assert (record["users"], record["users_of_lists"], record["users_of_stars"]) == (2, 2, 1)
    assert np.isfinite(found.by_user["stars"]["mrr"]).sum() == 1 and np.isfinite(found.by_user["ours"]["mrr"]).all()
    assert record["models"]["stars"]["difference"]["mrr"]["difference"] == 0  # of the user whom both rank
    monkeypatch.setattr(rankings, "LEAST_USERS", 2)
    assert rankings.measured(a, {}, {"ours": oracle(a)}, "ours", np.random.RandomState(0)).record["users"] == 2


def test_no_rankings_where_no_user_has_a_new_test_item():
    a = corpus()
    a.test = Split(*(part[1:2] for part in a.test))
    assert rankings.measured(a, {}, {}, "ours", np.random.RandomState(0)) is None


def test_the_figures_of_a_model_do_not_depend_on_the_others():
    """All items tie, so the order of ties decides."""
    a = corpus()
    constant = lists_of(lambda user, item: 0. * item)
    alone, beside = (rankings.measured(a, lists, {}, "ours", np.random.RandomState(0)).by_user["ours"]
                     for lists in ({"ours": constant}, {"first": constant, "ours": constant}))
    for measure, values in alone.items():
        np.testing.assert_array_equal(values, beside[measure], measure)


def test_the_popularity_of_an_item_counts_the_ratings_of_users_who_are_not_measured_too():
    """User 0, who bought 0 and 1, is measured alone; others bought the ten items of the list."""
    a = corpus()
    a.test = Split(*(part[:1] for part in a.test))
    others = [(user, item) for user in (1, 2) for item in range(2, 13)]
    user, item = np.array([(0, 0), (0, 1)] + others, np.int32).T
    a.train = Split(user, item, np.full(len(user), 5, np.float32), np.arange(len(user)))
    popular = np.bincount(a.train.item, minlength=17)
    models = rankings.measured(a, {"popular": lambda users: np.tile(popular, (len(users), 1))}, {}, "popular",
                               np.random.RandomState(0)).record["models"]
    assert models["popular"]["popularity_bias_10"] == 2 / 1 - 1  # of 2 ratings, and of 1 for each item of the user


def test_the_oracle_gives_the_expected_ndcg_of_all_models():
    """User 2 buys item 5 next with 16 of 32 parts; user 0, who has items 0 and 1, with 16 of 30."""
    a = corpus()
    odds = np.tile(np.where(np.arange(17) == 5, 16., 1.), (3, 1))
    lists = {"oracle": lambda users: np.log(odds[users]), "ours": lists_of(lambda user, item: (item == 5) + 0.)}
    found = rankings.measured(a, lists, {"stars": lambda user, item: -1. * (item == 5)}, "ours",
                              np.random.RandomState(0))
    rest = (1 / np.log2(np.arange(3, 12))).sum()
    np.testing.assert_allclose(found.by_user["ours"]["expected_ndcg_10"], [(16 + rest) / 30, (16 + rest) / 32])
    assert found.record["models"]["stars"]["expected_ndcg_10"] < .2
    assert found.record["models"]["stars"]["difference"]["expected_ndcg_10"]["difference"] > .45
    without = rankings.measured(a, {"ours": lists["ours"]}, {}, "ours", np.random.RandomState(0))
    assert "expected_ndcg_10" not in without.record["models"]["ours"]
