"""The evidence of an item is a mean of the scores of its reviews, and its gradient is the share of each review."""
import numpy as np
import pytest
from scipy.special import softmax

from models.ranking import evidence
from models.run_folder.item_order import Order

OWNER = np.array([0, 0, 0, 2, 4, 4])  # items 1 and 3 have no reviews
SCORES = np.random.RandomState(2).normal(0, 2, (3, 6))
STARS = np.array([.5, -3.5, .25, 1, -1, -2])


def evidence_of(scores, owner, items, tau, floor):
    return evidence.told(scores, owner, items, tau, floor, np.zeros(len(owner)), 0.).evidence


def verdict_of(scores, tau, prior=0., stars=STARS, floor=0.):
    return evidence.told(scores, OWNER, 5, tau, floor, stars, prior).verdict


@pytest.mark.parametrize("tau", [0., .3, 2., 50.])
def test_against_the_formula(tau):
    result = evidence_of(SCORES, OWNER, 5, tau, -7.)
    for user in range(3):
        for item in (0, 2, 4):
            own = SCORES[user, OWNER == item]
            wanted = own.mean() if tau == 0 else np.log(np.mean(np.exp(tau * own))) / tau
            assert result[user, item] == pytest.approx(wanted, abs=1e-5)
    assert (result[:, [1, 3]] == -7).all()


@pytest.mark.parametrize("block", [1, 13, 18])
def test_users_in_blocks_are_as_together(monkeypatch, block):
    whole = evidence.told(SCORES, OWNER, 5, 1.3, -2., STARS, .7)
    monkeypatch.setattr(evidence, "BLOCK", block)
    for given, expected in zip(evidence.told(SCORES, OWNER, 5, 1.3, -2., STARS, .7), whole):
        assert np.array_equal(given, expected)


def test_it_is_between_the_mean_and_the_maximum_and_rises_with_tau():
    by_tau = np.array([evidence_of(SCORES, OWNER, 5, tau, 0.)[:, 0] for tau in (0., 1e-4, .5, 3., 200.)])
    assert (np.diff(by_tau, axis=0) > -1e-3).all()
    np.testing.assert_allclose(by_tau[1], by_tau[0], atol=1e-3)
    np.testing.assert_allclose(by_tau[-1], SCORES[:, :3].max(1), atol=.01)


def test_large_scores_do_not_overflow():
    assert np.isfinite(evidence_of(SCORES * 1e4, OWNER, 5, 3., 0.)).all()


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("prior, verdict", [(0., 1.), (1e12, 0.), (1e30, 0.)])
def test_reviews_of_almost_equal_texts_do_not_overflow(prior, verdict):
    scores = np.full((2, 6), 3, np.float32)  # tau is one by the spread of the scores
    result = evidence.told(scores, OWNER, 5, 1e7, np.nextafter(np.float32(3), np.float32(4)) + 1, np.ones(6), prior)
    np.testing.assert_allclose(result.verdict[:, [0, 2, 4]], verdict, atol=1e-6)
    assert (result.evidence[:, [0, 2, 4]] == 3).all()


def test_the_gradient_by_a_score_is_its_share():
    tau, step = 1.7, 1e-5
    own = SCORES[0, :3]
    for review in range(3):
        moved = SCORES[:1].copy()
        moved[0, review] += step
        change = (evidence_of(moved, OWNER, 5, tau, 0.).astype(float)
                  - evidence_of(SCORES[:1], OWNER, 5, tau, 0.))[0, 0] / step
        assert change == pytest.approx(softmax(tau * own)[review], abs=.05)


def test_no_review_at_all():
    assert evidence_of(np.zeros((2, 0)), np.zeros(0, int), 3, 1., 4.).tolist() == [[4] * 3] * 2


@pytest.mark.parametrize("tau, prior", [(0., 0.), (.3, 0.), (2., 4.), (0., 1.5)])
def test_the_verdict_against_the_formula(tau, prior):
    result = verdict_of(SCORES, tau, prior, floor=1.25)
    for user in range(3):
        for item in (0, 2, 4):
            weights = np.exp(tau * (SCORES[user, OWNER == item] - 1.25))
            assert result[user, item] == pytest.approx(
                (weights * STARS[OWNER == item]).sum() / (prior + weights.sum()), rel=1e-4, abs=1e-6)
    assert (result[:, [1, 3]] == 0).all()


def test_the_verdict_of_the_reviews_by_their_shares_is_that_of_the_sharpest_in_the_limit():
    own = OWNER == 0
    shares = softmax(1.3 * SCORES[0, own])
    assert verdict_of(SCORES, 1.3)[0, 0] == pytest.approx(shares @ STARS[own], rel=1e-5)
    assert verdict_of(SCORES, 300.)[0, 0] == pytest.approx(STARS[np.argmax(SCORES[0, own])], abs=1e-3)


def test_a_prior_lowers_the_verdict_and_more_where_no_review_speaks_to_the_user():
    stars = np.ones(6)
    lowered = verdict_of(SCORES, 1., 2., stars)[:, [0, 2, 4]]
    assert (0 < lowered).all() and (lowered < 1).all()
    assert (verdict_of(SCORES - 1, 1., 2., stars)[:, [0, 2, 4]] < lowered).all()
    assert np.isfinite(verdict_of(SCORES * 1e4, 3., 2.)).all()


def test_spoken_is_the_evidence_and_the_weighted_verdict():
    order = Order(2., 0., .7, -7., "", {}, 0., None, None, .25, 3.)
    both = evidence.told(SCORES, OWNER, 5, .7, -7., STARS, 3.)
    np.testing.assert_allclose(evidence.spoken(SCORES, OWNER, 5, order, STARS), both.evidence + both.verdict / 4)


def test_a_constant_in_all_scores_changes_no_verdict():
    moved = verdict_of(SCORES + 1e4, 1., 2., floor=1e4 + .5)
    np.testing.assert_allclose(moved, verdict_of(SCORES, 1., 2., floor=.5), rtol=1e-3)
