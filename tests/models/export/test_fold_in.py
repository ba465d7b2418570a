"""A new user, described by texts and stars alone, gets the results of a known user whose id is dropped."""
import numpy as np
import pytest

from runtime.tf1 import tf
from serving import signatures as wire
from tests.support.exporting import answer

SHOPPER = 5
ITEMS = np.array([3, 0, 11, 7, 14], np.int32)
PER_ITEM = (wire.ITEM_WEIGHTS, wire.ITEM_PERSONAL, wire.ITEM_USEFUL, wire.ITEM_VOTES)


def given_by(run, user):
    """The training reviews of a user as inputs of a new user: every rating, with its text if there is one."""
    a = run.artefact
    rows = np.sort(a.train.review[a.train.user == user])
    return dict(texts=a.review_tokens[rows][np.newaxis], rated_iid=a.review_item[rows][np.newaxis],
                stars=a.review_rating[rows][np.newaxis])


def empty(count=1):
    return dict(texts=np.zeros((1, count, 3), np.int32), rated_iid=-np.ones((1, count), np.int32),
                stars=np.zeros((1, count), np.float32))


@pytest.fixture
def dropped(exported):
    """The predictor whose SHOPPER has no id part in query and latent, as (ask, run, folder)."""
    run, folder = exported
    network, session = run.predictor.network, run.predictor.session
    changed = [(variable, session.run(variable)) for variable in
               (network.user.latent, network.user.offset, network.item.other_embedding)]
    for variable, value in changed:
        value = value.copy()
        value[SHOPPER] = 0
        variable.load(value, session)
    yield run, folder
    for variable, value in changed:
        variable.load(value, session)


def test_a_new_user_equals_a_known_user_whose_id_is_dropped(dropped):
    run, folder = dropped
    answers = run.predictor(np.full(len(ITEMS), SHOPPER), ITEMS)
    here = answers.outputs
    there = answer(folder, wire.FOLD_IN_EXPLAIN, iid=ITEMS, **given_by(run, SHOPPER))
    width = there[wire.ITEM_REVIEWS].shape[1]
    np.testing.assert_array_equal(there[wire.ITEM_REVIEWS], answers.item_slots[:, :width])
    np.testing.assert_allclose(there[wire.ITEM_WEIGHTS], here.item_weights[:, :width], atol=1e-5)
    np.testing.assert_allclose(there[wire.ITEM_VOTES], here.votes[:, :width], atol=1e-5)
    mine = min(there[wire.USER_WEIGHTS].shape[1], here.user_weights.shape[1])
    np.testing.assert_allclose(there[wire.USER_WEIGHTS][:, :mine], here.user_weights[:, :mine], atol=1e-5)
    stars = here.rating
    if run.config.offsets == "learned":  # the stars add the offset that dropping the id removes
        stars = stars + run.corpus.offsets.user[SHOPPER]
    np.testing.assert_allclose(there[wire.RATING], stars, atol=1e-5)


def test_the_ranking_equals_sorted_explanations_without_rated_items(exported):
    run, folder = exported
    given, every = given_by(run, SHOPPER), np.arange(len(run.artefact.item_reviews), dtype=np.int32)
    rating = answer(folder, wire.FOLD_IN_EXPLAIN, iid=every, **given)[wire.RATING]
    ranked = answer(folder, wire.FOLD_IN, k=len(every), **given)
    rated = set(given["rated_iid"][0])
    left = np.array([item for item in every if item not in rated])
    shown = ranked[wire.ITEM][0]
    assert set(shown[:len(left)]) == set(left) and (shown[len(left):] == -1).all()
    np.testing.assert_allclose(rating[shown[:len(left)]], ranked[wire.RATING][0, :len(left)], atol=1e-5)
    assert (np.diff(ranked[wire.SCORE][0, :len(left)]) <= 0).all()


def test_order_of_texts_and_padding_change_nothing(exported):
    run, folder = exported
    given = given_by(run, SHOPPER)
    order = np.random.RandomState(1).permutation(given["texts"].shape[1])
    other = {name: np.concatenate([values[:, order], blank], 1) for (name, values), blank in zip(
        given.items(), [np.zeros_like(given["texts"][:, :2]), np.full((1, 2), -1, np.int32),
                        np.zeros((1, 2), np.float32)])}
    if not run.config.mask_padding:  # there padding is weighed
        other = {name: values[:, :-2] for name, values in other.items()}
    here, there = (answer(folder, wire.FOLD_IN_EXPLAIN, iid=ITEMS, **each) for each in (given, other))
    for name in PER_ITEM + (wire.RATING, wire.ITEM_REVIEWS):
        np.testing.assert_allclose(there[name], here[name], atol=1e-5)
    np.testing.assert_allclose(there[wire.USER_WEIGHTS][:, :len(order)], here[wire.USER_WEIGHTS][:, order],
                               atol=1e-5)


