"""Helpful reviewers: what length, position, age and item explain does not count, and few reviews say little."""
import numpy as np
import pytest

from preprocessing import artefact as contract
from tests.models import building
from user_modeling import helpful_reviewers
from user_modeling.attention import Received


def received(artefact, share):
    """Received attention of the training reviews of an artefact, by a function from rows to shares."""
    rows = contract.training_rows(artefact)
    rows = rows[np.argsort(artefact.review_item[rows], kind="stable")]
    return Received(rows, artefact.review_item[rows], np.full(len(rows), 3), share(rows), None, None)


@pytest.fixture(scope="module")
def artefact(tiny_data):
    return contract.load(tiny_data.data_folder)


def test_attention_that_length_position_age_and_item_explain_is_worth_nothing(artefact):
    def share(rows):
        facts = helpful_reviewers.facts_of(artefact, rows, artefact.review_item[rows])
        return np.exp(facts @ [.4, -.02, .3, -.7, .1] + np.sin(artefact.review_item[rows]))

    given = received(artefact, share)
    found = helpful_reviewers.reviews_of(artefact, given, np.zeros(len(given.review)))
    assert np.nanmax(np.abs(found.values[helpful_reviewers.ATTENTION])) < 1e-6
    assert np.nanstd(found.values[helpful_reviewers.UNCORRECTED]) > .05


def test_a_user_whose_reviews_receive_more_is_first_by_corrected_attention(artefact):
    author = np.bincount(artefact.review_user[artefact.train.review]).argmax()

    def share(rows):
        length = np.log1p(artefact.review_length[rows])
        return np.exp(.8 * length + 2. * (artefact.review_user[rows] == author) + .1 * np.sin(rows))

    given = received(artefact, share)
    reviews = helpful_reviewers.reviews_of(artefact, given, np.zeros(len(given.review)))
    scores = helpful_reviewers.scores_of(artefact, reviews)
    assert tuple(scores) == helpful_reviewers.METHODS
    assert helpful_reviewers.ranked(scores[helpful_reviewers.ATTENTION])[0] == author


def test_facts_are_those_of_a_loop(artefact):
    rows = np.sort(contract.training_rows(artefact))
    facts = helpful_reviewers.facts_of(artefact, rows, artefact.review_item[rows])
    for place, row in enumerate(rows.tolist()):
        same = [other for other in rows.tolist() if artefact.review_item[other] == artefact.review_item[row]]
        same.sort(key=lambda other: (artefact.review_time[other], other))
        position, length = same.index(row), np.log1p(artefact.review_length[row])
        days = (int(artefact.review_time[row]) - int(artefact.review_time[same[0]])) / 86400
        assert np.allclose(facts[place], [length, length ** 2, np.log1p(position), position / max(1, len(same) - 1),
                                          np.log1p(days)])


def test_unknown_times_are_no_age():
    a = building.artefact()
    a = a._replace(review_time=np.zeros_like(a.review_time))
    rows = contract.training_rows(a)
    assert (helpful_reviewers.facts_of(a, rows, a.review_item[rows])[:, 4] == 0).all()


def test_few_reviews_are_drawn_towards_the_mean_and_their_bound_is_lower():
    random = np.random.RandomState(0)
    author = np.concatenate([np.repeat(np.arange(39), 7), np.repeat(39, 70), [40]])
    level = random.normal(0, 1, 41)
    level[39:] = 2.
    values = level[author] + random.normal(0, .5, len(author))
    values[-1] = 2.  # the only review of user 40
    scores = helpful_reviewers.by_user(values, author, 42)
    assert np.corrcoef(scores.score[:40], level[:40])[0, 1] > .95
    assert scores.score[40] < scores.score[39] and scores.bound[40] < scores.bound[39] < scores.score[39]
    assert np.isnan(scores.score[41]) and 41 not in helpful_reviewers.ranked(scores)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("values, author", [
    ([], []), ([np.nan, np.nan], [0, 1]), ([.5], [2]), ([.5, .5, .5], [0, 1, 1]), ([1., 2., 3.], [0, 1, 2])])
def test_no_values_equal_values_and_single_ones_have_scores(values, author):
    scores = helpful_reviewers.by_user(np.array(values), np.array(author, int), 3)
    known = {user for user, value in zip(author, values) if np.isfinite(value)}
    assert set(np.flatnonzero(np.isfinite(scores.score))) == known == set(helpful_reviewers.ranked(scores))
