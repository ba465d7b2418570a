"""Votes choose on one half of the users and measure on the other; the intervals are those of slow loops."""
import sqlite3

import numpy as np
import pytest
from scipy.stats import spearmanr
from sklearn.metrics import roc_auc_score

from preprocessing import artefact as contract, catalogue
from user_modeling import helpful_reviewers
from user_modeling.user_report import votes


def scores_and_votes(users=201, seed=0, best="length"):
    """({method: Scores}, Votes): the share of helpful votes follows the method `best`."""
    random = np.random.RandomState(seed)
    values = {name: random.standard_normal(users) for name in helpful_reviewers.METHODS}
    total = random.randint(5, 40, users)
    up = random.binomial(total, 1 / (1 + np.exp(-2 * values[best])))
    return ({name: helpful_reviewers.Scores(value, value) for name, value in values.items()},
            votes.Votes(up.astype(float), total.astype(float)))


@pytest.mark.parametrize("best", helpful_reviewers.METHODS)
def test_the_method_that_agrees_with_votes_is_chosen_and_the_others_are_measured_beside_it(best):
    found = votes.agree(*scores_and_votes(best=best), absent=None, random=np.random.RandomState(1))
    assert found.chosen == best and best in found.why and set(found.measured) == set(helpful_reviewers.METHODS)
    assert found.users == 100 and found.measured[best]["spearman"][1] > .5 and found.measured[best]["auc"][1] > .6
    for one in found.measured.values():
        for value, low, high in one.values():
            assert low <= value <= high


def test_the_values_are_those_of_libraries():
    random = np.random.RandomState(3)
    values, target = random.randint(0, 9, (2, 4, 57)).astype(float)
    for row in range(4):
        assert np.isclose(votes._spearman(values, target)[row], spearmanr(values[row], target[row])[0])
        best = target[row] >= np.quantile(target[row], .9)
        assert np.isclose(votes._auc(values, target)[row], roc_auc_score(best, values[row]))


def test_without_votes_or_with_few_the_default_is_taken_and_the_reason_said():
    scores, counted = scores_and_votes()
    none = votes.agree(scores, None, "its reviews have no votes", np.random.RandomState(0))
    assert none.chosen == helpful_reviewers.DEFAULT and "no votes" in none.why and not none.measured
    few = votes.agree(scores, counted._replace(total=np.where(np.arange(201) < 33, counted.total, 4)), None,
                      np.random.RandomState(0))
    assert few.chosen == helpful_reviewers.DEFAULT and "Only 33 users" in few.why


@pytest.mark.filterwarnings("error")
def test_users_with_equal_votes_have_no_agreement_but_a_list():
    scores, counted = scores_and_votes()
    found = votes.agree(scores, counted._replace(up=np.full(201, 5.), total=np.full(201, 5.)), None,
                        np.random.RandomState(0))
    assert found.chosen == helpful_reviewers.DEFAULT and "the same" in found.why and not found.measured


def test_votes_are_those_of_training_reviews(tiny_data):
    artefact = contract.load(tiny_data.data_folder)
    connection = catalogue.of(tiny_data.data_folder)
    rows = contract.training_rows(artefact)
    found, absent = votes.read(connection, rows, len(artefact.user_reviews))
    expected = np.zeros((2, len(artefact.user_reviews)))
    for row in rows.tolist():
        expected[:, artefact.review_user[row]] += connection.execute(
            "SELECT coalesce(helpful_up, 0), coalesce(helpful_total, 0) FROM reviews WHERE review = ?",
            (row,)).fetchone()
    connection.close()
    assert absent is None and np.array_equal(found, expected) and found.total.sum() > 0


def test_a_review_with_more_helpful_votes_than_votes_does_not_count():
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE reviews (review, user, helpful_up, helpful_total)")
    connection.executemany("INSERT INTO reviews VALUES (?, ?, ?, ?)", [(1, 0, 6, 5), (2, 0, 3, 4), (3, 1, 2, None)])
    found, absent = votes.read(connection, np.array([1, 2, 3]), 2)
    connection.close()
    assert absent is None and found.up.tolist() == [3, 0] and found.total.tolist() == [4, 0]
