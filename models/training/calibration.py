"""Calibration at the end of training: kappa, the weights of what is shown, then p, g and k, chosen on validation data.

`kappa` weighs the TF-IDF similarity against the learned part of the personal score. Training hardly changes it, and the
best value differs between corpora: the value is taken whose personal score retrieves most own reviews.

The attention weight, which both the rating and the web page use, mixes the personal score `s` with what makes a review
useful to all users: typicality, length and commonness, with the weights `beta`, `w_1`, `w_2` and `w_3`. They are those
under which the attention over an item's reviews is nearest to `softmax_l(cos(own, l) / 0.03)`, by cross-entropy: the
review that is most similar to what the user goes on to write has the most attention. The problem is convex, so that few
validation pairs suffice, and the simple rules (TF-IDF, the most typical review, the longest) are among its solutions.
A search for the best similarity of the first shown review itself is not smooth, and varied more between splits.
Where ratings differ by what the user cares about, they suffer from too much usefulness in the mix: `beta` is lowered
until they are at most 2 % worse than the best.

Then the sharpness `p` of the weights, and gain `g` and shrinkage `k` of the votes are fitted to the ratings.

Standard errors are those of paired differences: pairs differ in difficulty far more than the values differ on one pair.
"""
from typing import NamedTuple

import numpy as np
from scipy import optimize

from metrics import explanation
from models.network.tower import LIKENESS

LEXICAL = (0., .25, .5, .75, 1., 1.5, 2., 3.)  # values of kappa, as multiples of the learned one
SHARPNESSES = np.linspace(-2, 0, 5)  # values of p; 0 is the sharpness of training, weights at -2 are flatter
PARTS_OF_MIX = (1., .8, .6, .4, .2, 0.)  # of the fitted beta
RATES_AS_WELL = 1.02  # times the least RMSE
SHRINKS = (0., 2., 8.)  # values of k
NEAREST = .03  # similarity to the own review that is worth a factor e of attention
RIDGE = 1e-3  # times the sum of squares of the weights of what is shown, whose parts have a spread of 1


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
    """Sets kappa, beta, w_1, w_2, w_3, p, g and k of the network to the values that suit held-out pairs best.

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
        shown = fit_shown(shown_parts(held))
        load_shown(held, shown)
        if network.config.review_votes:
            shown = shown._replace(mix=shown.mix * choose_part(rating_errors(held, shown.mix)))
            load_shown(held, shown)
        chosen.update(shown._asdict())
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


class Shown(NamedTuple):
    """The weights of what is shown, by the names of the network's variables."""
    mix: float  # beta
    typicality_scale: float  # w_1
    length_scale: float  # w_2
    commonness_scale: float  # w_3


class ShownParts(NamedTuple):
    """The parts of what is shown, of all reviews of held-out pairs, side by side. `n` pairs, `m` reviews."""
    parts: np.ndarray  # [m, 4]: s, and the factors of w_1, w_2 and w_3 in c
    likeness: np.ndarray  # [m] TF-IDF similarity to the pair's own review
    start: np.ndarray  # [n+1], the reviews of pair i are start[i] to start[i+1], at least two


def shown_parts(held):
    """Returns the ShownParts of the pairs whose own review has text and whose item has several reviews."""
    inputs, rows = held.predictor.inputs, []
    for batch, answer in zip(held.batches, held.answers()):
        real = (answer.item_slots > 0) & held.has_text[answer.rows][:, np.newaxis]
        real &= real.sum(1, keepdims=True) > 1  # [b, R]
        likeness = held.corpus.likeness(answer.item_slots, held.corpus.bags[held.split.review[answer.rows]])
        typicality, log_words, commonness = (batch.fed[part] for part in (
            inputs.typicality, inputs.log_words, inputs.commonness))
        parts = np.stack([answer.outputs.personal, typicality / LIKENESS, log_words - 3.5, commonness / LIKENESS], -1)
        rows.append((parts[real], likeness[real], real.sum(1)[real.any(1)]))
    parts, likeness, count = map(np.concatenate, zip(*rows)) if rows else (np.zeros((0, 4)), np.zeros(0), np.zeros(0))
    return ShownParts(parts.astype(np.float64), likeness, np.concatenate([[0], np.cumsum(count)]).astype(int))


def fit_shown(shown):
    """Returns the Shown whose attention is nearest to the likeness to the own review.

    Without pairs, or where no part tells anything, the personal score alone is shown.

    Args:
      shown: ShownParts.
    """
    start, count = shown.start[:-1], np.diff(shown.start)
    if not len(count):
        return Shown(0., 0., 0., 0.)
    mean = np.add.reduceat(shown.parts, start) / count[:, np.newaxis]
    variance = np.add.reduceat((shown.parts - mean.repeat(count, 0)) ** 2, start) / count[:, np.newaxis]
    spread = np.sqrt(variance).mean(0)  # [4]
    varies = spread > 1e-9  # a part that is the same for all reviews has no influence
    spread[~varies] = 1
    target = _softmax(shown.likeness / NEAREST, start, count)
    weights = varies * optimize.minimize(
        _cross_entropy, np.full(4, .5), (shown.parts / spread, target, start, count), jac=True,
        bounds=[(0, None)] * 4, method="L-BFGS-B").x
    if weights.sum() < 1e-6:
        return Shown(0., 0., 0., 0.)
    mix = weights[1:].sum() / weights.sum()
    scales = spread[0] / spread[1:] * weights[1:] / max(weights[1:].sum(), 1e-9)  # c has the spread of s
    return Shown(float(mix), *(float(scale) for scale in scales))


def load_shown(held, shown):
    """Gives the network's variables the values of a Shown."""
    for name, value in shown._asdict().items():
        held.load(getattr(held.network, name), value)


def rating_errors(held, mix):
    """Returns the root mean squared error of the ratings for each of PARTS_OF_MIX of a mix, with the votes fitted."""
    errors = []
    for part in PARTS_OF_MIX if mix else (1.,):
        held.load(held.network.mix, part * mix)
        errors.append(min(np.sqrt(fit.error.mean()) for fit in vote_fits(held, SHARPNESSES[::2])))
    return errors


def choose_part(errors):
    """Returns the largest of PARTS_OF_MIX that rates as well as the best."""
    return next(part for part, error in zip(PARTS_OF_MIX, errors) if error <= RATES_AS_WELL * min(errors))


def _cross_entropy(weights, parts, target, start, count):
    """Returns the mean cross-entropy of the attention `softmax(parts @ weights)` and the target, and its gradient."""
    logits = parts @ weights
    attention = _softmax(logits, start, count)
    loss = -(target * np.log(np.maximum(attention, 1e-300))).sum() / len(count) + RIDGE * weights @ weights
    return loss, (attention - target) @ parts / len(count) + 2 * RIDGE * weights


def _softmax(logits, start, count):
    """Returns the softmax over each pair's reviews [m]."""
    exponential = np.exp(logits - np.maximum.reduceat(logits, start).repeat(count))
    return exponential / np.add.reduceat(exponential, start).repeat(count)


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
