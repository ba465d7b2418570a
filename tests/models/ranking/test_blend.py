"""The order is chosen on validation items alone, and is the sum of its parts."""
import numpy as np
import pytest
from scipy import sparse

from models.ranking import blend, evidence
from models.run_folder import item_order
from runtime.cli import UserError
from tests.preprocessing.writing import build, reviews

SPLIT = dict(users=11, items=13)


@pytest.fixture(scope="module")
def artefact():
    return build(reviews(120, **SPLIT))


def personal_of(artefact, seed=1):
    """Personal scores of an artefact, at random, and the items and rows of its training reviews."""
    review = artefact.train.review[np.argsort(artefact.review_item[artefact.train.review], kind="stable")]
    owner = artefact.review_item[review]
    return lambda users: np.random.RandomState(seed).normal(0, 3, (11, len(owner)))[users], owner, review


def test_what_is_chosen_reads_no_test_pair(artefact):
    other = artefact._replace(test=type(artefact.test)(*(part[::-1][:3] for part in artefact.test)))
    first, second = (blend.choose(each, *personal_of(artefact), seed=2, budget=2) for each in (artefact, other))
    assert first.numbers() == second.numbers() and (first.centre == second.centre).all()
    assert (first.matrix != second.matrix).nnz == 0


def test_weights_are_not_negative_and_finite(artefact):
    order = blend.choose(artefact, *personal_of(artefact), seed=2, budget=2)
    assert min(order.evidence, order.popularity, order.tau) >= 0
    assert np.isfinite([order.evidence, order.popularity, order.tau, order.floor]).all()


def test_without_personal_scores_there_is_no_evidence(artefact):
    order = blend.choose(artefact, None, np.zeros(0, int), np.zeros(0, int), seed=2, budget=2)
    assert order.evidence == 0 and (order.popularity > 0 or order.matrix.nnz)


def test_without_validation_items_the_order_is_that_of_popularity(artefact):
    nothing = artefact._replace(validation=type(artefact.validation)(*(part[:0] for part in artefact.validation)))
    order = blend.choose(nothing, *personal_of(artefact), seed=2)
    y = blend.scores(order, np.zeros((2, 13)), sparse.csr_matrix((2, 13)), blend.popularity(artefact))
    assert np.isfinite(y).all()
    assert (y == blend.popularity(artefact)).all()


def test_popularity_is_that_of_the_logarithm_and_0_on_average(artefact):
    expected = np.log1p(np.bincount(artefact.train.item, minlength=13))
    np.testing.assert_allclose(blend.popularity(artefact), expected - expected.mean(), atol=1e-6)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_matrix_that_is_not_finite_is_refused(artefact, monkeypatch, value):
    """Compared with NaN, no item ranks higher: the matrix would be the best of all."""
    broken = sparse.csr_matrix(np.diag(np.full(13, value, np.float32)))
    monkeypatch.setattr(blend.rivals, "fit", lambda *_: blend.rivals.Rival(None, {}, 0., broken))
    with pytest.raises(UserError, match="not finite"):
        blend.choose(artefact, *personal_of(artefact), seed=2)


def test_y_is_the_sum_of_its_parts():
    random = np.random.RandomState(6)
    matrix = sparse.random(5, 5, .4, "csr", np.float32, random)
    centre = random.rand(5)
    order = item_order.Order(2., .5, 1., 0., "ease", {}, 0., centre, matrix)
    bought = sparse.csr_matrix(np.array([[1, 0, 1, 0, 0], [0, 0, 0, 0, 0]], np.float32))
    evidences, popular = random.rand(2, 5), random.rand(5)
    dense = matrix.toarray()
    np.testing.assert_allclose(blend.scores(order, evidences, bought, popular), [
        2 * (evidences[0] - centre) + dense[0] + dense[2] + .5 * popular,
        2 * (evidences[1] - centre) + .5 * popular], atol=1e-6)


def test_stars_are_those_above_the_mean_of_the_training_ratings(artefact):
    given = blend.stars(artefact, np.append(artefact.train.review, 0))
    np.testing.assert_allclose(given[:-1], artefact.train.rating - artefact.train.rating.mean(), atol=1e-6)
    assert given[-1] == 0 and abs(given.mean()) < 1e-6


def forms_of(artefact):
    personal, owner, review = personal_of(artefact)
    given = blend.stars(artefact, review)
    return personal, owner, given, list(blend._evidence(personal, owner, given, 13, np.arange(11)))


def test_each_form_of_the_evidence_is_what_the_order_computes(artefact):
    """The part that is chosen, and what is ranked by the numbers of the Order that keeps them, are the same."""
    personal, owner, given, forms = forms_of(artefact)
    assert len({(form.tau, form.stars) for form in forms}) == 1 + 3 * 3 and len(forms) == 3 * 10
    for form in forms:
        order = item_order.Order(1., 0., form.tau, form.part.floor, "", {}, 0., form.part.centre,
                                 sparse.csr_matrix((13, 13)), form.stars, form.prior)
        spoken = evidence.spoken(personal(np.arange(11)), owner, 13, order, given)
        y = blend.scores(order, spoken, sparse.csr_matrix((11, 13)), np.zeros(13))
        np.testing.assert_allclose(y / form.part.spread, form.part.values, atol=1e-4)


def test_means_over_users_are_subtracted(artefact):
    same, mean, exponential = (form.part for form in forms_of(artefact)[3][:3])
    assert np.ptp(same.centre) == 0
    np.testing.assert_allclose(mean.values.mean(0), 0, atol=1e-5)
    values = exponential.values * exponential.spread
    np.testing.assert_allclose(np.exp(values / blend._personal_spread(values)).mean(0), 1, rtol=1e-4)
    assert (exponential.centre >= mean.centre - 1e-6).all()  # convexity


def test_the_sum_of_matrices_is_that_of_the_best_settings(artefact):
    order = blend.choose(artefact, None, np.zeros(0, int), np.zeros(0, int), seed=2, budget=2)
    if order.model == blend.MIXED:
        settings = [(name, tuple(setting.items())) for name, each in order.setting.items() for setting in each]
        assert len(settings) == len(set(settings)) == blend.MOST_MIXED
        assert set(order.setting) <= set(blend.MATRICES)
