"""The network of all presets and queries equals a slow one in numpy, and has the laws of the model."""
import numpy as np
import pytest

from models import config as configs
from models import graph
from models.network import layers
from models.network.tower import EncodedReviews
from runtime.tf1 import tf
from tests.models.building import VARIANTS, Running, artefact, named
from tests.models.slow_network import Slow
from tests.preprocessing.writing import reviews

NAMES = sorted(configs.PRESETS) + sorted(VARIANTS)


@pytest.fixture(scope="module", params=NAMES)
def running(request):
    return Running(named(request.param))


def test_the_network_equals_a_slow_one_in_numpy(running):
    arrays, _ = running.arrays()
    outputs, slow = running(arrays), Slow(running, arrays)
    for pair in range(6):
        rating, user_weights, weights, votes = slow(pair)
        assert abs(outputs.rating[pair] - rating) < 1e-4
        for side, all_weights, wanted in (("user", outputs.user_weights, user_weights),
                                          ("item", outputs.item_weights, weights),
                                          ("item", outputs.votes, votes)):
            real = getattr(arrays, side).slots[pair] > 0
            attended = real if running.network.config.mask_padding else np.ones_like(real)
            np.testing.assert_allclose(all_weights[pair][attended], wanted, atol=1e-4)
            assert not all_weights[pair][~attended].any()


def test_permuting_the_slots_permutes_the_weights(running):
    arrays, _ = running.arrays()
    order = np.random.RandomState(4).permutation(arrays.item.slots.shape[1])
    item = arrays.item._replace(slots=arrays.item.slots[:, order],
                                counterparts=arrays.item.counterparts[:, order])
    moved = arrays._replace(
        item=item, user=arrays.user._replace(other_slots=arrays.user.other_slots[:, ::-1]),
        **{name: getattr(arrays, name)[:, order]
           for name in ("residuals", "lexical", "typicality", "log_words", "expected")})
    one, other = running(arrays), running(moved)
    np.testing.assert_allclose(other.rating, one.rating, atol=1e-5)
    np.testing.assert_allclose(other.item_weights, one.item_weights[:, order], atol=1e-5)
    np.testing.assert_allclose(other.votes, one.votes[:, order], atol=1e-5)


def test_the_words_of_the_own_review_change_no_output(running):
    """No output of training changes with the own review's words; in the original they do.

    The expected words are learned from all training reviews; the usefulness has no weight in training.
    """
    a, row = running.artefact, 3
    own = a.train.review[row]
    tokens = a.review_tokens.copy()
    assert a.review_length[own] > 0
    tokens[own, :a.review_length[own]] = len(a.vocabulary) - 1
    other = Running(running.network.config, a._replace(review_tokens=tokens))
    (one, _), (two, _) = (each.arrays(rows=slice(row, row + 1), with_usefulness=False) for each in (running, other))
    parts = zip(running(one), other(two))
    changed = any(np.abs(left - right).max() > 1e-6 for left, right in parts)
    assert changed == (not running.network.config.leave_target_out)


def test_the_weights_depend_on_the_user_where_the_query_has_an_id(running):
    arrays, _ = running.arrays()
    other = arrays.item.other_id[::-1].copy()
    of_other_user = running(arrays._replace(item=arrays.item._replace(other_id=other)))
    moved = np.abs(of_other_user.item_weights - running(arrays).item_weights).max()
    assert (moved > 1e-3) == (running.network.config.attention_query in ("id", "id+text"))


@pytest.mark.parametrize("name", ["default", "product"])
def test_a_query_without_id_equals_one_whose_id_part_is_dropped(name):
    """A query whose id part is dropped equals one with an embedding of zeros."""
    running = Running(named(name, query_id_keep_prob=0.))
    tower, random = running.network.item, np.random.RandomState(3)
    mean_key = random.normal(0, 1, (4, 5)).astype(np.float32)
    with running.session.graph.as_default():
        dropped = tower.query(tf.constant([0, 1, 2, 4]), mean_key, layers.Noise(tf.constant([1, 2])))
        kept = tower.query(tf.constant([0, 1, 2, 4]), mean_key)
    with_id = running.session.run(kept)
    without = running.session.run(dropped)
    tower.other_embedding.load(np.zeros((5, 3), np.float32), running.session)
    np.testing.assert_allclose(running.session.run(kept), without, atol=1e-6)
    assert np.abs(with_id - without).max() > .01


def test_uniform_attention_votes_zero():
    running = Running(named("default"))
    running.network.sharpness.load(-60., running.session)
    outputs = running(running.arrays()[0])
    assert np.abs(outputs.votes).max() < 1e-6
    counts = (running.arrays()[0].item.slots > 0).sum(1)
    np.testing.assert_allclose(outputs.item_weights.max(1), 1 / counts, atol=1e-5)


def test_votes_by_hand():
    running = Running(named("default"))
    weights = np.array([[.75, .25, 0.]], np.float32)
    residuals = np.array([[2., -1., 9.]], np.float32)
    network = running.network
    network.vote_gain.load(.5, running.session)
    network.vote_shrink.load(2., running.session)
    with running.session.graph.as_default():
        votes = network.votes(tf.constant(weights), tf.constant(residuals),
                              tf.constant([[True, True, False]]))
    shrink = 1 + 2 * (.75 ** 2 + .25 ** 2)
    np.testing.assert_allclose(running.session.run(votes),
                               [[.5 * .25 * 2 / shrink, .5 * .25 / shrink, 0]], rtol=1e-5)


def test_encoded_reviews_fed_to_the_network_give_the_same_outputs(running):
    """`inputs(whole=True)` with all reviews encoded once gives the outputs of packed batches."""
    part = running.artefact.train
    pairs = running.corpus.pairs(part.user[:6], part.item[:6], part.review[:6], part.rating[:6])
    whole, own = running.corpus.inputs(pairs, whole=True)
    a = running.artefact
    with running.session.graph.as_default():
        rows = np.arange(len(a.review_tokens))
        tokens, topics = tf.constant(a.review_tokens), tf.constant(running.corpus.topics(rows))
        reads = [EncodedReviews(*tower.encode_reviews(tokens, topics))
                 for tower in (running.network.user, running.network.item)]
        outputs = running.network.rate(running.inputs, *reads)
    from_encoded = running.session.run(outputs, graph.feed(running.inputs, whole))
    for one, other in zip(from_encoded, running(running.arrays()[0])):
        np.testing.assert_allclose(one, other, atol=1e-5)
    np.testing.assert_array_equal(own, pairs.own)


def test_dropout_depends_on_the_seed_of_the_step_alone():
    running = Running(named("default"))
    with running.session.graph.as_default():
        seed = tf.placeholder(tf.int32, [2])
        noisy = running.network(running.inputs, layers.Noise(seed))[0].rating
    fed = graph.feed(running.inputs, running.arrays()[0])
    one, again, other = (running.session.run(noisy, {**fed, seed: step})
                         for step in ([1, 2], [1, 2], [1, 3]))
    np.testing.assert_array_equal(one, again)
    assert not np.allclose(one, other)


def test_an_item_whose_reviews_have_no_words_gets_a_rating():
    rows = [review._replace(text="" if review.item_id == "i2" else review.text)
            for review in reviews()]
    a = artefact(rows)
    assert not a.item_reviews[2].any()  # a review without a text fills no slot
    running = Running(named("default"), a)
    pairs = running.corpus.pairs(np.array([0, 1]), np.array([2, 2]))
    outputs = running(running.corpus.inputs(pairs)[0])
    assert np.isfinite(outputs.rating).all()
    assert not outputs.item_weights.any() and not outputs.votes.any()
