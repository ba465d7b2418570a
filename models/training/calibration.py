"""Calibration at the end of training: kappa, the weights of what is shown, then rho, g and k, by validation data.

`kappa` weighs the TF-IDF similarity against the learned part of the personal score. Training hardly changes it, and the
best value differs between corpora: the least value is taken whose personal score retrieves as many own reviews as the
best.

`beta`, `w_s`, `w_0`, `w_1`, `w_2` and `w_3` weigh the parts of what is shown, and `m` limits the personal side
(`shown.py`). Where ratings differ by what the user cares about, they suffer from too much usefulness in the mix: `beta`
is lowered until they are at most 1 % worse than the best.

Then the sharpness `rho` of the weights, and gain `g` and shrinkage `k` of the votes are fitted to the ratings.

Standard errors are those of paired differences: pairs differ in difficulty far more than the values differ on one pair.
"""
from typing import NamedTuple

import numpy as np

from metrics import explanation
from models.training import shown, validation

LEXICAL = (0., .25, .5, 1., 2., 4., 8., 16.)  # values of kappa, as multiples of the learned one
SHARPNESSES = np.linspace(-2, 0, 5)  # values of rho; 0 is the sharpness of training, weights at -2 are flatter
PARTS_OF_MIX = (1., .8, .6, .4, .2, 0.)  # of the fitted beta
RATES_AS_WELL = 1.01  # times the least RMSE
SHRINKS = (0., 2., 8.)  # values of k


class HeldOut:
    """Held-out pairs that a network is evaluated on again and again while its variables change.

    Args:
      predictor: Predictor.
      split: Split, of which `validation.sample` is held out; the pairs' own reviews are left out of all inputs.
      seed: of the sample.
    """

    def __init__(self, predictor, split, seed):
        self.predictor, self.split = predictor, validation.sample(split, seed)
        self.network, self.session, self.corpus = predictor.network, predictor.session, predictor.corpus
        self.batches = list(predictor.batches(self.split.user, self.split.item, self.split.review))
        self.has_text = self.corpus.artefact.review_length[self.split.review] > 0

    def answers(self):
        """Yields the predictor.Answers of each batch, by the network as it is now."""
        return self.predictor.answers(self.batches)

    def ratings(self):
        """Returns the predicted ratings [n] in stars, by the network as it is now."""
        predicted = np.empty(len(self.split.rating), np.float32)
        for answer in self.answers():
            predicted[answer.rows] = answer.outputs.rating
        return predicted

    def load(self, variable, value):
        """Gives a variable of the network a value."""
        variable.load(value, self.session)


def calibrate(held):
    """Sets kappa, beta, w_s, w_0 to w_3, m, T, rho, g and k of the network to the values that suit held-out pairs best.

    Args:
      held: HeldOut.

    Returns:
      {name: value} of all that was set; {} for a network without these variables.
    """
    network, chosen = held.network, {}
    if network.config.lexical_skip:
        chosen["lexical_scale"] = choose_lexical_scale(held)
        held.load(network.item.lexical_scale, chosen["lexical_scale"])
    if network.config.usefulness:
        weights = choose_shown(held)
        load_shown(held, weights)
        chosen.update(weights._asdict())
    if network.config.review_votes:
        chosen.update(fit_votes(held))
    return chosen


def choose_lexical_scale(held):
    """Returns the least kappa whose own-review AUC is within one standard error of the largest; see LEXICAL.

    Among values that retrieve as well, the least leaves most to the attention, which reads more than equal words.
    Without a review with text it is the learned one.
    """
    variable = held.network.item.lexical_scale
    learned = float(held.session.run(variable))
    held.load(variable, 0.)  # the score is linear in kappa
    rest = [(answer.own_score, answer.outputs.personal) for answer in held.answers()]
    held.load(variable, learned)
    auc = np.empty((len(LEXICAL), len(held.has_text)))
    for (own_rest, rest), answer in zip(rest, held.answers()):
        own_rest = np.where(held.has_text[answer.rows], own_rest, np.nan)
        own_part, part = answer.own_score - own_rest, answer.outputs.personal - rest
        for number, multiple in enumerate(LEXICAL):
            auc[number, answer.rows] = explanation.retrieval_auc(
                own_rest + multiple * own_part, rest + multiple * part, answer.item_slots > 0)
    auc = auc[:, np.isfinite(auc).all(0)]
    if not auc.size:
        return learned
    best = auc[np.argmax(auc.mean(1))]
    return learned * next(multiple for multiple, values in zip(LEXICAL, auc) if near(-values, -best))


