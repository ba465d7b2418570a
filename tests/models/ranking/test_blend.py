"""The order is chosen on validation items alone, and is the sum of its parts."""
import numpy as np
import pytest
from scipy import sparse

from models.ranking import blend, evidence, evidence_forms, praise
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


def heard_in(artefact):
    """The personal scores, the items of the reviews, their stars, and the evidence of all users."""
    personal, owner, review = personal_of(artefact)
    given = blend.stars(artefact, review)
    praised = aspects_of(artefact).users @ praise.PraiseOfItems(aspects_of(artefact), artefact.review_item, 13).praise.T
    return personal, owner, given, evidence_forms.EvidenceForms(personal, owner, given, np.arange(11), praised)


def aspects_of(artefact, seed=5):
    """Aspects of the order at random, of which each training review speaks of some."""
    random, rows = np.random.RandomState(seed), len(artefact.review_item)
    reviews = random.normal(0, 1, (rows, 3)) * (random.rand(rows, 3) < .5)
    reviews[np.setdiff1d(np.arange(rows), artefact.train.review)] = 0
    return item_order.Aspects(random.rand(11, 3).astype(np.float32), sparse.csr_matrix(reviews, dtype=np.float32),
                              np.zeros((len(artefact.vocabulary), 3), np.float32))


@pytest.mark.parametrize("setting", evidence_forms.FORMS + evidence_forms.PRAISED[:3] + ((.31, .77, .4),))
def test_each_form_of_the_evidence_is_what_the_order_computes(artefact, setting):
    """The part that is chosen, and what is ranked by the numbers of the Order that keeps them, are the same."""
    personal, owner, given, heard = heard_in(artefact)
    form = heard.form(*setting)
    order = item_order.Order(1., 0., form.tau, form.floor, "", {}, 0., form.part.centre,
                             sparse.csr_matrix((13, 13)), form.stars, form.prior, form.praise)
    aspects = aspects_of(artefact)
    spoken = evidence.spoken(personal(np.arange(11)), owner, 13, order, given) + form.praise * (
        aspects.users @ praise.PraiseOfItems(aspects, artefact.review_item, 13).praise.T)
    y = blend.scores(order, spoken, sparse.csr_matrix((11, 13)), np.zeros(13))
    np.testing.assert_allclose(y / form.part.spread, form.part.values, atol=1e-4)
    np.testing.assert_allclose(form.part.values.mean(0), 0, atol=1e-5)  # the mean over users is subtracted


def test_the_verdict_has_its_weight_beside_the_evidence(artefact):
    heard = heard_in(artefact)[3]
    plain = heard.form(1., 0., 0.)
    told = heard.told(plain.tau, plain.floor, heard.form(1., 1., 0.).prior)
    spreads = [evidence_forms.personal_spread(part) for part in told]
    assert heard.form(1., .7, 0.).stars == pytest.approx(.7 * spreads[0] / spreads[1], rel=1e-5)
    assert heard.form(1., 0., .7).praise == pytest.approx(.7 * spreads[0] / heard._spread_of_praise, rel=1e-5)


def praising(artefact):
    """(aspects, [U, I] whose order is that of the praise): users want the items that praise what they speak of."""
    aspects = aspects_of(artefact)
    values = aspects.users @ praise.PraiseOfItems(aspects, artefact.review_item, 13).praise.T
    return aspects, values - values.mean(0)


def test_praise_that_leads_to_the_validation_items_is_in_the_order(artefact):
    aspects, values = praising(artefact)
    values[artefact.train.user, artefact.train.item] = -np.inf
    user = np.arange(11)
    wanted = artefact._replace(validation=artefact.validation._replace(
        user=user, item=values.argmax(1), rating=np.full(11, 4., np.float32), review=np.zeros(11, np.int32)))
    order = blend.choose(wanted, *personal_of(artefact), seed=2, budget=1, aspects=aspects)
    assert order.praise > 0 and order.aspects is aspects and order.evidence > 0
    without = blend.choose(wanted, *personal_of(artefact), seed=2, budget=1)
    assert without.praise == 0 and without.aspects is None and order.ndcg > without.ndcg


def test_praise_that_tells_users_not_apart_is_left_out_and_changes_nothing(artefact):
    """Without reviews on an aspect, and where all users care alike, up to rounding."""
    some = aspects_of(artefact)
    alike = some.users * 0 + some.users[:1] * (1 + 1e-7 * np.arange(11)[:, np.newaxis])
    for aspects in (some._replace(reviews=sparse.csr_matrix((len(artefact.review_item), 3))),
                    some._replace(users=alike.astype(np.float32))):
        first, second = (blend.choose(artefact, *personal_of(artefact), seed=2, budget=1, aspects=each)
                         for each in (None, aspects))
        assert first.numbers() == second.numbers() and second.aspects is None
        np.testing.assert_array_equal(first.centre, second.centre)


