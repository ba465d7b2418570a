"""The values that are chosen on validation data, on arrays made by hand and on a network."""
import numpy as np
import pytest

from metrics import explanation
from models.inference.predictor import Predictor
from models.training import calibration
from models.training.calibration import MIXES, HeldOut, VoteFit
from tests.models.building import Running, config, named


def agreement(**means):
    """Returns agreement [mixes, 4], 0 except for the mixes given, such as at3=(...)."""
    similarity = np.zeros((len(MIXES), 4))
    for name, values in means.items():
        similarity[int(name[2:])] = values
    return similarity


def test_the_smallest_mix_within_one_standard_error_of_the_paired_difference():
    used = np.ones(4, bool)
    best = np.array([.4, .8, .4, .8])  # mean .6; the pairs differ, which has no influence
    near = best - [.05, -.04, .05, -.04]  # a mean of .005, standard error .026
    far = best - [.05, -.01, .05, -.01]  # a mean of .02, standard error .017
    assert calibration.choose_mix(agreement(at9=best, at3=near), used) == MIXES[3]
    assert calibration.choose_mix(agreement(at9=best, at3=far), used) == MIXES[9]
    assert calibration.choose_mix(agreement(at9=best, at12=best), used) == MIXES[9]
    assert calibration.choose_mix(agreement(at9=best, at3=best - 1e-6), used) == MIXES[9]
    assert calibration.choose_mix(agreement(), used) == 0


def test_pairs_that_do_not_count_do_not_change_the_mix():
    used = np.array([True, True, True, False])
    similarity = agreement(at2=(0, 0, 0, 99.), at5=(.5, .5, .6, 0))
    assert calibration.choose_mix(similarity, used) == MIXES[5]
    assert calibration.choose_mix(similarity, np.zeros(4, bool)) == 0
    assert calibration.choose_mix(similarity, np.arange(4) == 1) == 0


def test_a_mix_that_rates_worse_is_not_chosen():
    used, best = np.ones(4, bool), (.4, .8, .4, .8)
    similarity, errors = agreement(at9=best, at3=(.4,) * 4), np.ones((len(MIXES), 4))
    assert calibration.choose_mix(similarity, used, errors) == MIXES[9]
    errors[9] += [.1, .2, .1, .2]  # significantly more: a mean of .15, standard error .029
    assert calibration.choose_mix(similarity, used, errors) == MIXES[3]
    errors[9] = 1 + np.array([.3, -.1, .3, -.1])  # not significantly more: a mean of .1, standard error .115
    assert calibration.choose_mix(similarity, used, errors) == MIXES[9]
    errors[9] = 1 + np.array([.3, -.02, .3, -.02])  # a mean of .14, 1.5 standard errors
    assert calibration.choose_mix(similarity, used, errors) == MIXES[9]


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
    assert calibration.choose_mix(np.zeros((len(MIXES), 1)), np.ones(1, bool), np.ones((len(MIXES), 1))) == 0


@pytest.fixture(scope="module")
def running():
    running = Running(config())
    running.predictor = Predictor(running.network, running.corpus, running.session)
    return running


def test_calibration_sets_the_variables_to_the_chosen_values(running):
    chosen = calibration.calibrate(HeldOut(running.predictor, running.artefact.validation))
    network = running.network
    names = {"lexical_scale": network.item.lexical_scale, "mix": network.mix,
             "sharpness": network.sharpness, "vote_gain": network.vote_gain, "vote_shrink": network.vote_shrink}
    assert set(chosen) == set(names)
    for name, variable in names.items():
        assert running.session.run(variable) == pytest.approx(chosen[name])
    assert chosen["mix"] in MIXES and chosen["vote_gain"] >= 0


def test_the_chosen_lexical_scale_has_the_largest_own_review_auc(running):
    predictor, split, session = running.predictor, running.artefact.train, running.session
    variable = running.network.item.lexical_scale
    variable.load(2., session)
    chosen = calibration.choose_lexical_scale(HeldOut(predictor, split))
    has_text = running.artefact.review_length[split.review] > 0
    auc = {}
    for scale in [2. * multiple for multiple in calibration.LEXICAL]:
        variable.load(scale, session)
        answers = predictor(split.user, split.item, split.review)
        auc[scale] = np.nanmean(explanation.retrieval_auc(
            np.where(has_text, answers.own_score, np.nan), answers.outputs.personal, answers.item_slots > 0))
    assert chosen in auc and auc[chosen] >= max(auc.values()) - 1e-6
    assert max(auc.values()) > min(auc.values())


def test_calibration_never_worsens_the_ratings_of_its_split(running):
    split = running.artefact.train
    network, session = running.network, running.session

    def error():
        rating = running.predictor(split.user, split.item, split.review).outputs.rating
        return np.mean((rating - split.rating) ** 2)

    calibration.fit_votes(HeldOut(running.predictor, split))
    with_votes = error()
    network.vote_gain.load(0., session)
    assert with_votes <= error() + 1e-6


def test_the_first_review_that_each_mix_shows(running):
    predictor, corpus, split = running.predictor, running.corpus, running.artefact.train
    agreement, used = calibration.first_shown(HeldOut(predictor, split))
    answers = predictor(split.user, split.item, split.review)
    outputs, slots = answers.outputs, answers.item_slots
    for row, own in enumerate(split.review):
        columns = np.nonzero(slots[row])[0]
        assert used[row] == (len(columns) > 1 and running.artefact.review_length[own] > 0)
        if not used[row]:
            continue
        for mix, agreed in zip(MIXES, agreement[:, row]):
            scores = (1 - mix) * outputs.personal[row] + mix * outputs.useful[row]
            first = slots[row, max(columns, key=lambda column: scores[column])]
            wanted = corpus.bags[first].dot(corpus.bags[own].T).toarray().item()
            assert agreed == pytest.approx(wanted, abs=1e-6)
    assert used.any() and not used.all()


@pytest.mark.parametrize("name", ["drawing", "original"])
def test_a_network_without_these_variables_is_not_calibrated(name):
    running = Running(named(name))
    predictor = Predictor(running.network, running.corpus, running.session)
    assert calibration.calibrate(HeldOut(predictor, running.artefact.validation)) == {}
