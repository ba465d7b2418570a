"""Methods side by side, by hand and by law."""
from typing import NamedTuple

import numpy as np
import pytest

from metrics import comparison, explanation


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


def test_agreement_counts_where_there_is_a_choice_and_a_text():
    f = facts()
    found = comparison.measures(scores(1, f), scores(1, f), f)
    counted = (f.real.sum(1) >= comparison.LEAST) & f.has_text
    np.testing.assert_array_equal(np.isfinite(found["agreement_cosine_1"]), counted)
    assert 3 < counted.sum() < 30


def test_what_finds_and_what_is_shown_are_measured_apart():
    f, one, other = facts(), scores(1, facts()), scores(2, facts())
    found = comparison.measures(one, other, f)
    alone, shown = comparison.measures(one, one, f), comparison.measures(other, other, f)
    for name, values in found.items():
        of_shown = name.startswith("agreement") or name.endswith("shown")
        np.testing.assert_array_equal(values, (shown if of_shown else alone)[name])
    assert "planted_auc" in found
    assert not any(name.startswith("planted") for name in comparison.measures(one, other, facts(relevant=False)))


def test_likeness_itself_agrees_best():
    f = facts(3)
    best = Scores(f.likeness["cosine"], np.zeros(30))
    highest = comparison.measures(best, best, f)["agreement_cosine_1"]
    other = comparison.measures(scores(1, f), scores(1, f), f)["agreement_cosine_1"]
    defined = np.isfinite(other)
    assert (highest[defined] >= other[defined]).all()


def test_centring_takes_away_what_is_near_to_everybody():
    """Own reviews that every query likes: found by a plain score, not by a centred one."""
    f = facts(4)
    mine, strangers = scores(1, f), [scores(seed, f) for seed in range(2, 10)]
    near = [Scores(one.reviews, one.own + 5.) for one in [mine] + strangers]
    assert np.nanmean(explanation.retrieval_auc(near[0].own, near[0].reviews, f.real)) == 1
    np.testing.assert_allclose(comparison.centred(near[0], near[1:], f), comparison.centred(mine, strangers, f))


def test_the_best_mix_is_found():
    f = facts(5)
    noise, best = scores(1, f), Scores(f.likeness["cosine"], np.zeros(30))
    assert comparison.best_weight(noise, best, "agreement_cosine_1", f) >= .9
    assert comparison.best_weight(best, noise, "agreement_cosine_1", f) == 0
    half = comparison.mixed(noise, best, .25)
    np.testing.assert_allclose(half.reviews, .75 * noise.reviews + .25 * best.reviews)
    np.testing.assert_allclose(half.own, .75 * noise.own)


def test_records_by_hand():
    nan = np.nan
    found = {comparison.OURS: {"a": np.array([1., 3., nan]), "b": np.array([nan] * 3)},
             comparison.SWAPPED: {"a": np.array([0., 0., 0.])}, "rule": {"a": np.array([0., 1., 5.])}}
    told, rules = comparison.records(found, np.array([0, 1, 2]), np.random.RandomState(0))
    assert told == {"a": 2., "a_swapped": 0.}
    assert set(rules) == {"swapped", "rule"} and rules["rule"]["a"] == 2.
    gap = rules["rule"]["difference"]["a"]
    assert gap["difference"] == pytest.approx(1.5) and gap["low"] == 1. and gap["high"] == 2.