def choose_shown(held):
    """Returns the shown.Weights that suit held-out pairs best.

    `beta` is the largest part of what was fitted that leaves the ratings nearly as good as the best; see RATES_AS_WELL.
    Where that is less than all of it, the personal side may have a limit: `beta` is then the least whose first shown
    reviews are as similar to the own ones as with more, and this form is taken if they are as similar as without a
    limit, both within one standard error.
    """
    parts = shown.parts(held)
    linear, *limited = shown.forms(parts)
    chosen = _rated_as_well(held, linear)[0]
    if not limited or chosen.mix == linear.mix:
        return chosen
    allowed = [weights for weights in _rated_as_well(held, limited[0]) if weights.mix > 0]  # at 0 it changes no order
    likeness = [shown.first_likeness(parts, weights) for weights in allowed]
    if likeness:
        least = last_near(likeness)
        if near(-likeness[least], -shown.first_likeness(parts, chosen)):
            return allowed[least]
    return chosen


def _rated_as_well(held, weights):
    """Returns Weights with the allowed of PARTS_OF_MIX of their `beta`, the largest first."""
    if not held.network.config.review_votes:
        return [weights._replace(mix=weights.mix * part) for part in PARTS_OF_MIX]
    load_shown(held, weights)
    return [weights._replace(mix=weights.mix * part) for part in parts_that_rate_as_well(
        rating_errors(held, weights.mix))]


def load_shown(held, weights):
    """Gives the network's variables the values of shown.Weights."""
    for name, value in weights._asdict().items():
        held.load(getattr(held.network, name), value)


def rating_errors(held, mix):
    """Returns the root mean squared error of the ratings for each of PARTS_OF_MIX of a mix, with the votes fitted."""
    errors = []
    for part in PARTS_OF_MIX if mix else (1.,):
        held.load(held.network.mix, part * mix)
        errors.append(min(np.sqrt(fit.error.mean()) for fit in vote_fits(held, SHARPNESSES[::2])))
    return errors


def parts_that_rate_as_well(errors):
    """Returns those of PARTS_OF_MIX whose errors are nearly as low as the least."""
    return [part for part, error in zip(PARTS_OF_MIX, errors) if error <= RATES_AS_WELL * min(errors)]


def last_near(values):
    """Returns the number of the last of some arrays [n] whose mean is within a standard error of the largest."""
    largest = max(values, key=np.mean)
    return max(number for number, each in enumerate(values) if near(-each, -largest))


def near(losses, best, errors=1.):
    """Whether losses [n] are as low as `best` [n], within `errors` standard errors of the paired difference."""
    difference = losses - best
    return difference.mean() <= errors * difference.std() / np.sqrt(max(len(difference) - 1, 1))


class VoteFit(NamedTuple):
    """Values of rho, g and k, and how well they predict the ratings."""
    sharpness: float  # rho
    gain: float  # g
    shrink: float  # k
    error: np.ndarray  # [n] squared error of each validation rating


def fit_votes(held):
    """Sets rho, g and k to the result of `choose_votes`; returns {name: value}."""
    network, chosen = held.network, choose_votes(list(vote_fits(held, SHARPNESSES)))
    for variable, value in ((network.sharpness, chosen.sharpness), (network.vote_gain, chosen.gain),
                            (network.vote_shrink, chosen.shrink)):
        held.load(variable, value)
    return {"sharpness": chosen.sharpness, "vote_gain": chosen.gain, "vote_shrink": chosen.shrink}


def vote_fits(held, sharpnesses):
    """Yields the VoteFit of each of the sharpnesses and each of SHRINKS, with the gain fitted."""
    network, rating = held.network, held.split.rating
    held.load(network.vote_gain, 1.)
    held.load(network.vote_shrink, 0.)
    for sharpness in sharpnesses:
        held.load(network.sharpness, sharpness)
        vote, squares, rated = np.empty((3, len(rating)), np.float32)
        for answer in held.answers():
            rows, outputs = answer.rows, answer.outputs
            vote[rows], rated[rows] = outputs.votes.sum(1), outputs.rating
            squares[rows] = (outputs.item_weights ** 2).sum(1)
        for shrink in SHRINKS:
            yield fit_gain(sharpness, shrink, vote / (1 + shrink * squares), rating - (rated - vote))


def fit_gain(sharpness, shrink, vote, rest):
    """Returns the VoteFit with the least gain within one standard error of the least-squares gain.

    Args:
      vote: [n] sum of the votes of each pair at gain 1.
      rest: [n] given stars minus the rating without votes.
    """
    power = max(float(vote @ vote), 1e-9)
    gain = float(vote @ rest) / power
    error = np.sqrt(np.mean((rest - gain * vote) ** 2) / power)
    gain = max(0., gain - error)
    return VoteFit(float(sharpness), float(gain), float(shrink), (rest - gain * vote) ** 2)


def choose_votes(fits):
    """Returns the fit of the sharpest weights within one standard error of the least squared error."""
    best = min(fits, key=lambda fit: fit.error.mean())
    as_good = [fit for fit in fits if near(fit.error, best.error)]
    return min(as_good, key=lambda fit: (-fit.sharpness, fit.error.mean()))
