"""Rules of choosing reviews that are mixed of others."""
from types import SimpleNamespace

import numpy as np
import pytest

from evaluation import explanations, review_scores
from evaluation.systems import pairs
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


def test_personality_is_measured_of_every_rule_that_depends_on_the_user(run, words):
    """A method depends on the user exactly if other users change its scores; all others have no such measure."""
    asked = pairs.asked(run.artefact, run.corpus.served_slots.item, 0)
    by_key = SimpleNamespace(of=np.sin)  # a score for each user, item and author
    system = SimpleNamespace(data=run, answers=lambda asked, bar: pairs.Answers(by_key, by_key))
    with np.errstate(invalid="raise", divide="raise"):
        found = explanations.measured(system, SimpleNamespace(words=words.sequences, votes=None), None, asked)
    test = run.artefact.test
    weights = explanations.mixing_weights(run, words)
    own, other = (explanations.rules_of(run, users, test, review_scores.impersonal_scores(run, test), weights)
                  for users in asked.users[:2])
    for name in own:
        differs = not np.array_equal(own[name].display.reviews, other[name].display.reviews)
        personality = found.measures[name].get("personality", np.zeros(1))
        assert (np.nanmax(personality) > 0) == differs, name
        assert ("personality" in found.measures[name]) == (name in explanations.PERSONAL), name
    for name in ("centroid_tfidf", explanations.FITTED):
        assert np.isnan(found.measures[name]["retrieval_auc_centred"]).all()


def test_nothing_is_said_of_other_users_where_there_is_a_single_user(run, words):
    user = run.artefact.test.user[0]
    test = type(run.artefact.test)(*(column[run.artefact.test.user == user] for column in run.artefact.test))
    data = SimpleNamespace(corpus=run.corpus, artefact=run.artefact._replace(test=test))
    asked, by_key = pairs.asked(data.artefact, run.corpus.served_slots.item, 0), SimpleNamespace(of=np.sin)
    system = SimpleNamespace(data=data, answers=lambda asked, bar: pairs.Answers(by_key, by_key))
    found = explanations.measured(system, SimpleNamespace(words=words.sequences, votes=None), None, asked)
    for name in explanations.PERSONAL:
        for measure in ("personality", "retrieval_auc_centred"):
            assert np.isnan(found.measures[name][measure]).all(), (name, measure)
    assert np.isfinite(found.measures["deeprecsys"]["retrieval_auc"]).any()
    assert all(np.isnan(values).all() for values in found.measures["swapped"].values())
    assert "swapped" not in found.orders and "tfidf" in found.orders
