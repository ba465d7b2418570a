"""A sample of users keeps all test pairs of each of them, and nothing else changes."""
from types import SimpleNamespace

import numpy as np
import pytest

from evaluation import ratings, run_report
from evaluation.systems import sample
from evaluation.systems.system import Data
from tests.models.building import artefact


def test_all_pairs_of_the_drawn_users_are_kept_in_their_order():
    whole = artefact()
    users = np.unique(whole.test.user)
    assert len(users) > 2
    part = sample.of_users(whole, 2, 5)
    kept = np.isin(whole.test.user, np.unique(part.test.user))
    assert len(np.unique(part.test.user)) == 2 and kept.any() and not kept.all()
    for column, of_whole in zip(part.test, whole.test):
        np.testing.assert_array_equal(column, of_whole[kept])
    assert part.train is whole.train and 0 < len(np.unique(part.validation.user)) <= 2
    again = sample.of_users(whole, 2, 5)
    np.testing.assert_array_equal(again.test.review, part.test.review)
    drawn = {tuple(np.unique(sample.of_users(whole, 1, seed).test.user)) for seed in range(20)}
    assert len(drawn) == len(users)


def test_models_of_ratings_and_rankings_are_tuned_on_all_validation_pairs(monkeypatch):
    """They are compared with a network that was chosen on the validation pairs of users who are not in the sample."""
    whole, tuned = artefact(), []
    part = sample.of_users(whole, 1, 5)
    offsets = SimpleNamespace(mean=4., predict=None)
    data = Data(part, SimpleNamespace(artefact=whole, offsets=offsets), "", 0)
    assert len(part.validation.user) < len(whole.validation.user)
    assert data.tuning.validation is whole.validation and data.tuning.test is part.test
    monkeypatch.setattr(ratings.baselines, "choose_factors",
                        lambda train, validation, *_: tuned.append(validation) or offsets)
    ratings.baselines_of(data)
    monkeypatch.setattr(run_report.rivals, "fit_all", lambda tuning, *_: tuned.append(tuning.validation) or 1 / 0)
    system = SimpleNamespace(order=lambda: 1, stars=lambda: None, data=data)
    with pytest.raises(ZeroDivisionError):
        run_report.ranked(system, {}, None, None, None)
    assert tuned == [whole.validation] * 2


def test_no_number_and_a_large_one_keep_all_pairs():
    whole = artefact()
    assert sample.of_users(whole, None, 0) is whole and sample.of_users(whole, 999, 0) is whole
