"""Tests groups of users, their distinctive words, and the measure of how well the groups are separated."""
import numpy as np
import pytest

from preprocessing import artefact as contract
from tests.tSNE.test_maps import planted
from tSNE import groups, maps


def halves(artefact):
    return np.arange(len(artefact.user_reviews)) % 3 % 2


def test_planted_groups_are_found_and_numbered_by_size():
    vectors, group = planted(groups=3, members=11)
    vectors, group = vectors[4:], group[4:]  # 7, 11, 11
    clusters = groups.cluster(vectors, 3, seed=0)
    assert np.bincount(clusters).tolist() == [11, 11, 7]
    assert len(set(zip(clusters.tolist(), group.tolist()))) == 3


@pytest.mark.parametrize("count", [2, 4, 7])
def test_the_number_of_planted_groups_is_found(count):
    vectors, group = planted(groups=count, members=9)
    assert groups.choose_count(vectors, seed=0) == count
    assert groups.silhouette(vectors, group, seed=0) > .8


def test_noise_has_no_real_groups():
    noise = maps.unit(np.random.RandomState(0).normal(size=(110, 23)))
    assert groups.choose_count(noise, seed=0) == groups.FALLBACK
    assert groups.silhouette(noise, groups.cluster(noise, 8, seed=0), seed=0) < groups.REAL


def test_the_silhouette_of_shuffled_groups_is_negative():
    vectors, group = planted(groups=5, members=9)
    assert groups.silhouette(vectors, np.random.RandomState(0).permutation(group), seed=0) < 0


def test_distinctive_words_are_words_of_the_groups_users(artefact, bags):
    group = halves(artefact)
    words = groups.distinctive_words(artefact, groups.distinctive_scores(artefact, bags, group))
    rows = contract.training_rows(artefact)
    for number, distinctive in enumerate(words):
        written = artefact.review_tokens[rows[group[artefact.review_user[rows]] == number]]
        assert len(distinctive) == len(set(distinctive)) == 3
        assert set(distinctive) <= {artefact.vocabulary[word] for word in np.unique(written)}


def test_a_word_that_only_one_group_writes_is_its_most_distinctive(artefact, bags):
    group, rows = halves(artefact), contract.training_rows(artefact)
    planted_word = bags.shape[1] - 1
    changed = bags.tolil()
    changed[:, planted_word] = 0
    for row in rows[group[artefact.review_user[rows]] == 1]:
        changed[row, planted_word] = .9
    scores = groups.distinctive_scores(artefact, changed.tocsr(), group)
    assert scores.shape == (bags.shape[1], 2) and scores.min() >= 0
    assert scores[:, 1].argmax() == planted_word and scores[planted_word, 0] == 0


def test_held_out_text_does_not_name_groups(artefact, bags):
    changed = bags.tolil()
    changed[artefact.test.review] = 0
    changed[artefact.validation.review] = 0
    scores, without_held_out = (groups.distinctive_scores(artefact, table, halves(artefact))
                                for table in (bags, changed.tocsr()))
    np.testing.assert_array_equal(scores, without_held_out)


def test_diverse_words_begin_with_the_best_and_leave_out_its_synonyms():
    topics = np.array([[1., 0.], [1., 0.], [.1, 1.], [0., 1.], [1., 1.]])
    assert groups.diverse(np.array([5., 4.9, 1., .8, 0.]), topics, 3)[:2] == [0, 2]
    assert groups.diverse(np.array([0., 2., 0., 1., 0.]), topics, 5) == [1, 3]
    assert groups.diverse(np.zeros(5), topics, 3) == []
