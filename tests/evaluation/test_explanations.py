"""Rules of choosing reviews that are mixed of others."""
from types import SimpleNamespace

import numpy as np
import pytest

from evaluation import explanations, review_scores
from models.training.shown import PERSONAL, Weights
from tests.models.building import Running, config

ALONE = {"lsi": PERSONAL, "tfidf": PERSONAL._replace(personal_scale=0., words_scale=2.),
         "centroid": Weights(1., 0., 0., 3., 0., 0.), "longest": Weights(1., 0., 0., 0., .5, 0.)}


@pytest.fixture(scope="module")
def run():
    running = Running(config())
    return SimpleNamespace(corpus=running.corpus, artefact=running.artefact)


@pytest.fixture(scope="module")
def words(run):
    return review_scores.words_of([[]] * len(run.artefact.review_length), run.corpus.bags)


@pytest.mark.parametrize("rule", sorted(ALONE))
def test_each_simple_rule_is_a_setting_of_the_fitted_mix(run, rule):
    split = run.artefact.validation
    rules = explanations.rules_of(run, split.user, split, review_scores.impersonal_scores(run, split),
                                  {explanations.FITTED: ALONE[rule]})
    alone, mix = rules[rule].display.reviews, rules[explanations.FITTED].display.reviews
    factor = max(ALONE[rule][1:6])
    np.testing.assert_allclose(mix, factor * alone, rtol=1e-5, atol=1e-6)
    assert np.isnan(rules[explanations.FITTED].retrieval.own).all()  # half of it is the same for all users


def test_weights_are_fitted_to_the_validation_pairs(run, words):
    weights = explanations.mixing_weights(run, words)
    assert set(weights) == {*explanations.MIXED, explanations.FITTED}
    fitted = weights[explanations.FITTED]
    assert 0 <= fitted.mix <= 1 and min(fitted[1:6]) >= 0 and max(fitted[1:6]) > 0
