"""What is shown first: the weights of the personal score and of what makes a review useful to all users.

The attention weight, which both the rating and the web page use, mixes the personal score `s` and the TF-IDF similarity
to the user's reviews with typicality, length and the similarity to the expected words, with the weights `w_s`, `w_0`,
`beta`, `w_1`, `w_2` and `w_3`. They are those under which the attention over an item's reviews is nearest to
`softmax_l(cos(own, l) / 0.05)`, by cross-entropy: the review that is most similar to what the user goes on to write has
the most attention. The problem is convex, so that few validation pairs suffice. Each part alone is one of its
solutions: the personal score, the words, the most typical review, the longest, the most expected one. A
search for the best similarity of the first shown review itself is not smooth, and varied more between splits.

In a second form the personal side has a limit `m`: among reviews that are relevant enough to the user, the useful one
comes first, so that little weight of usefulness suffices. `calibration` chooses between both.
"""
from typing import NamedTuple

import numpy as np
from scipy import optimize

from models.network.layers import ENOUGH
from models.network.tower import LIKENESS

NEAREST = .05  # similarity to the own review that is worth a factor e of attention
RIDGE = 1e-3  # times the sum of squares of the weights, whose parts have a spread of 1
LIMIT = 75  # percentile of the personal side, over all reviews of all pairs, that is its limit m
SOFTNESS = .25  # T, in standard deviations of the personal side


class Weights(NamedTuple):
    """The weights of what is shown, by the names of the network's variables."""
    mix: float  # beta
    personal_scale: float  # w_s
    words_scale: float  # w_0
    typicality_scale: float  # w_1
    length_scale: float  # w_2
    expected_scale: float  # w_3
    enough: float = ENOUGH  # m
    softness: float = 1.  # T


PERSONAL = Weights(0., 1., 0., 0., 0., 0.)  # the personal score alone


class Parts(NamedTuple):
    """The parts of what is shown, of all reviews of held-out pairs, side by side. `n` pairs, `m` reviews."""
    parts: np.ndarray  # [m, 5]: s, and the factors of w_0, w_1, w_2 and w_3; 0 where the network has no such part
    likeness: np.ndarray  # [m] TF-IDF similarity to the pair's own review
    start: np.ndarray  # [n+1], the reviews of pair i are start[i] to start[i+1], at least two


def parts(held):
    """Returns the Parts of the pairs whose own review has text and whose item has several reviews."""
    inputs, batches = held.predictor.inputs, []
    for batch, answer in zip(held.batches, held.answers()):
        real = (answer.item_slots > 0) & held.has_text[answer.rows][:, np.newaxis]  # [b, R]
        likeness = held.corpus.likeness(answer.item_slots, held.corpus.bags[held.split.review[answer.rows]])
        lexical, typicality, log_words, expected = (batch.fed[part] for part in (
            inputs.lexical, inputs.typicality, inputs.log_words, inputs.expected))
        columns = np.stack([answer.outputs.personal, lexical * float(held.corpus.config.lexical_skip) / LIKENESS,
                            typicality / LIKENESS, log_words - 3.5, expected / LIKENESS], -1)
        batches.append(parts_of(columns, likeness, real))
    return _joined(batches)


def parts_of(columns, likeness, real):
    """Returns the Parts of pairs with several reviews.

    Args:
      columns: [n, R, 5] the parts, see Parts.
      likeness: [n, R] TF-IDF similarity to the pair's own review.
      real: [n, R] bool, slots that hold a review of a pair whose own review has text.
    """
    real = real & (real.sum(1, keepdims=True) > 1)
    count = real.sum(1)[real.any(1)]
    return Parts(columns[real].astype(np.float64), likeness[real], np.concatenate([[0], np.cumsum(count)]).astype(int))


def _joined(batches):
    """Returns the Parts of several Parts, one after another."""
    if not batches:
        return Parts(np.zeros((0, 5)), np.zeros(0), np.zeros(1, int))
    count = np.concatenate([np.diff(batch.start) for batch in batches])
    return Parts(np.concatenate([batch.parts for batch in batches]),
                 np.concatenate([batch.likeness for batch in batches]),
                 np.concatenate([[0], np.cumsum(count)]).astype(int))


