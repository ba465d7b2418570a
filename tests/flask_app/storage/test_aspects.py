"""Aspects as pages read them: sentences, opinions of reviews, counts of items, interests of shoppers."""
import numpy as np
import pytest

from flask_app.storage.aspects import (MIXED, NEGATIVE, POLARITIES, POSITIVE, Aspects, Interest, Sentence, label_of,
                                       of_run)
from tests.flask_app.aspect_tables import planted

# the sentences of reviews 1 to 5: (first character, last + 1, aspect, polarity)
SENTENCES = [[(0, 7, 0, .9), (8, 15, 0, .7), (16, 20, -1, .5)], [(0, 9, 0, .1), (10, 19, 1, .95)], [], [(3, 8, 0, .5)],
             [(0, 4, 1, .2)]]


@pytest.fixture
def aspects():
    return Aspects(planted(SENTENCES))


def test_sentences_of_a_review_are_in_order_and_rows_outside_have_none(aspects):
    assert aspects.sentences(1)[2] == Sentence(16, 20, -1, .5)
    assert [len(aspects.sentences(row)) for row in range(-1, 8)] == [0, 0, 3, 2, 0, 1, 1, 0, 0]
    assert aspects.opinions(-1) == aspects.opinions(0) == aspects.opinions(3) == aspects.opinions(99) == ()


def test_the_opinion_of_a_review_is_the_mean_of_its_sentences_on_the_aspect(aspects):
    assert [(one.aspect, pytest.approx(one.polarity), one.label) for one in aspects.opinions(1)] == [(0, .8, POSITIVE)]
    assert [one.label for one in aspects.opinions(2)] == [NEGATIVE, POSITIVE]


def test_counts_are_those_of_reviews_and_the_polarities_partition_them(aspects):
    tally = aspects.tally([1, 2, 3, 4, 5])
    assert sorted(tally) == [0, 1]
    assert tally[0][1:] == (3, 1, 1) and tally[1][1:] == (2, 1, 1)
    for one in tally.values():
        (_, positive, first), (name, mixed, second), (_, negative, third) = one.thirds
        assert (positive, negative, positive + mixed + negative) == (one.positive, one.negative, one.reviews)
        assert name == MIXED and (first, second, third) == (0, positive, positive + mixed)
    assert aspects.tally([]) == {}


def test_marks_are_the_opinions_and_chances_follow_the_interests(aspects):
    marks = aspects.marks([1, 2, 99])
    assert marks.tolist() == [[True] + [False] * 5, [False, True, False, True, False, False], [False] * 6]
    of_user = aspects.chances(dict(enumerate(aspects.interests(0))), 0)
    wish = aspects.chances({1: Interest(1, 1., 0, 0., 0)}, 99)
    assert of_user.shape == wish.shape == (6,) and ((of_user >= 0) & (of_user <= 1)).all()
    assert of_user[0] + of_user[3] == max(of_user[:3] + of_user[3:])
    assert wish[1] + wish[4] == max(wish[:3] + wish[3:])


def test_every_polarity_has_one_label():
    labels = [label_of(polarity) for polarity in np.linspace(0, 1, 101)]
    assert set(labels) == set(POLARITIES) and labels[50] == MIXED
    assert labels == sorted(labels, key=[NEGATIVE, MIXED, POSITIVE].index)


def test_who_speaks_more_of_an_aspect_than_others_cares_about_it(aspects):
    first, other, silent = (aspects.interests(user) for user in range(3))
    assert first[0].weight == 1 and first[1].weight == 0 and (first[0].mentions, first[0].reviews) == (4, 5)
    assert other[0].weight == 0 and other[1].weight == 1
    assert [one.weight for one in silent] == [0, 0, 0]
    assert aspects.interests(-1) == aspects.interests(3) == ()


def test_a_run_without_tables_has_no_aspects_and_damaged_ones_are_logged(tmp_path, caplog):
    assert of_run(None) is None and of_run(str(tmp_path)) is None
    (tmp_path / "aspects").mkdir()
    (tmp_path / "aspects" / "aspects.json").write_text("{")
    assert of_run(str(tmp_path)) is None and of_run(str(tmp_path)) is None
    assert caplog.text.count("aspects are left out") == 1
