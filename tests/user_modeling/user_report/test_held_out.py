"""Held-out reviews of a group: their lift is that of a loop, and its interval holds the truth."""
import numpy as np
import pytest

from models.run_folder import aspect_reading, aspect_tables
from preprocessing import artefact as contract, catalogue, tokenise
from tests.support import reading
from user_modeling.groups import NONE, Groups
from user_modeling.user_report import held_out


def made(lift, users=301, seed=0):
    """(Groups, HeldOut): 4 aspects, a group for each; members speak `lift` times as often of its aspect as others."""
    random = np.random.RandomState(seed)
    group = random.randint(0, 4, users)
    reviews = random.randint(0, 6, users)
    odds = np.where(np.arange(4) == group[:, None], .15 * lift, .15)
    mentions = random.binomial(reviews[:, None], odds)
    return Groups(group, tuple("abcd"), ((0,), (1,), (2,), (3,)), {}), held_out.HeldOut(reviews, mentions.astype(float))


def test_the_lift_is_that_of_a_loop():
    groups, held = made(2.)
    each, all_of_them = held_out.lifts(groups, held, np.random.RandomState(1))
    observed = expected = 0
    for number, one in enumerate(each):
        members = [user for user in range(301) if groups.group[user] == number]
        others = [user for user in range(301) if groups.group[user] != number]
        inside = sum(held.mentions[user, number] for user in members)
        usual = sum(held.mentions[user, number] for user in others) / sum(held.reviews[user] for user in others)
        chance = usual * sum(held.reviews[user] for user in members)
        assert np.isclose(one.value, inside / chance) and one.low < one.value < one.high
        assert one.reviews == sum(held.reviews[user] for user in members)
        observed, expected = observed + inside, expected + chance
    assert np.isclose(all_of_them.value, observed / expected)


def test_the_intervals_are_those_of_all_draws_at_once():
    groups, held = made(2.)
    counted = held.reviews > 0
    groups = groups._replace(group=groups.group[counted])
    held = held_out.HeldOut(held.reviews[counted], held.mentions[counted])
    users = int(counted.sum())
    draws = np.random.RandomState(5).multinomial(users, np.full(users, 1 / users), held_out.DRAWS)
    each, _ = held_out.lifts(groups, held, np.random.RandomState(5))
    for number, one in enumerate(each):
        inside, others = groups.group == number, groups.group != number
        usual = draws[:, others] @ held.mentions[others, number] / (draws[:, others] @ held.reviews[others])
        ratios = draws[:, inside] @ held.mentions[inside, number] / (draws[:, inside] @ held.reviews[inside] * usual)
        np.testing.assert_allclose([one.low, one.high], np.percentile(ratios, [2.5, 97.5]), rtol=1e-9)


@pytest.mark.parametrize("block", [1, 1000, 10 ** 9])
def test_users_who_do_not_count_and_the_size_of_blocks_change_nothing(block, monkeypatch):
    """Users without held-out reviews, and users without a group, are drawn in no sample."""
    groups, held = made(2.)
    expected = held_out.lifts(groups, held, np.random.RandomState(3))
    monkeypatch.setattr(held_out, "BLOCK", block)
    silent, nobody = np.arange(40) % 4, np.full(40, NONE)
    more = groups._replace(group=np.concatenate([silent, groups.group, nobody]))
    reviews = np.concatenate([0 * silent, held.reviews, 3 + silent])
    mentions = np.concatenate([np.zeros((40, 4)), held.mentions, np.ones((40, 4))])
    assert held_out.lifts(more, held_out.HeldOut(reviews, mentions), np.random.RandomState(3)) == expected


@pytest.mark.parametrize("lift", [1., 1.5, 3.])
def test_the_interval_holds_the_truth_about_as_often_as_it_says(lift):
    found = [held_out.lifts(*made(lift, seed=seed), random=np.random.RandomState(seed))[1] for seed in range(30)]
    assert sum(one.low <= lift <= one.high for one in found) >= 24


@pytest.mark.filterwarnings("error")
def test_without_held_out_reviews_or_aspects_there_is_no_lift():
    groups, held = made(2.)
    assert held_out.lifts(groups, held_out.HeldOut(held.reviews * 0, held.mentions * 0), np.random.RandomState(0)) == (
        [None] * 4, None)
    each, whole = held_out.lifts(groups._replace(aspects=((),) * 4), held, np.random.RandomState(0))
    assert each == [None] * 4 and whole is None
    alone = Groups(np.full(301, NONE), (), (), {})
    assert held_out.lifts(alone, held, np.random.RandomState(0)) == ([], None)


def test_reviews_are_read_by_the_tables(tiny_aspects):
    data, run = tiny_aspects
    artefact, tables = contract.load(data), aspect_tables.load(run)
    found = held_out.read(artefact, data, tables)
    words, rule = artefact.vocabulary, tokenise.of(artefact.meta)
    expected, connection = np.zeros_like(found.mentions), catalogue.of(data)
    for row, user in zip(artefact.test.review.tolist(), artefact.test.user.tolist()):
        text, = connection.execute("SELECT text FROM reviews WHERE review = ?", (row,)).fetchone()
        for aspect in set(reading.read(text, tables, words, rule)[1].aspect) - {aspect_reading.NO_ASPECT}:
            expected[user, aspect] += 1
    connection.close()
    assert np.array_equal(found.mentions, expected) and expected.any()
    assert np.array_equal(found.reviews, np.bincount(artefact.test.user, minlength=len(expected)))
