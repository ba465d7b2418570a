"""The values that are chosen on validation data, on arrays made by hand and on a network."""
import numpy as np
import pytest

from metrics import explanation
from models.inference.predictor import Predictor
from models.network import layers
from models.training import calibration, shown, validation
from models.training.calibration import HeldOut, VoteFit
from tests.models.building import Running, config, named


@pytest.fixture(scope="module")
def running():
    running = Running(config())
    running.predictor = Predictor(running.network, running.corpus, running.session)
    return running


def test_the_mix_is_lowered_until_it_rates_as_well_as_the_best():
    allowed = calibration.parts_that_rate_as_well
    assert allowed([1.] * 6) == list(calibration.PARTS_OF_MIX)
    assert allowed([1.009, 1.01, 1., 1., 1., 1.])[0] == 1
    assert allowed([1.03, 1.011, 1.009, 1.01, 1., 1.01]) == [.6, .4, .2, 0.]
    assert allowed([1.03, 1.03, 1.03, 1.03, 1.03, 1.]) == [0.]
    assert allowed([.7]) == [1]  # nothing is mixed


def test_the_last_value_within_one_standard_error_of_the_largest():
    best = np.array([.5, .4, .6, .5])
    near, far = best - [.02, -.03, .02, 0.], best - [.2, .1, .2, .1]  # mean difference .0025, standard error .012
    assert calibration.last_near([far, best, near, far]) == 2 and calibration.last_near([best, far]) == 0
    assert calibration.last_near([best]) == 0


@pytest.mark.parametrize("errors, part, has_limit", [
    ([1., 1., 1., 1., 1., 1.], 1., False),  # the ratings allow all of beta
    ([1.2, 1.1, 1.005, 1., 1., 1.], .2, True),  # the same reviews come first with the least of it
    ([1.2, 1.1, 1.1, 1.1, 1.1, 1.], 0., False)])  # and without it a limit changes no order
def test_the_personal_side_has_a_limit_only_where_the_ratings_suffer_from_usefulness(
        running, monkeypatch, errors, part, has_limit):
    """Reviews are relevant or not; the own review is like the typical of the relevant ones."""
    random = np.random.RandomState(8)
    columns = random.normal(size=(9 * 300, 5)) * [.3, .3, 1., 1., 1.]
    relevant = random.uniform(size=len(columns)) < .35
    columns[:, 0] += relevant * random.uniform(8.7, 9.3, len(columns))
    likeness = np.where(relevant, .2 + .01 * columns[:, 2] + random.normal(size=len(columns)) * .1, 0.)
    parts = shown.Parts(columns, likeness, np.arange(0, len(likeness) + 1, 9))
    monkeypatch.setattr(shown, "parts", lambda held: parts)
    monkeypatch.setattr(calibration, "rating_errors", lambda held, mix: errors)
    chosen = calibration.choose_shown(HeldOut(running.predictor, running.artefact.validation, 0))
    form = shown.forms(parts)[has_limit]
    assert (chosen.enough < layers.ENOUGH) == has_limit and chosen.mix == pytest.approx(part * form.mix)


def test_gain_by_hand():
    vote, rest = np.array([1., -1, 2, 0]), np.array([2.5, -1.5, 4, 0])
    fit = calibration.fit_gain(-1, 2, vote, rest)
    least = (2.5 + 1.5 + 8) / 6
    error = np.sqrt(np.mean((rest - least * vote) ** 2) / 6)
    assert (fit.sharpness, fit.shrink) == (-1, 2) and fit.gain == pytest.approx(least - error)
    np.testing.assert_allclose(fit.error, (rest - fit.gain * vote) ** 2)


def test_votes_that_worsen_the_ratings_get_gain_zero():
    assert calibration.fit_gain(0, 0, np.array([1., -1]), np.array([-1., 1])).gain == 0
    assert calibration.fit_gain(0, 0, np.zeros(3), np.ones(3)).gain == 0


def test_the_sharpest_weights_within_one_standard_error():
    best = VoteFit(-2., 1., 0., np.array([1., 2, 3, 4]))
    near = VoteFit(-1., 1., 0., best.error + [.3, -.1, .2, -.3])  # mean .025, standard error .12
    far = VoteFit(0., 1., 0., best.error + [.5, .4, .5, .6])
    assert calibration.choose_votes([best, near, far]) is near
    assert calibration.choose_votes([best, far]) is best
    twin = VoteFit(-1., 1., 8., near.error + 1e-3)
    assert calibration.choose_votes([twin, best, near]) is near


