"""Calibration: kappa, beta, then p, g and k are chosen on validation data, once, at the end of training.

`kappa` weighs the TF-IDF similarity against the learned part of the personal score. Training hardly changes it, and the
best value differs between corpora: the value is taken whose personal score retrieves most own reviews.

`beta` mixes the personal score with the usefulness into the one weight that both the rating and the web page use. It is
the smallest value whose first shown review is, within one standard error of the best value, as similar to the user's
own review (the one-standard-error rule: Breiman et al., "Classification and regression trees", 1984, section 3.4.3).
The smallest is taken because the curve is flat, and its maximum can leave the personal part almost no weight. Values
whose votes rate significantly worse than the best are excluded first.

Then the sharpness `p` of the weights, and gain `g` and shrinkage `k` of the votes are fitted to the ratings.

All values are compared on the same pairs, so standard errors are those of paired differences: pairs differ in
difficulty far more than the values differ on one pair.
"""
from typing import NamedTuple

import numpy as np
from tqdm import tqdm

from metrics import explanation

MIXES = np.linspace(0, 1, 21)  # values of beta
LEXICAL = (0., .25, .5, .75, 1., 1.5, 2., 3.)  # values of kappa, as multiples of the learned one
SHARPNESSES = np.linspace(-1, 0, 5)  # values of p; 0 is the sharpness of training, weights at -1 are flatter
SHRINKS = (0., 2., 8.)  # values of k
SIGNIFICANT = 1.645  # standard errors; one-sided test at 95 %


class HeldOut:
    """Held-out pairs that a network is evaluated on again and again while its variables change.

    Args:
      predictor: Predictor.
      split: Split; the pairs' own reviews are left out of all inputs.
    """

    def __init__(self, predictor, split):
        self.predictor, self.split = predictor, split
        self.network, self.session, self.corpus = predictor.network, predictor.session, predictor.corpus
        self.batches = list(predictor.batches(split.user, split.item, split.review))
        self.has_text = self.corpus.artefact.review_length[split.review] > 0

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
    """Sets kappa, beta, p, g and k of the network to the values that suit held-out pairs best.

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
        errors = rating_errors(held) if network.config.review_votes else None
        chosen["mix"] = choose_mix(*first_shown(held), errors)
        held.load(network.mix, chosen["mix"])
    if network.config.review_votes:
        chosen.update(fit_votes(held))
    return chosen


def choose_lexical_scale(held):
    """Returns the kappa whose personal score has the largest own-review AUC; the learned one if no review has text."""
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
    means = [explanation.mean(values) or 0. for values in auc]
    return learned * LEXICAL[int(np.argmax(means))] if any(means) else learned


def first_shown(held):
    """Returns (agreement [mixes, n], pairs that count [n]): similarity of the first review shown to the own review."""
    agreement, several = np.empty((len(MIXES), len(held.has_text)), np.float32), np.empty(len(held.has_text), bool)
    for answer in held.answers():
        rows, outputs, real = answer.rows, answer.outputs, answer.item_slots > 0
        several[rows] = real.sum(1) > 1
        likeness = held.corpus.likeness(answer.item_slots, held.corpus.bags[held.split.review[rows]])
        for number, mix in enumerate(MIXES):
            shown = (1 - mix) * outputs.personal + mix * outputs.useful
            first = np.where(real, shown, -np.inf).argmax(1)
            agreement[number, rows] = likeness[np.arange(len(rows)), first]
    return agreement, several & held.has_text


def rating_errors(held):
    """Returns the squared error [mixes, n] of the ratings, with the votes fitted anew for each of MIXES."""
    errors = []
    for mix in tqdm(MIXES, "calibrate beta", unit="value", leave=False, disable=None):
        held.load(held.network.mix, mix)
        errors.append(min((fit.error for fit in vote_fits(held, SHARPNESSES[::2])), key=np.mean))
    return np.array(errors)


def choose_mix(agreement, used, errors=None):
    """Returns the smallest mix within one standard error of the best agreement that does not rate significantly worse.

    Args:
      agreement: [mixes, n], from `first_shown`.
      used: [n] bool, pairs whose agreement counts.
      errors: [mixes, n] squared error of the ratings; None: all mixes rate equally well.
    """
    if used.sum() < 2:
        return 0.
    losses, rates_well = -agreement[:, used], np.ones(len(MIXES), bool)
    if errors is not None:
        least = errors[errors.mean(1).argmin()]
        rates_well = np.array([near(error, least, SIGNIFICANT) for error in errors])
    best = losses[np.where(rates_well, losses.mean(1), np.inf).argmin()]
    return float(min(mix for mix, well, loss in zip(MIXES, rates_well, losses) if well and near(loss, best)))


def near(losses, best, errors=1.):
    """Whether losses [n] are as low as `best` [n], within `errors` standard errors of the paired difference."""
    difference = losses - best
    return difference.mean() <= errors * difference.std() / np.sqrt(max(len(difference) - 1, 1))


class VoteFit(NamedTuple):
    """Values of p, g and k, and how well they predict the ratings."""
    sharpness: float  # p
    gain: float  # g
    shrink: float  # k
    error: np.ndarray  # [n] squared error of each validation rating


def fit_votes(held):
    """Sets p, g and k to the result of `choose_votes`; returns {name: value}."""
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
