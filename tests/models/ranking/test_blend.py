"""The order is chosen on validation items alone: a planted part is found, a worthless one is left out."""
import numpy as np
import pytest
from scipy import sparse

from models.ranking import blend, held_out
from models.run_folder import item_order
from runtime.cli import UserError
from tests.preprocessing.writing import build, reviews

SPLIT = dict(users=11, items=13)


def planted(noise=0., users=60, items=31, seed=3):
    """(HeldOut, [m, I] values that place the held-out items first up to noise)."""
    random = np.random.RandomState(seed)
    taste = random.normal(0, 1, (users, items))
    item = (taste + random.normal(0, noise + 1e-9, taste.shape)).argmax(1)
    known = np.zeros((users, items), bool)
    known[np.arange(users), (item + 1) % items] = True
    return held_out.HeldOut(np.arange(users), np.arange(users), item, np.full(users, 5.), known), taste


def parts_of(**values):
    return {name: blend._Part(np.asarray(value, float)) for name, value in values.items()}


def test_the_part_that_ranks_is_chosen_and_noise_is_left_out():
    test, taste = planted()
    noise = np.random.RandomState(9).normal(0, 1, taste.shape)
    choice = blend.search(parts_of(purchases=noise, evidence=taste, popularity=noise[::-1]), test)
    assert set(choice.weights) == {"evidence"} and choice.ndcg == 1


def test_two_parts_that_need_each_other_are_both_chosen():
    test, taste = planted()
    half = np.random.RandomState(4).rand(*taste.shape) * 6
    choice = blend.search(parts_of(purchases=taste / 2 + half, evidence=taste / 2 - half), test)
    alone = [blend.search(parts_of(part=values), test).ndcg for values in (taste / 2 + half, taste / 2 - half)]
    assert set(choice.weights) == {"purchases", "evidence"} and choice.ndcg > max(alone) + .2


def test_no_setting_of_the_family_is_better_than_the_search_by_more_than_its_error():
    test, taste = planted(noise=1.)
    random = np.random.RandomState(5)
    values = dict(purchases=taste + random.normal(0, 1, taste.shape), evidence=taste + random.normal(0, 2, taste.shape),
                  popularity=random.normal(0, 1, taste.shape))
    choice = blend.search(parts_of(**values), test)
    for name, value in values.items():
        alone = blend.search(parts_of(**{name: value}), test)
        assert choice.ndcg >= alone.ndcg - alone.by_user.std() / np.sqrt(len(test.users))


def test_training_items_are_not_ranked_and_equal_scores_share_a_place():
    test, taste = planted()
    constant = blend._Part(np.zeros(taste.shape))
    choice = blend._reached({"a": constant}, {"a": 1.}, test)
    assert choice.ndcg == pytest.approx(0)  # 30 candidates: the middle is below the first ten
    few = held_out.HeldOut(*(test[:4]), np.ones_like(test.in_training))
    few.in_training[np.arange(60), test.item] = False
    assert blend._reached({"a": constant}, {"a": 1.}, few).ndcg == 1  # nothing else is left


@pytest.fixture(scope="module")
def artefact():
    return build(reviews(120, **SPLIT))


def personal_of(artefact, seed=1):
    """Personal scores of an artefact, at random, and the items of its training reviews."""
    owner = np.sort(artefact.review_item[artefact.train.review])
    return lambda users: np.random.RandomState(seed).normal(0, 3, (11, len(owner)))[users], owner


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
    order = blend.choose(artefact, None, np.zeros(0, int), seed=2, budget=2)
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
    monkeypatch.setattr(blend.rivals, "fit_all", lambda *_: {"ease": blend.rivals.Rival(None, {}, 0., broken)})
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
