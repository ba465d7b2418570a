"""Evidence near typical scores, beside evidence itself."""
from types import SimpleNamespace

import numpy as np
import pytest

from models.ranking import evidence, slopes

OWNER = np.array([0, 0, 0, 2, 3, 3, 3, 3, 3, 4])  # item 1 has no review, and so have the items after 4
ITEMS = 7


def planted(tau, weight, prior):
    random = np.random.RandomState(5)
    return (SimpleNamespace(tau=tau, stars=weight, prior=prior, floor=.4), random.normal(size=len(OWNER)),
            random.randint(-3, 2, len(OWNER)).astype(float))


@pytest.mark.parametrize("tau, weight, prior", [(.7, 0., 0.), (1.9, 2.5, 1.2), (.2, 5., 8.), (3., 1., 0.)])
def test_the_slopes_are_the_derivatives_of_the_evidence(tau, weight, prior):
    order, scores, stars = planted(tau, weight, prior)
    near = slopes.at(scores, OWNER, ITEMS, order, stars)

    def spoken(scores):
        return evidence.spoken(scores[np.newaxis].astype(np.float64), OWNER, ITEMS, order, stars)[0].astype(float)

    np.testing.assert_allclose(near.value, spoken(scores), atol=1e-6)
    step = 1e-2  # results are float32
    for review, item in enumerate(OWNER):
        moved = np.zeros(len(OWNER))
        moved[review] = step
        change = (spoken(scores + moved) - spoken(scores - moved)) / (2 * step)
        assert change[item] == pytest.approx(near.slope[review], abs=2e-3)
        assert not np.delete(change, item).any()


@pytest.mark.parametrize("weight", [0., 1.5])
def test_the_mean_of_the_scores_is_told_exactly(weight):
    order, scores, stars = planted(0., weight, 0.)
    near = slopes.at(scores, OWNER, ITEMS, order, stars)
    others = np.random.RandomState(6).normal(size=len(OWNER))
    told = near.value + np.bincount(OWNER, near.slope * (others - scores), ITEMS)
    np.testing.assert_allclose(told, evidence.spoken(others[np.newaxis], OWNER, ITEMS, order, stars)[0], atol=1e-6)
    assert (told[[1, 5, 6]] == np.float32(.4)).all()


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("prior", [0., 1e30])
def test_slopes_of_almost_equal_scores_do_not_overflow(prior):
    order, _, stars = planted(1e7, 1., prior)
    order.floor = 9.
    near = slopes.at(np.full(len(OWNER), 3, np.float32), OWNER, ITEMS, order, stars)
    assert np.isfinite(near.value).all() and np.isfinite(near.slope).all()
