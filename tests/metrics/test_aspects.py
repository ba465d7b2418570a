"""Measures of aspects, worked out by hand."""
import numpy as np
import pytest
from scipy import sparse

from metrics import aspects

FOUND = np.array([[1, 0, 0], [1, 0, 1], [0, 1, 0], [0, 1, 0], [0, 0, 1]], bool)
PLANTED = np.array([[0, 1], [0, 1], [1, 0], [1, 0], [1, 1]], bool)


def test_coherence_is_one_for_words_always_together_and_minus_one_for_words_never_together():
    bags = sparse.csr_matrix(np.array([[1, 1, 0], [1, 1, 0], [0, 0, 1], [0, 0, 0]], np.float32))
    assert aspects.npmi(bags, [0, 1]) == pytest.approx(1)
    assert aspects.npmi(bags, [0, 2]) == -1
    assert aspects.npmi(bags, [0, 1, 2]) == pytest.approx(-1 / 3)
    assert np.isnan(aspects.npmi(bags, [0])) and np.isnan(aspects.npmi(bags, []))


def test_each_found_aspect_has_one_partner_or_none():
    assert aspects.matched(FOUND, PLANTED).tolist() == [1, 0, -1]
    assert aspects.matched(FOUND[:, :0], PLANTED).tolist() == []


def test_assignment_by_hand():
    partner = aspects.matched(FOUND, PLANTED)
    values = aspects.assignment(FOUND, FOUND.astype(int) + (FOUND & (np.arange(3) < 2)), PLANTED, partner)
    assert (values["precision"], values["recall"]) == (4 / 6, 4 / 6)
    assert values["f1"] == pytest.approx(2 / 3) and values["adjusted_rand"] == 1


def test_profiles_that_begin_with_the_cared_ones_in_any_order():
    orders, cares = [[0, 1, 2], [2, 0, 1], [1, 2, 0]], np.array([[1, 1], [0, 0], [1, 0]], bool)
    assert aspects.cared_first(orders, cares, np.array([1, 0, -1])) == 1
    assert aspects.cared_first(orders[:2], np.array([[0, 1], [0, 1]], bool), np.array([1, 0, -1])) == .5
    assert aspects.cared_first([], np.zeros((0, 2), bool), np.array([1, 0])) is None


def test_praise_follows_quality():
    mentions = np.array([[4, 4], [4, 4], [4, 1]])
    quality = np.array([[1.], [0], [-1]])
    praise = mentions * np.array([[.9], [.5], [.2]])
    assert aspects.praise_of_quality(mentions, praise, quality, np.array([0, -1])) == pytest.approx(1)
    assert aspects.praise_of_quality(mentions, praise, quality, np.array([-1, 0])) is None


def test_the_interval_of_a_difference_holds_it():
    gap = aspects.compared([.3, .4, .5, .6], [.1, .2, .15, float("nan")], np.random.RandomState(0))
    assert gap["difference"] == pytest.approx(.3) and 0 < gap["low"] < .3 < gap["high"] and gap["p"] < .05
    assert aspects.compared([], [1.], np.random.RandomState(0)) is None
