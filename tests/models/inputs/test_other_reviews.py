"""Similarities to the other reviews of an item; `test_features.py` compares them with dense numpy."""
import numpy as np
import pytest

from models.inputs import other_reviews
from tests.models.building import artefact, config, corpus

A = artefact()


@pytest.fixture(scope="module")
def made():
    return corpus(config(), A)


@pytest.mark.parametrize("rows", [1, 3, 1000])
def test_parts_of_the_slots_are_those_of_the_whole(made, monkeypatch, rows):
    slots = made.served_slots.item
    whole = made.to_others(slots)
    monkeypatch.setattr(other_reviews, "ROWS", rows)
    chosen = np.random.RandomState(2).rand(*slots.shape) < .4
    for part, selected, wanted in zip(made.to_others(slots), made.to_others.at(slots, chosen), whole):
        np.testing.assert_allclose(part, wanted, atol=1e-6)
        np.testing.assert_allclose(selected, wanted[chosen], atol=1e-6)
    assert min(part.max() for part in whole) > .1


def test_an_empty_slot_has_none_and_more_of_them_change_nothing(made):
    slots = made.served_slots.item
    whole, padded = made.to_others(slots), made.to_others(np.pad(slots, [(0, 0), (0, 2)]))
    for part, wider in zip(whole, padded):
        assert not part[slots == 0].any() and not wider[:, -2:].any()
        np.testing.assert_allclose(wider[:, :-2], part, atol=1e-6)


def test_of_a_review_alone_only_what_is_usual_is_expected(made):
    rows = A.train.review[A.review_length[A.train.review] > 0][:7, None]
    found = made.to_others(rows)
    np.testing.assert_allclose(found.typicality, 0, atol=1e-6)
    np.testing.assert_allclose(found.expected[:, 0], made.bags[rows[:, 0]] @ made.to_others.words.usual, atol=1e-6)


def test_without_rows_there_is_nothing(made):
    assert [part.shape for part in made.to_others(np.zeros((0, 3), int))] == [(0, 3)] * 2
    assert [part.shape for part in made.to_others.at(np.zeros((0, 3), int), np.zeros((0, 3), bool))] == [(0,)] * 2