def test_a_batch_of_items_gives_the_results_of_each_alone(exported):
    run, folder = exported
    given = given_by(run, SHOPPER)
    together = answer(folder, wire.FOLD_IN_EXPLAIN, iid=ITEMS, **given)
    for row, item in enumerate(ITEMS):
        alone = answer(folder, wire.FOLD_IN_EXPLAIN, iid=[item], **given)
        for name, values in alone.items():
            wanted = together[name][row, :values.shape[1]] if values.ndim > 1 else together[name][row]
            np.testing.assert_allclose(values[0], wanted, atol=1e-5)


def test_without_texts_only_the_offset_depends_on_the_user(exported):
    run, folder = exported
    every = np.arange(len(run.artefact.item_reviews), dtype=np.int32)
    nothing = answer(folder, wire.FOLD_IN_EXPLAIN, iid=every, **empty())
    for given in (empty(0), dict(empty(3), texts=np.zeros((1, 3, 0), np.int32))):
        for name, values in answer(folder, wire.FOLD_IN_EXPLAIN, iid=every, **given).items():
            assert np.isfinite(values).all()
            if name in PER_ITEM + (wire.RATING,):
                np.testing.assert_allclose(values, nothing[name], atol=1e-5)
    stars = dict(empty(), rated_iid=np.array([[2]], np.int32), stars=np.array([[1.]], np.float32))
    offsets = run.corpus.offsets
    wanted = (1 - offsets.mean - offsets.item[2]) / (offsets.damping + 1)
    moved = answer(folder, wire.FOLD_IN_EXPLAIN, iid=every, **stars)[wire.RATING] - nothing[wire.RATING]
    np.testing.assert_allclose(moved, np.full(len(every), wanted), atol=1e-5)
    assert 2 not in answer(folder, wire.FOLD_IN, k=len(every), **stars)[wire.ITEM]


def test_attention_depends_on_the_texts(exported):
    run, folder = exported
    if "text" not in run.config.attention_query:
        pytest.skip("the query holds the id alone")
    one, other = (answer(folder, wire.FOLD_IN_EXPLAIN, iid=ITEMS, **given_by(run, user)) for user in (5, 9))
    assert np.abs(one[wire.ITEM_WEIGHTS] - other[wire.ITEM_WEIGHTS]).max() > 1e-3


@pytest.mark.parametrize("wrong, message", [
    (dict(rated_iid=[[15]]), "rated_iid must be from -1 to 14"), (dict(rated_iid=[[-2]]), "rated_iid must be"),
    (dict(stars=[[5.5]]), "stars must be from 0 to 5"), (dict(stars=[[np.nan]]), "stars must be"),
    (dict(stars=[[1., 2.]]), "the same R"), (dict(texts=[[[-1]]]), "texts must be from 0 to"),
    (empty(wire.MOST_TEXTS + 1), "texts must hold at most 256 texts"), (dict(iid=[15]), "iid must be from 0 to 14")])
def test_invalid_inputs_are_reported(exported, wrong, message):
    given = dict(empty(), iid=[0])
    given.update(wrong)
    with pytest.raises(tf.errors.InvalidArgumentError, match=message):
        answer(exported[1], wire.FOLD_IN_EXPLAIN, **given)


def test_the_parts_of_a_new_user_add_up_to_the_score_of_the_ranking(exported):
    run, folder = exported
    given, every = given_by(run, SHOPPER), np.arange(len(run.artefact.item_reviews), dtype=np.int32)
    why = answer(folder, wire.FOLD_IN_EXPLAIN, iid=every, **given)
    ranked = answer(folder, wire.FOLD_IN, k=len(every), **given)
    shown = ranked[wire.ITEM][0] >= 0
    np.testing.assert_allclose(why[wire.SCORE][ranked[wire.ITEM][0][shown]], ranked[wire.SCORE][0][shown], rtol=1e-5,
                               atol=1e-4)
    alone = answer(folder, wire.FOLD_IN_EVIDENCE, k=len(every), **given)
    items = alone[wire.ITEM][0][shown]
    np.testing.assert_allclose(run.order.evidence * alone[wire.SCORE][0][shown], why[wire.SCORE_EVIDENCE][items],
                               rtol=1e-5, atol=1e-4)
