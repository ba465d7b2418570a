"""Explanation methods compared by the same measures: values worked out by hand, and laws."""
from typing import NamedTuple

import numpy as np
import pytest

from metrics import comparison, explanation, significance


class Scores(NamedTuple):
    reviews: np.ndarray
    own: np.ndarray


def facts(seed=0, n=30, slots=7, relevant=True):
    random = np.random.RandomState(seed)
    real = np.arange(slots) < random.randint(0, slots + 1, (n, 1))
    return comparison.Facts(random.randint(0, 9, n), real, {"cosine": random.rand(n, slots)},
                            random.rand(n) < .8, random.rand(n, slots) < .4 if relevant else None)


def scores(seed, f):
    random = np.random.RandomState(seed)
    return Scores(random.rand(*f.real.shape), random.rand(len(f.user)))


def test_agreement_needs_enough_reviews_and_an_own_review_with_words():
    f = facts()
    values = comparison.measures(scores(1, f), scores(1, f), f)
    counted = (f.real.sum(1) >= comparison.LEAST) & f.has_text
    np.testing.assert_array_equal(np.isfinite(values["agreement_cosine_1"]), counted)
    assert 3 < counted.sum() < 30


def test_retrieval_uses_personal_scores_and_agreement_the_shown_ones():
    f, personal, display = facts(), scores(1, facts()), scores(2, facts())
    both = comparison.measures(personal, display, f)
    retrieved, shown = comparison.measures(personal, personal, f), comparison.measures(display, display, f)
    for name, values in both.items():
        of_shown = name.startswith("agreement") or name.endswith("shown")
        np.testing.assert_array_equal(values, (shown if of_shown else retrieved)[name])
    assert "planted_auc" in both
    without_truth = comparison.measures(personal, display, facts(relevant=False))
    assert not any(name.startswith("planted") for name in without_truth)


def test_ordering_by_the_similarity_itself_has_the_highest_agreement():
    f = facts(3)
    best = Scores(f.likeness["cosine"], np.zeros(30))
    highest = comparison.measures(best, best, f)["agreement_cosine_1"]
    random = comparison.measures(scores(1, f), scores(1, f), f)["agreement_cosine_1"]
    defined = np.isfinite(random)
    assert (highest[defined] >= random[defined]).all()


def test_centring_removes_what_is_common_to_all_users():
    """Own reviews that score high under every query: retrieved by plain scores, not by centred ones."""
    f = facts(4)
    own, others = scores(1, f), [scores(seed, f) for seed in range(2, 10)]
    near = [Scores(each.reviews, each.own + 5.) for each in [own] + others]
    assert np.nanmean(explanation.retrieval_auc(near[0].own, near[0].reviews, f.real)) == 1
    np.testing.assert_allclose(comparison.centred(near[0], near[1:], f), comparison.centred(own, others, f))


def test_the_best_mixing_weight_is_chosen():
    f = facts(5)
    noise, best = scores(1, f), Scores(f.likeness["cosine"], np.zeros(30))
    assert comparison.best_weight(noise, best, "agreement_cosine_1", f) >= .9
    assert comparison.best_weight(best, noise, "agreement_cosine_1", f) == 0
    half = comparison.mixed(noise, best, .25)
    np.testing.assert_allclose(half.reviews, .75 * noise.reviews + .25 * best.reviews)
    np.testing.assert_allclose(half.own, .75 * noise.own)


def test_records_by_hand(monkeypatch):
    monkeypatch.setattr(significance, "LEAST_USERS", 2)
    nan = np.nan
    methods = {comparison.OURS: {"a": np.array([1., 3., nan]), "b": np.array([nan] * 3)},
               comparison.SWAPPED: {"a": np.array([0., 0., 0.])}, "rule": {"a": np.array([0., 1., 5.])}}
    ours, rules = comparison.records(methods, np.array([0, 1, 2]), np.random.RandomState(0))
    assert ours == {"a": 2., "a_swapped": 0.}
    assert set(rules) == {"swapped", "rule"} and rules["rule"]["a"] == 2.
    gap = rules["rule"]["difference"]["a"]
    assert gap["difference"] == pytest.approx(1.5) and gap["low"] == 1. and gap["high"] == 2.
