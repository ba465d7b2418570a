"""The SavedModel's rankings: the sorted catalogue, whether they are stored or computed for a request."""
import os

import numpy as np
import pytest

from models.export import publish
from models.inference.catalogue_order import CatalogueOrder
from runtime.tf1 import tf
from serving import signatures as wire
from tests.support.exporting import answer


def test_rank_is_the_sorted_catalogue(exported):
    run, folder = exported
    items, users = np.arange(len(run.artefact.item_reviews)), np.array([3, 0, 11], np.int32)
    ranked = answer(folder, wire.RANK, uid=users, k=np.int32(len(items)))
    unbought = answer(folder, wire.RANK_UNBOUGHT, uid=users, k=np.int32(len(items)))
    scores = CatalogueOrder(run.predictor, run.order)(users)
    for row, user in enumerate(users):
        rating = run.predictor(np.full(len(items), user), items).outputs.rating
        np.testing.assert_allclose(ranked[wire.SCORE][row], np.sort(scores[row])[::-1], atol=1e-4)
        for values, name in ((scores[row], wire.SCORE), (rating, wire.RATING)):
            np.testing.assert_allclose(values[ranked[wire.ITEM][row]], ranked[name][row], atol=1e-4)
        bought = set(run.artefact.train.item[run.artefact.train.user == user])
        shown = unbought[wire.ITEM][row]
        assert set(shown[shown >= 0]) == set(items) - bought
        assert (shown[len(items) - len(bought):] == -1).all()


def test_excluded_items_are_not_ranked(exported):
    run, folder = exported
    users, count = np.array([3, 0], np.int32), len(run.artefact.item_reviews)
    exclude = np.array([[2, 9, 2], [-1, 14, -1]], np.int32)
    for unbought in (False, True):
        name = wire.RANK_UNBOUGHT if unbought else wire.RANK
        computed = answer(folder, name, uid=users, k=count)
        ranking = answer(folder, wire.RANK_EXCLUDING, uid=users, k=count, exclude_iid=exclude, unbought=unbought)
        for row in range(2):
            left = [(item, rating) for item, rating in zip(computed[wire.ITEM][row], computed[wire.RATING][row])
                    if item >= 0 and item not in exclude[row]]
            assert list(ranking[wire.ITEM][row]) == [item for item, _ in left] + [-1] * (count - len(left))
            np.testing.assert_allclose(ranking[wire.RATING][row][:len(left)], [rating for _, rating in left], atol=1e-5)
    nothing = answer(folder, wire.RANK_EXCLUDING, uid=users, k=3, exclude_iid=np.zeros((2, 0)), unbought=False)
    np.testing.assert_array_equal(nothing[wire.ITEM], answer(folder, wire.RANK, uid=users, k=3)[wire.ITEM])


@pytest.fixture(scope="module")
def stored(tiny_run, tiny_export, tmp_path_factory):
    """(SavedModel without stored rankings, with 6 of each user) of one run."""
    with_rankings = publish.export(tiny_run.run_folder, str(tmp_path_factory.mktemp("rankings")), 6)
    return os.path.join(tiny_export, "serve", "1"), with_rankings


def ask(folder, users, k):
    """Returns the results of `rank`, `rank_unbought` and `rank_excluding`."""
    exclude = np.array([[2, 9, 2]] * len(users), np.int32)
    return [answer(folder, wire.RANK, uid=users, k=k), answer(folder, wire.RANK_UNBOUGHT, uid=users, k=k)] + [
        answer(folder, wire.RANK_EXCLUDING, uid=users, k=k, exclude_iid=exclude, unbought=unbought)
        for unbought in (False, True)]


def test_stored_rankings_equal_computed_ones(stored):
    users = np.arange(40, dtype=np.int32)
    for k in (1, 3, 4, 6, 7, 15):
        for computed, from_stored in zip(*(ask(folder, users, k) for folder in stored)):
            np.testing.assert_array_equal(computed[wire.ITEM], from_stored[wire.ITEM])
            for name in (wire.RATING, wire.SCORE):
                np.testing.assert_allclose(computed[name], from_stored[name], atol=1e-5)