def test_one_held_out_pair_is_enough_to_choose_values():
    """One pair has no standard error: the best fit is chosen, and no other one."""
    fits = [VoteFit(-1., 1., 0., np.array([.5])), VoteFit(0., 1., 0., np.array([.25]))]
    assert calibration.choose_votes(fits) is fits[1] and calibration.choose_votes(fits[:1]) is fits[0]


def test_calibration_sets_the_variables_to_the_chosen_values(running):
    chosen = calibration.calibrate(HeldOut(running.predictor, running.artefact.validation, 0))
    network = running.network
    names = {"lexical_scale": network.item.lexical_scale, **{name: getattr(network, name) for name in (
        "mix", "personal_scale", "words_scale", "enough", "softness", "typicality_scale", "length_scale",
        "expected_scale", "sharpness", "vote_gain", "vote_shrink")}}
    assert set(chosen) == set(names)
    for name, variable in names.items():
        assert running.session.run(variable) == pytest.approx(chosen[name])
    assert 0 <= chosen["mix"] <= 1 and min(chosen["vote_gain"], chosen["expected_scale"]) >= 0


def test_the_chosen_lexical_scale_is_the_least_that_retrieves_as_many_own_reviews_as_the_best(running):
    predictor, split, session = running.predictor, running.artefact.train, running.session
    variable = running.network.item.lexical_scale
    variable.load(2., session)
    chosen = calibration.choose_lexical_scale(HeldOut(predictor, split, 0))
    has_text = running.artefact.review_length[split.review] > 0
    auc = {}
    for scale in [2. * multiple for multiple in calibration.LEXICAL]:
        variable.load(scale, session)
        answers = predictor(split.user, split.item, split.review)
        auc[scale] = explanation.retrieval_auc(
            np.where(has_text, answers.own_score, np.nan), answers.outputs.personal, answers.item_slots > 0)
    known = np.isfinite(list(auc.values())).all(0)
    best = max((values[known] for values in auc.values()), key=np.mean)
    for scale, values in auc.items():
        gap = best - values[known]
        assert (gap.mean() <= gap.std() / np.sqrt(known.sum() - 1)) == (scale == chosen) or scale > chosen
    assert chosen in auc and len({values[known].mean() for values in auc.values()}) > 1


def test_the_rating_error_of_each_part_of_the_mix(running):
    held = HeldOut(running.predictor, running.artefact.train, 0)
    errors = calibration.rating_errors(held, .8)
    assert len(errors) == len(calibration.PARTS_OF_MIX) and len(set(errors)) > 1
    assert running.session.run(running.network.mix) == 0  # the last part
    assert len(calibration.rating_errors(held, 0.)) == 1
    without = min(np.sqrt(fit.error.mean()) for fit in calibration.vote_fits(held, calibration.SHARPNESSES[::2]))
    assert errors[-1] == pytest.approx(without)


def test_of_many_pairs_a_sample_is_held_out(running, monkeypatch):
    split = running.artefact.train
    monkeypatch.setattr(validation, "MOST", 11)
    held, other = (HeldOut(running.predictor, split, seed) for seed in (3, 4))
    pairs = {tuple(pair) for pair in zip(*map(np.ndarray.tolist, split))}
    assert len(held.ratings()) == len(held.has_text) == 11
    assert {tuple(pair) for pair in zip(*map(np.ndarray.tolist, held.split))} < pairs
    assert held.split.review.tolist() != other.split.review.tolist()


def test_calibration_never_worsens_the_ratings_of_its_split(running):
    split = running.artefact.train
    network, session = running.network, running.session

    def error():
        rating = running.predictor(split.user, split.item, split.review).outputs.rating
        return np.mean((rating - split.rating) ** 2)

    calibration.fit_votes(HeldOut(running.predictor, split, 0))
    with_votes = error()
    network.vote_gain.load(0., session)
    assert with_votes <= error() + 1e-6


@pytest.mark.parametrize("name", ["drawing", "original"])
def test_a_network_without_these_variables_is_not_calibrated(name):
    running = Running(named(name))
    predictor = Predictor(running.network, running.corpus, running.session)
    assert calibration.calibrate(HeldOut(predictor, running.artefact.validation, 0)) == {}
