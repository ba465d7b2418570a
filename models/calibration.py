"""What is chosen once, at the end of training, on validation data: kappa, beta, then p, g and k.

`kappa` weighs plain words against what was learned; a few hundred steps hardly move it, and corpora differ:
the one whose personal score finds most own reviews. `beta` mixes the personal and the impersonal score into
the one weight that rating and page use. It is the smallest whose first shown review agrees, within one
standard error of the best, with what the shopper went on to write (the one-standard-error rule: Breiman et
al., "Classification and regression trees", 1984, section 3.4.3; the curve is flat, and its plain maximum can
drown the personal part). Then the sharpness `p` of the weights, and gain `g` and shrinkage `k` of the votes
are fitted to the ratings.
"""
from typing import NamedTuple

import numpy as np

from evaluation import explanation

MIXES = np.linspace(0, 1, 21)
LEXICAL = (0., .25, .5, .75, 1., 1.5, 2., 3.)  # multiples of the kappa that was learned
SHARPNESSES = np.linspace(-3, 0, 7)  # up to the sharpness of training
SHRINKS = (0., 2., 8.)


def calibrate(predictor, split):
    """Sets kappa, beta, p, g and k of the predictor's network to what suits the ratings of a split best.

    Args:
      predictor: Predictor.
      split: Split of held-out pairs.

    Returns:
      {name: value} of what was set; {} for a network with neither usefulness nor votes.
    """
    network, chosen = predictor.network, {}
    if network.config.lexical_skip:
        chosen["lexical_scale"] = choose_lexical_scale(predictor, split)
        network.item.lexical_scale.load(chosen["lexical_scale"], predictor.session)
    if network.config.usefulness:
        chosen["mix"] = choose_mix(*first_shown(predictor, split))
        network.mix.load(chosen["mix"], predictor.session)
    if network.config.review_votes:
        chosen.update(fit_votes(predictor, split))
    return chosen


def choose_lexical_scale(predictor, split):
    """The kappa by which the personal score finds most of the split's own reviews; the learned one if none has
    words."""
    variable, session = predictor.network.item.lexical_scale, predictor.session
    learned = float(session.run(variable))
    scored = []
    for scale in (0., learned):  # the score is linear in kappa
        variable.load(scale, session)
        outputs, own, item_slots, _ = predictor(split.user, split.item, split.review)
        scored.append((np.where(predictor.corpus.artefact.review_length[split.review] > 0, own, np.nan),
                       outputs.personal))
    (own_rest, rest), (own_whole, whole) = scored
    found = [explanation.mean(explanation.retrieval_auc(
        own_rest + multiple * (own_whole - own_rest), rest + multiple * (whole - rest), item_slots > 0)) or 0.
        for multiple in LEXICAL]
    return learned * LEXICAL[int(np.argmax(found))] if any(found) else learned


def first_shown(predictor, split):
    """Likeness to the own review of the first review that each mix would show: [mixes, n], and the pairs used."""
    corpus = predictor.corpus
    outputs, _, item_slots, _ = predictor(split.user, split.item, split.review)
    real = item_slots > 0
    used = (real.sum(1) > 1) & (corpus.artefact.review_length[split.review] > 0)
    likeness = corpus.likeness(item_slots, corpus.bags[split.review])
    shown = [(1 - mix) * outputs.personal + mix * outputs.useful for mix in MIXES]
    first = [np.where(real, scores, -np.inf).argmax(1) for scores in shown]
    return np.array([likeness[np.arange(len(place)), place] for place in first]), used


def choose_mix(agreement, used):
    """The smallest mix within one standard error of the best.

    Args:
      agreement: [mixes, n] of MIXES.
      used: [n] bool, pairs that count.
    """
    if used.sum() < 2:
        return 0.
    means = agreement[:, used].mean(1)
    best = means.argmax()
    error = agreement[best, used].std(ddof=1) / np.sqrt(used.sum())
    return float(MIXES[np.nonzero(means >= means[best] - error)[0][0]])


class VoteFit(NamedTuple):
    sharpness: float  # p
    gain: float  # g
    shrink: float  # k
    error: np.ndarray  # [n] squared error of each validation rating


def fit_votes(predictor, split):
    """Sets p, g and k to `choose_votes` of validation; returns them by name."""
    network, session = predictor.network, predictor.session
    fits = []
    network.vote_gain.load(1., session)
    network.vote_shrink.load(0., session)
    for sharpness in SHARPNESSES:
        network.sharpness.load(sharpness, session)
        outputs = predictor(split.user, split.item, split.review)[0]
        vote = outputs.votes.sum(1)
        for shrink in SHRINKS:
            raised = vote / (1 + shrink * (outputs.item_weights ** 2).sum(1))
            fits.append(fit_gain(sharpness, shrink, raised, split.rating - (outputs.rating - vote)))
    chosen = choose_votes(fits)
    for variable, value in ((network.sharpness, chosen.sharpness), (network.vote_gain, chosen.gain),
                            (network.vote_shrink, chosen.shrink)):
        variable.load(value, session)
    return {"sharpness": chosen.sharpness, "vote_gain": chosen.gain, "vote_shrink": chosen.shrink}


def fit_gain(sharpness, shrink, vote, rest):
    """The least gain within one standard error of the least-squares gain of votes [n] for what is left [n]."""
    power = max(float(vote @ vote), 1e-9)
    gain = float(vote @ rest) / power
    error = np.sqrt(np.mean((rest - gain * vote) ** 2) / power)
    gain = max(0., gain - error)
    return VoteFit(float(sharpness), float(gain), float(shrink), (rest - gain * vote) ** 2)


def choose_votes(fits):
    """The sharpest weights within one standard error of the fit of the least squared error.

    The error of the difference to the best is that of the paired differences, rating by rating.
    """
    best = min(fits, key=lambda fit: fit.error.mean())

    def near(fit):
        difference = fit.error - best.error
        return difference.mean() <= difference.std() / np.sqrt(len(difference))

    return min((fit for fit in fits if near(fit)), key=lambda fit: (-fit.sharpness, fit.error.mean()))