def test_stored_rankings_are_used_where_they_suffice(stored):
    """They are recognised by changed stars in the store."""
    def rank(session, signature, k):
        inputs, outputs = signature.inputs, signature.outputs
        return session.run(outputs[wire.RATING].name, {inputs["uid"].name: [3, 0], inputs["k"].name: k})

    with tf.Graph().as_default(), tf.Session() as session:
        signature = tf.saved_model.load(session, ["serve"], stored[1]).signature_def[wire.RANK]
        before = [rank(session, signature, k) for k in (6, 7)]
        rating, = [v for v in tf.global_variables() if v.name.startswith("stored_rankings/rating")]
        assert rating.shape.as_list() == [40, 6]
        rating.load(session.run(rating) + 10, session)
        after = [rank(session, signature, k) for k in (6, 7)]
    np.testing.assert_allclose(after[0], before[0] + 10, atol=1e-5)
    np.testing.assert_array_equal(after[1], before[1])


@pytest.mark.slow
def test_more_rankings_than_items_store_all_items(tiny_run, tmp_path):
    folder = publish.export(tiny_run.run_folder, str(tmp_path), 99)
    stored = tf.train.load_checkpoint(os.path.join(folder, "variables", "variables"))
    assert stored.get_tensor("stored_rankings/item").shape == (40, 15)
    assert (np.sort(stored.get_tensor("stored_rankings/item"), 1) == np.arange(15)).all()


@pytest.fixture(scope="module")
def by_stars(exported, tmp_path_factory):
    """(run, its SavedModel ordered by predicted stars)."""
    run, folder = exported
    run_folder = os.path.join(os.path.dirname(os.path.dirname(folder)), "r")
    return run, publish.export(run_folder, str(tmp_path_factory.mktemp("stars")), by_stars=True)


def test_the_ranking_by_stars_equals_sorted_results_of_serving_default(by_stars):
    """It gets all training reviews of each item, as `explain` lists them."""
    run, folder = by_stars
    a, items, user = run.artefact, np.arange(len(run.artefact.item_reviews), dtype=np.int32), 3
    explained = answer(folder, wire.EXPLAIN, uid=np.full(len(items), user), iid=items)
    rows, offsets = explained[wire.ITEM_REVIEWS], run.corpus.offsets
    residuals = a.review_rating[rows] - offsets.predict(a.review_user[rows], a.review_item[rows])
    there = answer(folder, wire.SERVING_DEFAULT, texts_u=a.review_tokens[explained[wire.USER_REVIEWS]],
                   texts_i=a.review_tokens[rows], uid=np.full((len(items), 1), user), iid=items[:, None],
                   residuals_i=np.where(rows > 0, residuals, 0))
    for one, other in ((wire.ITEM_REVIEW_WEIGHTS, wire.ITEM_WEIGHTS), (wire.USER_REVIEW_WEIGHTS, wire.USER_WEIGHTS)):
        np.testing.assert_allclose(there[one], explained[other], atol=1e-5)
    np.testing.assert_allclose(there[wire.RATING][:, 0], explained[wire.RATING], atol=1e-5)
    ranked = answer(folder, wire.RANK, uid=[user], k=len(items))
    np.testing.assert_array_equal(ranked[wire.SCORE], ranked[wire.RATING])
    np.testing.assert_allclose(ranked[wire.RATING][0], np.sort(there[wire.RATING][:, 0])[::-1], atol=1e-5)


def test_an_invalid_number_of_items_is_reported(exported):
    for wanted in (0, -5, 16):
        for signature in (wire.RANK, wire.RANK_UNBOUGHT):
            with pytest.raises(tf.errors.InvalidArgumentError, match="k must be from 1 to 15; given"):
                answer(exported[1], signature, uid=[3, 1], k=wanted)