def forms(held_out):
    """Returns the Weights of each form: without a limit of the personal side, and with one, where that can be fitted.

    Without pairs, or where no part tells anything, the personal score alone is shown.

    Args:
      held_out: Parts.
    """
    if not len(held_out.likeness):
        return [PERSONAL]
    spread = _spread(held_out, held_out.parts)
    share = _fit(held_out, held_out.parts, spread)
    if share.sum() < 1e-6:
        return [PERSONAL]
    linear = _of_shares(share, spread, spread[0])
    return [linear] + _with_limit(held_out, linear, spread[0])


def _with_limit(held_out, linear, unit):
    """Returns [Weights] whose personal side is that of `linear`, up to its limit; [] where no part tells anything.

    `unit` is the spread of both sides, as in `_of_shares`.
    """
    personal = linear.personal_scale * held_out.parts[:, 0] + linear.words_scale * held_out.parts[:, 1]
    enough, softness = np.percentile(personal, LIMIT), max(SOFTNESS * personal.std(), 1e-6)
    columns = held_out.parts.copy()
    columns[:, 0], columns[:, 1] = soft_minimum(personal, enough, softness), 0.
    spread = _spread(held_out, columns)
    share = _fit(held_out, columns, spread)
    if share.sum() < 1e-6:
        return []
    weights = _of_shares(share, spread, unit)
    scale = weights.personal_scale  # of the personal side with its limit: f softmin(x, m) = softmin(f x, f m)
    return [weights._replace(personal_scale=scale * linear.personal_scale, words_scale=scale * linear.words_scale,
                             enough=float(scale * enough), softness=float(scale * softness))]


def soft_minimum(values, limit, softness):
    """Returns what `layers.soft_minimum` computes, of an array."""
    return values - softness * np.logaddexp(0, (values - limit) / softness)


def first_likeness(held_out, weights):
    """Returns the similarity [n] to the own review of the review that Weights show first."""
    shown = logits(weights, held_out.parts)
    start, count = held_out.start[:-1], np.diff(held_out.start)
    highest = shown == np.maximum.reduceat(shown, start).repeat(count)  # a tie counts by its mean
    return np.add.reduceat(held_out.likeness * highest, start) / np.add.reduceat(highest.astype(float), start)


def logits(weights, parts):
    """Returns what `DeepRecSys.attention_logits` computes at rho = 0 [..], of parts [.., 5]."""
    personal = soft_minimum(weights.personal_scale * parts[..., 0] + weights.words_scale * parts[..., 1],
                            weights.enough, weights.softness)
    useful = parts[..., 2:] @ [weights.typicality_scale, weights.length_scale, weights.expected_scale]
    return (1 - weights.mix) * personal + weights.mix * useful


def _spread(held_out, columns):
    """Returns the standard deviation of each column [m, 5] within the reviews of a pair, mean over pairs: [5]."""
    start, count = held_out.start[:-1], np.diff(held_out.start)
    mean = np.add.reduceat(columns, start) / count[:, np.newaxis]
    variance = np.add.reduceat((columns - mean.repeat(count, 0)) ** 2, start) / count[:, np.newaxis]
    return np.sqrt(variance).mean(0)


def _fit(held_out, columns, spread):
    """Returns the weights [5] of the columns [m, 5], each divided by its spread [5], with the least cross-entropy."""
    start, count = held_out.start[:-1], np.diff(held_out.start)
    varies = spread > 1e-9  # a part that is the same for all reviews has no influence
    target = _softmax(held_out.likeness / NEAREST, start, count)
    return varies * optimize.minimize(
        _cross_entropy, np.full(5, .5), (columns / np.where(varies, spread, 1.), target, start, count), jac=True,
        bounds=[(0, None)] * 5, method="L-BFGS-B").x


def _of_shares(weights, spread, unit):
    """Returns the Weights of the weights [5] of the columns divided by their spread [5].

    Both sides of `beta`, the user's and that of all users, have the spread `unit`, that of s.
    """
    share, spread = weights / weights.sum(), np.where(spread > 1e-9, spread, 1.)
    personal, common = share[:2].sum(), share[2:].sum()
    scales = (unit if unit > 1e-9 else 1.) / spread * share
    own = scales[:2] / personal if personal > 1e-9 else np.array([1., 0.])
    return Weights(float(common), *(float(scale) for scale in own),
                   *(float(scale) for scale in scales[2:] / max(common, 1e-9)))


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
