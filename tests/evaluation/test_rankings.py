"""Rankings of the whole catalogue by models whose answers are known."""
from types import SimpleNamespace

import numpy as np
import pytest

from evaluation import rankings
from preprocessing.artefact import Split


def corpus():
    """3 users, 17 items; user 0 bought 0 1, user 1 bought 0, user 2 nothing; the test repeats one pair."""
    def split(pairs):
        user, item = np.array(pairs, np.int32).T
        return Split(user, item, np.ones(len(user)), np.arange(len(user)))

    return SimpleNamespace(train=split([(0, 0), (0, 1), (1, 0)]), item_reviews=np.zeros((17, 1)),
                           test=split([(0, 3), (0, 1), (2, 5), (0, 4)]))


def test_held_out_items_are_new_to_their_users():
    test = rankings.held_out(corpus(), np.random.RandomState(0))
    assert test.users.tolist() == [0, 2]
    assert list(zip(test.row, test.item)) == [(0, 3), (0, 4), (1, 5)]
    assert test.in_training.sum(1).tolist() == [2, 0] and test.in_training[0, :2].all()


def test_a_perfect_model_and_the_worst_model():
    a = corpus()
    wanted = set(zip(a.test.user.tolist(), a.test.item.tolist()))

    def oracle(user, item):
        return np.array([float(pair in wanted) for pair in zip(user.tolist(), item.tolist())])

    models = {"ours": oracle, "worst": lambda *pair: -oracle(*pair)}
    result = rankings.measured(a, models, "ours", np.random.RandomState(1))
    assert (result["users"], result["items"], result["k"]) == (2, 17, 10)
    best, worst = result["models"]["ours"], result["models"]["worst"]
    assert [best[name] for name in ("hit_rate_10", "recall_10", "ndcg_10", "mrr")] == pytest.approx([1] * 4)
    assert worst["recall_10"] == 0 and worst["difference"]["recall_10"]["difference"] == 1
    assert set(result["models"]) == {"ours", "worst", "popular"}


def test_users_are_drawn_where_there_are_more_than_the_limit(monkeypatch):
    monkeypatch.setattr(rankings, "USERS", 1)
    users = {rankings.held_out(corpus(), np.random.RandomState(seed)).users.tolist()[0] for seed in range(9)}
    assert users == {0, 2}


def test_no_rankings_where_no_user_has_a_new_test_item():
    a = corpus()
    a.test = Split(*(part[1:2] for part in a.test))
    assert rankings.measured(a, {}, "ours", np.random.RandomState(0)) is None