def test_the_matrix_is_a_sum_of_settings_of_the_family(artefact):
    order = blend.choose(artefact, None, np.zeros(0, int), np.zeros(0, int), seed=2, budget=2)
    assert order.matrix.nnz and order.model == blend.MIXED
    for name, settings in order.setting.items():
        assert name in blend.MATRICES
        assert all(setting in blend.rivals.GRIDS[name][:2] for setting in settings)


def test_a_matrix_that_is_best_for_all_users_is_taken_alone(artefact, monkeypatch):
    """It leads each user to the validation items; each simple model is a setting of the family."""
    held, train = artefact.validation, artefact.train
    bought = blend.item_item.interactions(train, 11, 13)
    perfect = sum(sparse.csr_matrix(np.outer(bought[user].toarray(), np.eye(13)[item]))
                  for user, item in zip(held.user, held.item)).tocsr()
    worst = sparse.csr_matrix(-perfect)
    monkeypatch.setattr(blend, "MATRICES", ("item_knn", "ease"))
    monkeypatch.setattr(blend.rivals, "item_matrix",
                        lambda name, *_: (perfect if name == "ease" else worst).astype(np.float32))
    order = blend.choose(artefact, None, np.zeros(0, int), np.zeros(0, int), seed=2, budget=1)
    assert set(order.setting) == {"ease"}


def test_evidence_without_a_weight_keeps_a_form_and_its_centre(artefact):
    """The shop orders items by their reviews alone in this form: E + w_V V + w_A A - c, c the mean over users."""
    _, owner, review = personal_of(artefact)
    wrong = np.random.RandomState(3).normal(0, 1, (11, len(owner)))
    for user, item in zip(artefact.validation.user, artefact.validation.item):
        wrong[user, owner == item] -= 9  # the reviews of the validation items speak least to the user
    order = blend.choose(artefact, wrong.__getitem__, owner, review, seed=2, budget=1)
    assert order.evidence == 0 and order.tau >= 0 and order.centre.any()
    users = blend._validation(artefact, len(owner), 2).users
    spoken = evidence.spoken(wrong[users], owner, 13, order, blend.stars(artefact, review))
    np.testing.assert_allclose(spoken.mean(0), order.centre, atol=1e-5)
    silent = blend.choose(artefact, None, owner, review, seed=2, budget=1)
    assert (silent.evidence, silent.popularity, silent.ndcg) == (0, order.popularity, order.ndcg)
    assert not silent.centre.any()


def test_without_evidence_purchases_and_popularity_have_weights_of_their_own(artefact):
    order = blend.choose(artefact, *personal_of(artefact), seed=2, budget=2)
    without = blend.without_evidence(artefact, order, 7, 2)
    assert without.evidence == 0 and without.popularity >= 0
    np.testing.assert_array_equal(without.matrix.indices, order.matrix.indices)  # the same matrix, with another weight
    ratio = without.matrix.data / order.matrix.data
    np.testing.assert_allclose(ratio, ratio[0], rtol=1e-4)
    alone = blend.choose(artefact, None, np.zeros(0, int), np.zeros(0, int), seed=2, budget=2)
    assert without.ndcg == pytest.approx(alone.ndcg, abs=1e-6)


def test_without_validation_items_the_evidence_is_left_out(artefact):
    nothing = artefact._replace(validation=type(artefact.validation)(*(part[:0] for part in artefact.validation)))
    order = blend.choose(artefact, *personal_of(artefact), seed=2, budget=2)
    assert blend.without_evidence(nothing, order, 7, 2).evidence == 0


def test_without_evidence_purchases_are_chosen_anew_where_the_order_has_none(artefact):
    """An order by evidence and popularity keeps no matrix; purchases may have a weight where evidence is left out."""
    alone = blend.choose(artefact, None, np.zeros(0, int), np.zeros(0, int), seed=2, budget=2)
    assert alone.matrix.nnz and alone.model
    silent = alone._replace(evidence=1., model="", setting={}, matrix=0 * alone.matrix)
    without = blend.without_evidence(artefact, silent, 0, 2, budget=2)
    assert without.evidence == 0 and without.numbers() == alone.numbers()
    np.testing.assert_array_equal(without.matrix.toarray(), alone.matrix.toarray())


def test_with_and_without_evidence_the_same_validation_users_choose(artefact, monkeypatch):
    """Also where some training reviews have no text: these are no reviews of the order."""
    personal, owner, review = personal_of(artefact)
    owner, review, sizes, of_split = owner[:-40], review[:-40], [], blend.held_out.of_split
    monkeypatch.setattr(blend, "LEAST_USERS", 1)
    monkeypatch.setattr(blend, "MOST_SCORES", 4 * len(owner))
    monkeypatch.setattr(blend.held_out, "of_split", lambda *given: sizes.append(given[-1]) or of_split(*given))
    order = blend.choose(artefact, lambda users: personal(users)[:, :-40], owner, review, seed=2, budget=1)
    blend.without_evidence(artefact, order, len(owner), 2)
    assert sizes == [4, 4]
