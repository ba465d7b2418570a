"""An order with praise is served as it is computed in process: exactly, in two stages, and for new users."""
import os
import shutil

import numpy as np
import pytest

from models.export import publish
from models.inference import trained
from models.inference.catalogue_order import CatalogueOrder
from models.ranking import praise
from models.run_folder import aspect_tables, item_order
from runtime.tf1 import tf
from serving import signatures as wire
from tests.models.export.test_why import PARTS
from tests.support.exporting import answer

ITEMS, EVIDENCE, PRAISE = 15, .75, 2.5


@pytest.fixture(scope="module")
def praising(tiny_aspects, tmp_path_factory):
    """(run whose order has praise, its SavedModels: exact, in two stages, and exact without the praise)."""
    folder = str(tmp_path_factory.mktemp("praise"))
    for part, of_copy in zip(tiny_aspects, ("data/tiny", "runs/tiny")):
        shutil.copytree(part, os.path.join(folder, of_copy))
    run_folder, models = os.path.join(folder, "runs", "tiny"), []
    order = trained.load(run_folder).order._replace(evidence=EVIDENCE)
    aspects = praise.of_tables(aspect_tables.load(run_folder))
    for weight, of_order, most in ((0., None, None), (PRAISE, aspects, None), (PRAISE, aspects, ITEMS - 1)):
        item_order.save(run_folder, order._replace(praise=weight, aspects=of_order))
        models.append(publish.export(run_folder, os.path.join(folder, "serve"), exact_up_to=most))
    return trained.load(run_folder), models[1], models[2], models[0]


def praise_of(run):
    """q [I, K]."""
    return praise.PraiseOfItems(run.order.aspects, run.artefact.review_item, ITEMS).praise


def test_the_order_has_the_praise_of_its_aspects(praising):
    run, users = praising[0], np.array([3, 0, 11])
    told = CatalogueOrder(run.predictor, run.order._replace(praise=0., aspects=None))(users)
    added = EVIDENCE * PRAISE * run.order.aspects.users[users] @ praise_of(run).T
    np.testing.assert_allclose(CatalogueOrder(run.predictor, run.order)(users), told + added, atol=1e-5)
    assert np.ptp(added, 1).min() > .01  # it does tell items apart


def test_rankings_and_their_parts_are_those_in_process(praising):
    run, users = praising[0], np.array([3, 0, 11], np.int32)
    y = CatalogueOrder(run.predictor, run.order)(users)
    for folder in praising[1:3]:
        ranked = answer(folder, wire.RANK, uid=users, k=ITEMS)
        np.testing.assert_allclose(ranked[wire.SCORE], np.take_along_axis(y, ranked[wire.ITEM], 1), atol=1e-4)
        why = answer(folder, wire.EXPLAIN, uid=np.repeat(users, ITEMS), iid=np.tile(np.arange(ITEMS), 3))
        np.testing.assert_allclose(why[wire.SCORE], y.ravel(), atol=1e-4)
        np.testing.assert_allclose(sum(why[name] for name in PARTS), why[wire.SCORE], rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("user", [3, 7])
def test_a_new_user_gets_the_praise_of_what_the_texts_speak_of(praising, user):
    """The evidence with praise less that of the same model without it."""
    run, *in_stages, without = praising
    a, aspects = run.artefact, run.order.aspects
    rows = np.sort(a.train.review[a.train.user == user])
    texts = np.concatenate([a.review_tokens[rows], np.zeros_like(a.review_tokens[:1])])[np.newaxis]  # and an empty one
    care = np.mean([aspects.words[np.unique(text)].sum(0) >= 1 for text in texts[0, :-1]], 0)
    assert 0 < care.mean() < 1
    new = dict(texts=texts, rated_iid=-np.ones(texts.shape[:2], np.int32), stars=np.zeros(texts.shape[:2], np.float32))
    told = answer(without, wire.FOLD_IN_EXPLAIN, iid=np.arange(ITEMS), **new)
    for folder in in_stages:
        why = answer(folder, wire.FOLD_IN_EXPLAIN, iid=np.arange(ITEMS), **new)
        np.testing.assert_allclose(why[wire.SCORE_EVIDENCE] - told[wire.SCORE_EVIDENCE],
                                   EVIDENCE * PRAISE * praise_of(run) @ care, atol=1e-5)
        for name in (wire.FOLD_IN, wire.FOLD_IN_EVIDENCE):
            ranked = answer(folder, name, k=ITEMS, **new)
            score = why[wire.SCORE] if name == wire.FOLD_IN else why[wire.SCORE_EVIDENCE] / EVIDENCE
            np.testing.assert_allclose(ranked[wire.SCORE][0], score[ranked[wire.ITEM][0]], atol=1e-4)


def test_a_new_user_whose_texts_speak_of_nothing_has_the_mean_care(praising):
    run, exact, _, without = praising
    silent = np.flatnonzero(~run.order.aspects.words[2:].any(1))[0] + 2
    for texts in (np.zeros((1, 1, 3), np.int32), np.array([[[silent] * 3]])):
        new = dict(texts=texts, rated_iid=[[-1]], stars=[[0.]], iid=np.arange(ITEMS))
        why, told = (answer(folder, wire.FOLD_IN_EXPLAIN, **new)[wire.SCORE_EVIDENCE] for folder in (exact, without))
        usual = run.order.aspects.users.mean(0)
        np.testing.assert_allclose(why - told, EVIDENCE * PRAISE * praise_of(run) @ usual, atol=1e-5)


def test_an_export_by_stars_has_no_praise(praising, tmp_path):
    run, exact = praising[:2]
    folder = publish.export(os.path.join(os.path.dirname(exact), "..", "runs", "tiny"), str(tmp_path / "serve"),
                            by_stars=True)
    shapes = {name: tf.train.load_variable(os.path.join(folder, "variables", "variables"), name).shape
              for name, _ in tf.train.list_variables(os.path.join(folder, "variables", "variables"))
              if "aspects" in name}
    assert sorted(shapes.values()) == [(0,), (len(run.artefact.user_reviews), 0), (len(run.artefact.vocabulary), 0)]


def test_praise_orders_items_by_their_reviews_alone_where_the_evidence_has_no_weight(praising, tmp_path):
    """The evidence keeps its form, with the praise in it."""
    run, exact = praising[:2]
    folder = str(tmp_path / "copy")
    shutil.copytree(os.path.join(os.path.dirname(exact), ".."), folder)
    silent = run.order._replace(evidence=0.)
    item_order.save(os.path.join(folder, "runs", "tiny"), silent)
    model = publish.export(os.path.join(folder, "runs", "tiny"), os.path.join(folder, "silent"))
    alone, before = (answer(each, wire.RANK_EVIDENCE, uid=[3], k=ITEMS, exclude_iid=np.zeros((1, 0)), unbought=False)
                     for each in (model, exact))
    np.testing.assert_array_equal(alone[wire.ITEM], before[wire.ITEM])
    np.testing.assert_allclose(alone[wire.SCORE], before[wire.SCORE], atol=1e-5)
