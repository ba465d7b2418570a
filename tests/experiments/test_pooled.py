"""Seeds pooled: pairs of all splits together, ours beside each other model, corrected for being many."""
import numpy as np
import pytest

from experiments import pooled, tables
from experiments.study import Pairs
from metrics import rating

OURS = "deeprecsys"


def pairs(seed, shift=0., n=60):
    """Pairs of a run whose predictions are off by noise and a shift; `measure` is .5 + shift."""
    random = np.random.RandomState(seed)
    stars = random.randint(1, 6, n).astype(float)
    noise, reviews = random.normal(0, .4, n), random.rand(n, 5)
    found = {OURS: {"agreement_cosine_1": .5 + shift + noise / 9, "personality": .9 + noise / 9},
             "random": {"agreement_cosine_1": .3 + noise / 9}, "swapped": {"retrieval_auc": noise}}
    return Pairs(random.randint(0, 20, n), stars, reviews,
                 {OURS: stars + noise + shift, "bias": stars + 1.5 * noise + .5}, found)


def seed(number):
    report = {"rankings": {"models": {OURS: {"mrr": .5, "difference": {}}, "bias": {"mrr": .25, "difference": {}}}}}
    return pooled.Seed({"default": report, "narre": report},
                       {"default": pairs(number), "narre": pairs(number, .8)},
                       {"svd": pairs(number).rating})


def record():
    seeds, random = [seed(1), seed(2)], np.random.RandomState(0)
    return {"data": "x", "seeds": [1, 2], "ratings": pooled.ratings(seeds, "default", random),
            "rankings": pooled.rankings(seeds, "default"), "absent": {"helpful_ndcg": "no votes"},
            "explanations": pooled.explanations(seeds, "default", random),
            "personality": pooled.seed_noise(pairs(1), pairs(2), random)[0]}


def test_ratings_are_told_by_seed_and_compared_over_all_pairs():
    found = record()["ratings"]
    assert set(found) == {OURS, "bias", "narre", "svd"} and found["svd"]["rmse"] == [0, 0]
    for number, place in ((1, 0), (2, 1)):
        one = pairs(number)
        assert found[OURS]["rmse"][place] == rating.rmse(one.predicted[OURS], one.rating)
    square = [np.mean(np.concatenate([rating.squared_errors(one.predicted[name], one.rating)
                                      for one in (pairs(1), pairs(2))])) for name in (OURS, "bias")]
    gap = found["bias"]["difference"]
    assert gap["difference"] == pytest.approx(square[0] - square[1]) and gap["high"] < 0


def test_explanations_of_rules_and_of_other_networks():
    found = record()["explanations"]
    assert found[OURS]["agreement_cosine_1"]["mean"] == pytest.approx(
        np.mean([pairs(number).found[OURS]["agreement_cosine_1"] for number in (1, 2)]))
    assert found["random"]["agreement_cosine_1"]["difference"] == pytest.approx(.2)
    assert found["narre"]["agreement_cosine_1"]["difference"] == pytest.approx(-.8)
    for values in found.values():
        for gap in values.values():
            if "p" in gap:
                assert gap["p"] <= gap["p_holm"] <= 1
    assert "retrieval_auc" not in found.get("swapped", {})  # ours has none to compare


def test_rankings_by_seed():
    assert record()["rankings"] == {OURS: {"mrr": [.5, .5]}, "bias": {"mrr": [.25, .25]}, "narre": {"mrr": [.5, .5]}}


def test_the_tables_say_it_in_words():
    found = record()
    text = "\n".join(tables.short(found))
    assert "| **default** | 0." in text and " ± " in text
    assert "the default's error is below that of damped biases; above that of SVD (Surprise)." in text
    assert "what we show is nearer than by random, uniform attention." in text
    assert "helpful votes nDCG: absent, no votes." in text and "Personality 0.9" in text
    lines = tables.full(found)
    assert sum("| first shown: cosine |" in line for line in lines) == 3
    assert any(line.endswith("*|") or line.rstrip(" |").endswith("*") for line in lines)


def test_reviews_that_help_and_reviews_that_do_not():
    low, none, high = (dict(zip(("difference", "low", "high"), gap)) for gap in (
        (-.2, -.3, -.1), (0, -.1, .1), (.2, .1, .3)))
    for gap, said in ((low, "Reviews help the rating here"), (none, "do not surely help"), (high, "above that of SVD")):
        line, = tables.words_of_ratings({"ratings": {OURS: {}, "svd": {"difference": gap}}})
        assert said in line
