"""The parts of the score by which items are ordered, as the SavedModel tells them."""
import os
import shutil

import numpy as np
import pytest
from scipy import sparse, special

from models.export import publish, served_order
from models.inference import trained
from models.inference.catalogue_order import CatalogueOrder
from models.ranking import evidence
from models.run_folder import item_order
from runtime.tf1 import tf
from serving import signatures as wire
from tests.support.exporting import answer, loaded

PARTS = (wire.SCORE_BASE, wire.SCORE_EVIDENCE, wire.SCORE_PURCHASES, wire.SCORE_POPULARITY)


def every_pair(run, users):
    items = np.arange(len(run.artefact.item_reviews), dtype=np.int32)
    return np.repeat(np.array(users, np.int32), len(items)), np.tile(items, len(users))


def test_the_parts_add_up_to_the_score_of_the_ranking(exported):
    run, folder = exported
    users = [3, 0, 11]
    user, item = every_pair(run, users)
    why = answer(folder, wire.EXPLAIN, uid=user, iid=item)
    expected = CatalogueOrder(run.predictor, run.order)(np.array(users)).ravel()
    np.testing.assert_allclose(why[wire.SCORE], expected, atol=1e-4)
    np.testing.assert_allclose(sum(why[name] for name in PARTS), why[wire.SCORE], rtol=1e-5, atol=1e-5)
    assert (np.ptp(why[wire.SCORE_BASE].reshape(3, -1), 1) == 0).all()  # the same for all items of a user
    ranked = answer(folder, wire.RANK, uid=users, k=len(item) // 3)
    by_user = why[wire.SCORE].reshape(3, -1)
    np.testing.assert_allclose(np.take_along_axis(by_user, ranked[wire.ITEM], 1), ranked[wire.SCORE], rtol=1e-5,
                               atol=1e-4)


def test_purchases_are_the_entries_of_the_matrix(exported):
    run, folder = exported
    user, item = every_pair(run, [3, 7])
    why = answer(folder, wire.EXPLAIN, uid=user, iid=item)
    dense, train = run.order.matrix.toarray(), run.artefact.train
    dense = dense - dense[train.item].mean(0)  # less what an average purchase adds
    for row, (of_user, to) in enumerate(zip(user, item)):
        bought = np.unique(train.item[train.user == of_user])
        parts = {j: dense[j, to] for j in bought if dense[j, to] > 0}
        told = {j: part for j, part in zip(why[wire.BOUGHT_ITEMS][row], why[wire.BOUGHT_PARTS][row]) if j >= 0}
        assert len(told) == min(len(parts), served_order.MOST_BOUGHT)
        assert all(part == pytest.approx(parts[j], abs=1e-6) for j, part in told.items())
        assert sorted(told.values()) == pytest.approx(sorted(parts.values())[-len(told):] if told else [], abs=1e-6)
        assert why[wire.SCORE_PURCHASES][row] == pytest.approx(dense[bought, to].sum(), rel=1e-5, abs=1e-5)


def test_the_shares_are_those_of_the_reviews_in_the_evidence(exported):
    run, folder = exported
    user, item = every_pair(run, [3])
    why = answer(folder, wire.EXPLAIN, uid=user, iid=item)
    shares, real = why[wire.ITEM_SHARES], why[wire.ITEM_REVIEWS] > 0
    np.testing.assert_allclose(shares.sum(1), real.any(1), atol=1e-5)
    assert (shares[~real] == 0).all()


def test_the_order_by_evidence_alone_is_that_of_the_evidence(exported):
    run, folder = exported
    count = len(run.artefact.item_reviews)
    user, item = every_pair(run, [3])
    part = answer(folder, wire.EXPLAIN, uid=user, iid=item)[wire.SCORE_EVIDENCE]
    given = dict(uid=[3], k=count, exclude_iid=np.zeros((1, 0)))
    alone = answer(folder, wire.RANK_EVIDENCE, unbought=False, **given)
    np.testing.assert_allclose(run.order.evidence * alone[wire.SCORE][0], part[alone[wire.ITEM][0]],
                               rtol=1e-5, atol=1e-4)
    assert (np.diff(alone[wire.SCORE][0]) <= 0).all()
    unbought = answer(folder, wire.RANK_EVIDENCE, unbought=True, **given)[wire.ITEM][0]
    train = run.artefact.train
    assert set(unbought[unbought >= 0]) == set(range(count)) - set(train.item[train.user == 3])


@pytest.fixture(scope="module")
def silent(tiny_run, tmp_path_factory):
    """(run whose evidence has a form and the weight 0, its SavedModel, the SavedModel of one without a form)."""
    folder, models = str(tmp_path_factory.mktemp("silent") / "copy"), []
    shutil.copytree(tiny_run.folder, folder)
    run_folder = os.path.join(folder, "runs", "tiny")
    order = item_order.load(run_folder, {"I": 15})
    centre = np.random.RandomState(4).normal(0, 1, 15).astype(np.float32)
    for each in (order._replace(evidence=0., tau=0., floor=0., stars=0., prior=0., centre=0 * centre),
                 order._replace(evidence=0., tau=2., floor=.5, stars=.75, prior=1.5, centre=centre)):
        item_order.save(run_folder, each)
        models.append(publish.export(run_folder, os.path.join(folder, "serve")))
    return trained.load(run_folder), models[1], models[0]


def test_evidence_with_the_weight_0_orders_items_less_its_centre(silent):
    run, folder, _ = silent
    spoken = CatalogueOrder(run.predictor, run.order._replace(evidence=1.)).evidence(np.array([3]))[0]
    alone = answer(folder, wire.RANK_EVIDENCE, uid=[3], k=15, exclude_iid=np.zeros((1, 0)), unbought=False)
    np.testing.assert_allclose(alone[wire.SCORE][0], np.sort(spoken - run.order.centre)[::-1], atol=1e-4)
    ranked, item = answer(folder, wire.RANK, uid=[3], k=15), np.arange(15)
    why = answer(folder, wire.EXPLAIN, uid=np.full(15, 3), iid=item)
    assert (why[wire.SCORE_EVIDENCE] == 0).all()
    np.testing.assert_allclose(ranked[wire.SCORE][0], np.sort(why[wire.SCORE])[::-1], atol=1e-4)


def test_evidence_without_a_form_orders_no_items(silent):
    """A shop that asks for a missing signature says that items cannot be ordered by their reviews."""
    signatures = loaded(silent[2])[1]
    assert {wire.RANK, wire.FOLD_IN, wire.EXPLAIN} <= set(signatures)
    assert not {wire.RANK_EVIDENCE, wire.FOLD_IN_EVIDENCE} & set(signatures)
    assert wire.FOLD_IN_EVIDENCE in loaded(silent[1])[1]


@pytest.mark.parametrize("tau, stars", [(0., 0.), (2.5, 0.), (2.5, .75), (0., .75)])
def test_parts_of_planted_scores(tau, stars):
    """Two users, of whom one bought nothing; three items, of which the last has no review; a negative entry of B."""
    matrix = sparse.csr_matrix(np.array([[0, .5, -.25], [0, 0, .75], [0, 0, 0]], np.float32))
    order = served_order.ServedOrder(*map(np.float32, (2., tau, .125)), matrix.indptr.astype(np.int32),
                                     matrix.indices.astype(np.int32), matrix.data, np.array([.3, -.3, 0], np.float32),
                                     np.array([.1, .2, .125], np.float32),
                                     np.array([0, .1, .2], np.float32), np.float32(stars), np.float32(1.5),
                                     np.zeros(4, np.float32), np.array([[1, -1], [.5, 0], [0, .25]], np.float32))
    row, item = np.array([0, 0, 1, 0], np.int32), np.array([0, 2, 1, 1], np.int32)
    personal = np.array([[.2, .6], [9, 9], [.4, 9], [.4, 9]], np.float32)
    real = np.array([[1, 1], [0, 0], [1, 0], [1, 0]], bool)
    given = np.array([[1, -2], [9, 9], [.5, 9], [.5, 9]], np.float32)
    bought = [np.array([1, 0], np.int32), np.zeros(0, np.int32)]
    with tf.Graph().as_default(), tf.Session() as session:
        order = served_order.ServedOrder(*map(tf.constant, order))
        parts = session.run(served_order.parts(
            order, tf.constant(personal), tf.constant(given), tf.constant(real),
            lambda position: tf.cond(position > 0, lambda: tf.constant(bought[1]), lambda: tf.constant(bought[0])),
            tf.constant(row), tf.constant(item), tf.constant([[.5, 1], [0, 4], [0, 0], [2, 9]])))
    of_two, of_one = (evidence.told(personal[row, :count][np.newaxis], np.zeros(count, int), 1, tau, .125,
                                    given[row, :count], 1.5) for row, count in ((0, 2), (2, 1)))
    of_two, of_one = ((part.evidence + stars * part.verdict)[0, 0] for part in (of_two, of_one))
    praise = np.array([.5 - 1, .25 * 4, 0, .5 * 2])
    np.testing.assert_allclose(parts.evidence, 2 * (np.array([of_two - .1, 0, of_one - .2, of_one - .2]) + praise),
                               atol=1e-6)
    np.testing.assert_allclose(parts.purchases, [0, .1, 0, .3], atol=1e-6)  # less .2 and .1 for each purchase
    np.testing.assert_allclose(parts.popularity, [.1, .2, -.3, -.3], atol=1e-6)
    np.testing.assert_allclose(parts.base, [.2, .2, 0, .2], atol=1e-6)
    np.testing.assert_allclose(parts.shares[0], special.softmax(tau * personal[0]), atol=1e-6)
    assert parts.bought.tolist() == [[-1] * 5, [1] + [-1] * 4, [-1] * 5, [0] + [-1] * 4]
    np.testing.assert_allclose(parts.bought_parts[:, 0], [0, .55, 0, .4], atol=1e-6)
