"""The weights of what is shown first, on arrays made by hand and on a network."""
import numpy as np
import pytest

from models.inference.predictor import Predictor
from models.network import layers
from models.training import calibration, shown
from models.training.calibration import HeldOut
from models.training.shown import Parts
from tests.models.building import Running, config


def made(parts, likeness, reviews=3):
    """The Parts of pairs with so many reviews each, of parts [n * reviews, 5] and likeness [n * reviews]."""
    return Parts(np.asarray(parts, float), np.asarray(likeness, float),
                      np.arange(0, len(likeness) + 1, reviews))


def linear(held_out):
    """The Weights without a limit of the personal side."""
    return shown.forms(held_out)[0]


@pytest.mark.parametrize("column", range(5))
def test_the_part_that_tells_the_own_review_is_found(column):
    random = np.random.RandomState(3)
    parts = random.normal(size=(7 * 41, 5)) * [5., 3., 1., .1, .02]
    likeness = .1 + .03 * parts[:, column] / parts[:, column].std()
    weights = linear(made(parts, likeness, reviews=7))
    logits = shown.logits(weights, parts)
    assert np.corrcoef(logits, parts[:, column])[0, 1] > .999
    assert weights.mix == pytest.approx(float(column > 1), abs=.05) and min(weights) >= 0
    assert logits.std() == pytest.approx(parts[:, 0].std(), rel=.2)  # the mix has the spread of s


def test_two_parts_that_tell_alike_weigh_alike():
    random = np.random.RandomState(4)
    parts = random.normal(size=(5 * 400, 5)) * [3., 7., 2., 1., 1.]
    weights = linear(made(parts, .03 * (parts[:, 0] / 3 + parts[:, 2] / 2), reviews=5))
    assert weights.mix == pytest.approx(.5, abs=.03)
    assert weights.mix * weights.typicality_scale * 2 == pytest.approx((1 - weights.mix) * 3, rel=.1)
    assert weights.length_scale * weights.mix < .1 and weights.expected_scale * weights.mix < .1


def test_the_fit_does_not_depend_on_units_or_on_what_all_reviews_of_an_item_share():
    random = np.random.RandomState(5)
    parts = random.normal(size=(3 * 50, 5))
    likeness = random.uniform(0, .4, 3 * 50) + .02 * parts[:, 2]
    units = np.array([1., .2, 7., .01, 30.])
    shift = random.normal(size=(50, 5)).repeat(3, 0)
    one, other = (linear(made(each, likeness)) for each in (parts, parts * units + shift))
    np.testing.assert_allclose(shown.logits(other, parts * units), shown.logits(one, parts), atol=1e-3)


def test_a_part_that_is_against_the_own_review_gets_no_weight():
    random = np.random.RandomState(6)
    parts = random.normal(size=(3 * 60, 5))
    weights = linear(made(parts, .1 - .03 * parts[:, 4] + .01 * parts[:, 0]))
    assert weights.expected_scale == 0


@pytest.mark.parametrize("parts, likeness", [
    (np.zeros((0, 5)), []), (np.ones((6, 5)), [.1, .2, .3, .3, .2, .1]),
    (np.arange(30.).reshape(6, 5), [.3, .2, .1, .9, .8, .7])])
def test_without_pairs_or_a_part_that_tells_anything_the_personal_score_is_shown(parts, likeness):
    weights = linear(made(parts, likeness))
    assert weights[:6] == (0, 1, 0, 0, 0, 0) and weights.enough == layers.ENOUGH


def test_a_part_without_spread_has_no_influence():
    random = np.random.RandomState(7)
    parts = random.normal(size=(3 * 60, 5))
    parts[:, [0, 1, 4]] = 2  # as reviews without a word that the user wrote
    weights = linear(made(parts, .1 + .03 * parts[:, 2]))
    assert weights.mix == 1 and weights.typicality_scale > 0 and weights.expected_scale == 0
    assert np.isfinite(weights).all()


def test_with_a_limit_the_most_typical_of_the_relevant_reviews_comes_first():
    """Reviews are relevant or not, the relevant ones to different degrees; the own review is like the typical ones."""
    random = np.random.RandomState(8)
    parts = random.normal(size=(9 * 300, 5)) * [.3, .3, 1., 1., 1.]
    relevant = random.uniform(size=len(parts)) < .35
    parts[:, 0] += relevant * random.uniform(3, 12, len(parts))
    likeness = np.where(relevant, .2 + .03 * parts[:, 2], 0.)
    held_out = made(parts, likeness, reviews=9)
    linear_weights, limited = shown.forms(held_out)
    assert (shown.first_likeness(held_out, limited).mean()
            > shown.first_likeness(held_out, linear_weights).mean() + .005)
    logits = shown.logits(limited, parts)
    assert logits[relevant].mean() > logits[~relevant].mean() + 1 and limited.enough < layers.ENOUGH
    own = (1 - limited.mix) * shown.soft_minimum(
        limited.personal_scale * parts[:, 0] + limited.words_scale * parts[:, 1], limited.enough, limited.softness)
    spread = np.sqrt(own.reshape(-1, 9).var(1)).mean() / (1 - limited.mix)
    assert spread == pytest.approx(np.sqrt(parts[:, 0].reshape(-1, 9).var(1)).mean(), rel=1e-6)  # that of s


def test_the_review_shown_first_by_hand():
    parts = np.zeros((5, 5))
    parts[:, 0] = [1., 3., 2., 4., 4.]
    held_out = Parts(parts, np.array([.1, .2, .3, .4, .6]), np.array([0, 3, 5]))
    np.testing.assert_allclose(shown.first_likeness(held_out, shown.PERSONAL), [.2, .5])  # a tie counts by its mean


def test_the_parts_are_those_of_the_network():
    """A network of these parts alone has the logits that it computes itself."""
    running = Running(config())
    predictor, split = Predictor(running.network, running.corpus, running.session), running.artefact.train
    held = HeldOut(predictor, split, 0)
    weights = shown.Weights(.5, .9, .4, 1.5, .7, 2., enough=.3, softness=.2)
    calibration.load_shown(held, weights)
    held.load(running.network.sharpness, 0.)
    held_parts = shown.parts(held)
    answers = predictor(split.user, split.item, split.review)
    place = iter(zip(held_parts.start[:-1], held_parts.start[1:]))
    for row in np.concatenate([batch.rows for batch in held.batches]):
        own, columns = split.review[row], np.nonzero(answers.item_slots[row])[0]
        if len(columns) < 2 or not running.artefact.review_length[own]:
            continue
        first, last = next(place)
        parts = held_parts.parts[first:last]
        assert len(parts) == len(columns)
        np.testing.assert_allclose(parts[:, 0], answers.outputs.personal[row, columns], atol=1e-5)
        np.testing.assert_allclose(parts[:, 2:] @ [1.5, .7, 2.], answers.outputs.useful[row, columns], atol=1e-4)
        logits = shown.logits(weights, parts)
        np.testing.assert_allclose(answers.outputs.item_weights[row, columns],
                                   np.exp(logits) / np.exp(logits).sum(), atol=1e-5)
        bags = running.corpus.bags
        wanted = (bags[answers.item_slots[row, columns]] @ bags[own].T).toarray()[:, 0]
        np.testing.assert_allclose(held_parts.likeness[first:last], wanted, atol=1e-6)
    assert next(place, None) is None and 1 < len(held_parts.start) - 1 < len(split.review)
