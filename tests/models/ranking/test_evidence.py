"""The evidence of an item is a mean of the scores of its reviews, and its gradient is the share of each review."""
import numpy as np
import pytest

from models.ranking import evidence

OWNER = np.array([0, 0, 0, 2, 4, 4])  # items 1 and 3 have no reviews
SCORES = np.random.RandomState(2).normal(0, 2, (3, 6))


@pytest.mark.parametrize("tau", [0., .3, 2., 50.])
def test_against_the_formula(tau):
    result = evidence.evidence(SCORES, OWNER, 5, tau, -7.)
    for user in range(3):
        for item in (0, 2, 4):
            own = SCORES[user, OWNER == item]
            wanted = own.mean() if tau == 0 else np.log(np.mean(np.exp(tau * own))) / tau
            assert result[user, item] == pytest.approx(wanted, abs=1e-5)
    assert (result[:, [1, 3]] == -7).all()


def test_it_is_between_the_mean_and_the_maximum_and_rises_with_tau():
    by_tau = np.array([evidence.evidence(SCORES, OWNER, 5, tau, 0.)[:, 0] for tau in (0., 1e-4, .5, 3., 200.)])
    assert (np.diff(by_tau, axis=0) > -1e-3).all()
    np.testing.assert_allclose(by_tau[1], by_tau[0], atol=1e-3)
    np.testing.assert_allclose(by_tau[-1], SCORES[:, :3].max(1), atol=.01)


def test_large_scores_do_not_overflow():
    assert np.isfinite(evidence.evidence(SCORES * 1e4, OWNER, 5, 3., 0.)).all()


def test_the_gradient_by_a_score_is_its_share():
    tau, step = 1.7, 1e-5
    own = SCORES[0, :3]
    for review in range(3):
        moved = SCORES[:1].copy()
        moved[0, review] += step
        change = (evidence.evidence(moved, OWNER, 5, tau, 0.).astype(float)
                  - evidence.evidence(SCORES[:1], OWNER, 5, tau, 0.))[0, 0] / step
        assert change == pytest.approx(evidence.shares(own, tau)[review], abs=.05)
    assert evidence.shares(own, tau).sum() == pytest.approx(1)
    assert len(evidence.shares(own[:0], tau)) == 0


def test_no_review_at_all():
    assert evidence.evidence(np.zeros((2, 0)), np.zeros(0, int), 3, 1., 4.).tolist() == [[4] * 3] * 2
