"""What is chosen once, at the end of training, on validation data: kappa, beta, then p, g and k.

`kappa` weighs plain words against what was learned; a few hundred steps hardly move it, and corpora differ:
the one whose personal score finds most own reviews. `beta` mixes the personal and the impersonal score into
the one weight that rating and page use. It is the smallest whose first shown review agrees, within one
standard error of the best, with what the shopper went on to write (the one-standard-error rule: Breiman et
al., "Classification and regression trees", 1984, section 3.4.3; the curve is flat, and its plain maximum can
drown the personal part), among those whose votes do not surely rate worse than the best: the one weight serves
both. Then the sharpness `p` of the weights, and gain `g` and shrinkage `k` of the votes are fitted to the
ratings. All mixes and fits answer the same pairs, so that an error is that of the paired difference: what makes
one pair harder than another is common to all of them, and far larger.
"""
from typing import NamedTuple

import numpy as np

from metrics import explanation

MIXES = np.linspace(0, 1, 21)
LEXICAL = (0., .25, .5, .75, 1., 1.5, 2., 3.)  # multiples of the kappa that was learned
SHARPNESSES = np.linspace(-1, 0, 5)  # from weights that still tell reviews apart to the sharpness of training
SHRINKS = (0., 2., 8.)
SURELY = 1.645  # standard errors: one-sided, 95 %


class HeldOut:
    """Held-out pairs, about which a network is asked again and again.

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
        """Yields (rows [b], Outputs, own_score [b], item slots, user slots) of the network as it is now."""
        return self.predictor.answers(self.batches)

    def load(self, variable, value):
        variable.load(value, self.session)


def calibrate(predictor, split):
    """Sets kappa, beta, p, g and k of the predictor's network to what suits a split of held-out pairs best.

    Returns:
      {name: value} of what was set; {} for a network with none of them.
    """
    network, chosen, held = predictor.network, {}, HeldOut(predictor, split)
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
    """The kappa by which the personal score finds most of the own reviews; the learned one if none has words."""
    variable = held.network.item.lexical_scale
    learned = float(held.session.run(variable))
    held.load(variable, 0.)  # the score is linear in kappa
    rest = [(own, outputs.personal) for _, outputs, own, _, _ in held.answers()]
    held.load(variable, learned)
    found = np.empty((len(LEXICAL), len(held.has_text)))
    for (own_rest, rest), (rows, outputs, own, item_slots, _) in zip(rest, held.answers()):
        own_rest = np.where(held.has_text[rows], own_rest, np.nan)
        for number, multiple in enumerate(LEXICAL):
            found[number, rows] = explanation.retrieval_auc(
                own_rest + multiple * (own - own_rest), rest + multiple * (outputs.personal - rest), item_slots > 0)
    means = [explanation.mean(multiple) or 0. for multiple in found]
    return learned * LEXICAL[int(np.argmax(means))] if any(means) else learned


def first_shown(held):
    """Likeness to the own review of the first review that each mix would show: [mixes, n], and the pairs used."""
    agreement, several = np.empty((len(MIXES), len(held.has_text)), np.float32), np.empty(len(held.has_text), bool)
    for rows, outputs, _, item_slots, _ in held.answers():
        real = item_slots > 0
        several[rows] = real.sum(1) > 1
        likeness = held.corpus.likeness(item_slots, held.corpus.bags[held.split.review[rows]])
        for number, mix in enumerate(MIXES):
            shown = (1 - mix) * outputs.personal + mix * outputs.useful
            first = np.where(real, shown, -np.inf).argmax(1)
            agreement[number, rows] = likeness[np.arange(len(rows)), first]
    return agreement, several & held.has_text


def rating_errors(held):
    """Squared error [mixes, n] of the ratings, votes fitted to each of MIXES."""
    errors = []
    for mix in MIXES:
        held.load(held.network.mix, mix)
        errors.append(min((fit.error for fit in vote_fits(held, SHARPNESSES[::2])), key=np.mean))
    return np.array(errors)


def choose_mix(agreement, used, errors=None):
    """The smallest mix within one standard error of the best agreement, of those that do not surely rate worse.

    Args:
      agreement: [mixes, n] of MIXES.
      used: [n] bool, pairs whose agreement counts.
      errors: [mixes, n] squared error of the ratings; None: all mixes rate alike.
    """
    if used.sum() < 2:
        return 0.
    losses, rates = -agreement[:, used], np.ones(len(MIXES), bool)
    if errors is not None:
        least = errors[errors.mean(1).argmin()]
        rates = np.array([near(error, least, SURELY) for error in errors])
    best = losses[np.where(rates, losses.mean(1), np.inf).argmin()]
    return float(min(mix for mix, rated, loss in zip(MIXES, rates, losses) if rated and near(loss, best)))


def near(losses, best, errors=1.):
    """Whether losses [n] are as low as the best [n], within so many standard errors of the paired difference."""
    difference = losses - best
    return difference.mean() <= errors * difference.std() / np.sqrt(max(len(difference) - 1, 1))


class VoteFit(NamedTuple):
    sharpness: float  # p
    gain: float  # g
    shrink: float  # k
    error: np.ndarray  # [n] squared error of each validation rating


def fit_votes(held):
    """Sets p, g and k to `choose_votes` of the ratings; returns them by name."""
    network, chosen = held.network, choose_votes(list(vote_fits(held, SHARPNESSES)))
    for variable, value in ((network.sharpness, chosen.sharpness), (network.vote_gain, chosen.gain),
                            (network.vote_shrink, chosen.shrink)):
        held.load(variable, value)
    return {"sharpness": chosen.sharpness, "vote_gain": chosen.gain, "vote_shrink": chosen.shrink}


def vote_fits(held, sharpnesses):
    """Yields the VoteFit of each sharpness and each of SHRINKS."""
    network, rating = held.network, held.split.rating
    held.load(network.vote_gain, 1.)
    held.load(network.vote_shrink, 0.)
    for sharpness in sharpnesses:
        held.load(network.sharpness, sharpness)
        vote, squares, rated = np.empty((3, len(rating)), np.float32)
        for rows, outputs, _, _, _ in held.answers():
            vote[rows], rated[rows] = outputs.votes.sum(1), outputs.rating
            squares[rows] = (outputs.item_weights ** 2).sum(1)
        for shrink in SHRINKS:
            yield fit_gain(sharpness, shrink, vote / (1 + shrink * squares), rating - (rated - vote))


def fit_gain(sharpness, shrink, vote, rest):
    """The least gain within one standard error of the least-squares gain of votes [n] for what is left [n]."""
    power = max(float(vote @ vote), 1e-9)
    gain = float(vote @ rest) / power
    error = np.sqrt(np.mean((rest - gain * vote) ** 2) / power)
    gain = max(0., gain - error)
    return VoteFit(float(sharpness), float(gain), float(shrink), (rest - gain * vote) ** 2)


def choose_votes(fits):
    """The sharpest weights within one standard error of the fit of the least squared error."""
    best = min(fits, key=lambda fit: fit.error.mean())
    as_good = [fit for fit in fits if near(fit.error, best.error)]
    return min(as_good, key=lambda fit: (-fit.sharpness, fit.error.mean()))
