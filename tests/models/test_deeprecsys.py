"""Laws of the network on a tiny trained run and on batches of it."""
import numpy as np
import pytest

from models import config as configs
from models import graph
from models.inference import trained
from models.inputs import baselines
from models.inputs.features import Corpus
from models.network.layers import Noise
from models.training import losses
from preprocessing import artefact as contract
from runtime.tf1 import tf

TINY = {"filters": 7, "attention_dim": 8, "latent_dim": 5, "epochs": 1, "batch_size": 32}


@pytest.fixture(scope="module")
def run(tiny_run):
    return trained.load(tiny_run.run_folder)


@pytest.fixture(scope="module")
def pairs(run):
    test = run.artefact.test
    return test.user, test.item


def corpus_of(artefact, config):
    sizes = artefact.meta["sizes"]
    offsets = baselines.choose_offsets(artefact.train, artefact.validation, sizes["U"], sizes["I"])
    return Corpus(artefact, config, offsets)


def test_attention_sums_to_one_over_real_reviews(run, pairs):
    answers = run.predictor(*pairs)
    for weights, slots in ((answers.outputs.item_weights, answers.item_slots),
                           (answers.outputs.user_weights, answers.user_slots)):
        np.testing.assert_allclose(weights.sum(1), (slots > 0).any(1), atol=1e-5)
        assert (weights[slots == 0] == 0).all() and (weights >= 0).all()


def test_the_votes_are_added_to_the_rating(run, pairs):
    answers = run.predictor(*pairs)
    outputs = answers.outputs
    session, network = run.predictor.session, run.predictor.network
    gain = session.run(network.vote_gain)
    network.vote_gain.load(0., session)
    without = run.predictor(*pairs).outputs
    network.vote_gain.load(gain, session)
    np.testing.assert_allclose(outputs.rating - without.rating, outputs.votes.sum(1), atol=1e-5)
    assert (outputs.votes[answers.item_slots == 0] == 0).all()


def test_one_pair_equals_the_batch_and_empty_slots_change_nothing(run, pairs):
    whole = run.predictor(*pairs).outputs
    user_slots, item_slots = run.corpus.served_slots
    wide = np.pad(user_slots, [(0, 0), (0, 3)]), np.pad(item_slots, [(0, 0), (5, 0)])
    padded = run.predictor(*pairs, slots=wide).outputs
    np.testing.assert_allclose(whole.rating, padded.rating, atol=1e-5)
    np.testing.assert_allclose(whole.item_weights, padded.item_weights[:, 5:], atol=1e-5)
    for row in (0, 7):
        one = run.predictor(pairs[0][row:row + 1], pairs[1][row:row + 1]).outputs
        np.testing.assert_allclose(one.rating[0], whole.rating[row], atol=1e-5)
        np.testing.assert_allclose(one.item_weights[0], whole.item_weights[row], atol=1e-5)


def test_another_user_weighs_the_same_reviews_differently(run, pairs):
    one, other = run.predictor(*pairs).outputs, run.predictor(np.roll(pairs[0], 1), pairs[1]).outputs
    changed = pairs[0] != np.roll(pairs[0], 1)
    assert abs(one.personal - other.personal)[changed].max() > .1
    np.testing.assert_allclose(one.useful, other.useful, atol=1e-5)  # usefulness is the same for all users


def test_a_user_and_an_item_without_reviews_get_a_rating(run):
    user_slots, item_slots = (np.zeros_like(table) for table in run.corpus.served_slots)
    outputs = run.predictor(np.array([3]), np.array([2]), slots=(user_slots, item_slots)).outputs
    assert np.isfinite(outputs.rating).all() and not outputs.item_weights.any() and not outputs.votes.any()


def test_the_own_review_is_in_no_input(run):
    """Changing the own rating changes the inputs of the pair only through the offsets of others."""
    a, rows = run.artefact, np.arange(20)
    corpus = run.corpus
    own = a.train.review[rows]
    before = corpus.pairs(a.train.user[rows], a.train.item[rows], own, a.train.rating[rows])
    assert not (before.user_slots == own[:, None]).any() and not (before.item_slots == own[:, None]).any()
    stars = a.review_rating.copy()
    changed = a._replace(train=a.train._replace(rating=a.train.rating.copy()), review_rating=stars)
    one = 4
    changed.train.rating[rows[one]] = 6 - changed.train.rating[rows[one]]
    stars[own[one]] = changed.train.rating[rows[one]]
    sizes = a.meta["sizes"]
    damping = run.corpus.offsets.damping
    offsets = baselines.damped_offsets(changed.train, sizes["U"], sizes["I"], damping)
    after = Corpus(changed, run.config, offsets).pairs(
        a.train.user[rows], a.train.item[rows], own, changed.train.rating[rows])
    mine = abs(before.offset[one] - after.offset[one])
    with_own = abs(run.corpus.offsets.predict(a.train.user[rows[one]], a.train.item[rows[one]])
                   - offsets.predict(a.train.user[rows[one]], a.train.item[rows[one]]))
    assert mine < .25 * with_own  # the own rating changes its offset only through other pairs, and only little


@pytest.mark.parametrize("preset", sorted(configs.PRESETS))
def test_every_preset_takes_a_step_and_learns(tiny_data, preset):
    artefact = contract.load(tiny_data.data_folder)
    config = configs.override(configs.PRESETS[preset], TINY)
    corpus = corpus_of(artefact, config)
    train = artefact.train
    pairs = corpus.pairs(train.user[:31], train.item[:31], train.review[:31], train.rating[:31])
    inputs, own = corpus.inputs(pairs)
    with tf.Graph().as_default(), tf.Session() as session:
        tf.set_random_seed(1)
        network = graph.network_of(config, artefact)
        held = graph.input_placeholders(graph.sizes_of(artefact).topics)
        outputs, read = network(held, Noise(tf.constant([1, 2])))
        lessons = losses.Targets(tf.constant(train.rating[:31]), tf.constant(own),
                                 tf.constant(corpus.cross_likeness(pairs)))
        loss = losses.rating_loss(outputs, lessons)
        if config.own_review_loss:
            loss += losses.own_review_loss(network, held, outputs, read.keys, lessons)
        step = tf.train.GradientDescentOptimizer(.01).minimize(loss)
        graph.start(session, network, artefact)
        fed = graph.feed(held, inputs)
        first = session.run(loss, fed)
        for _ in range(20):
            session.run(step, fed)
        assert np.isfinite(first) and session.run(loss, fed) < first
