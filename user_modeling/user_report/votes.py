"""Do the votes of readers agree with who is said to write helpful reviews? No method learns from them.

The users with enough votes are split at random into two halves. The method that agrees best with the votes of one half
makes the list, and the other half measures all methods. A user's votes are those of all their training reviews
together; the target is Wilson's lower bound of the share of helpful ones (`metrics/helpfulness.py`).
"""
from typing import NamedTuple

import numpy as np
from scipy.stats import rankdata

from metrics.helpfulness import VOTES, wilson
from user_modeling import helpful_reviewers

FEWEST = 40  # users with VOTES votes or more that are needed
TOP = .1  # share of the users that counts as the best ones
DRAWS = 1000  # bootstrap samples of users


class Votes(NamedTuple):
    """Votes on training reviews, [U] each."""
    up: np.ndarray
    total: np.ndarray


class Agreement(NamedTuple):
    """How the methods agree with votes."""
    chosen: str  # method that makes the list
    why: str  # a sentence
    choosing: dict  # {method: Spearman's rho} on the half that chooses
    measured: dict  # {method: {"spearman", "auc": [value, low, high]}} on the other half
    users: int  # of that half


def read(connection, rows, users):
    """Returns (Votes of training reviews, None) from a catalogue, or (None, why there are none).

    The votes of a review that has more helpful votes than votes are not counted.

    Args:
      rows: [n] rows of the training reviews.
      users: number of users.
    """
    counted, chosen, known = np.zeros((2, users)), set(rows.tolist()), [0, 0]
    for row, user, up, total in connection.execute("SELECT review, user, helpful_up, helpful_total FROM reviews"):
        known = [known[0] + (up is not None), known[1] + (total is not None)]
        if row in chosen and (up or 0) <= (total or 0):  # some data sets hold more helpful votes than votes by mistake
            counted[:, user] += up or 0, total or 0
    if counted[1].any():
        return Votes(*counted), None
    return None, ("its reviews have helpful votes, but not how many readers voted" if known[0] and not known[1]
                  else "its reviews have no votes")


def agree(scores, votes, absent, random):
    """Returns the Agreement of {method: Scores} with Votes.

    Args:
      votes: None where there are none; then `absent` says why.
    """
    usual = f"the list is by {helpful_reviewers.DEFAULT}, which votes chose on the real corpora that have them"
    if votes is None:
        why = f"The data cannot say who is helpful ({absent}); {usual}."
        return Agreement(helpful_reviewers.DEFAULT, why, {}, {}, 0)
    enough = votes.total >= VOTES
    for one in scores.values():
        enough &= np.isfinite(one.bound)
    users = random.permutation(np.flatnonzero(enough))
    if len(users) < FEWEST:
        why = f"Only {len(users)} users have {VOTES} votes or more, fewer than {FEWEST}; {usual}."
        return Agreement(helpful_reviewers.DEFAULT, why, {}, {}, 0)
    target = wilson(votes.up, votes.total)
    first, second = np.array_split(users, 2)
    choosing = {name: float(_spearman(one.bound[None, first], target[None, first])[0])
                for name, one in scores.items()}
    if not any(np.isfinite(value) for value in choosing.values()):
        return Agreement(helpful_reviewers.DEFAULT, f"The votes are the same for all users; {usual}.", {}, {}, 0)
    best = max(choosing, key=lambda name: np.nan_to_num(choosing[name], nan=-np.inf))
    draws = random.randint(0, len(second), (DRAWS, len(second)))
    measured = {name: {"spearman": _interval(_spearman, one.bound[second], target[second], draws),
                       "auc": _interval(_auc, one.bound[second], target[second], draws)}
                for name, one in scores.items()}
    return Agreement(best, _reason(best, choosing), choosing, measured, len(second))


def _reason(best, choosing):
    own = helpful_reviewers.ATTENTION
    if best == own:
        return f"The list is by {own}: on half of the users it agrees best with the votes (rho {choosing[own]:.2f})."
    return (f"The list is by {best}: on half of the users it agrees with the votes (rho {choosing[best]:.2f}) better "
            f"than the corrected attention does (rho {choosing[own]:.2f}).")


def _interval(measure, values, target, draws):
    """[value, low, high] of the 95 % bootstrap interval over users; None where it is not defined."""
    value = float(measure(values[None], target[None])[0])
    found = measure(values[draws], target[draws])
    found = found[np.isfinite(found)]
    if not np.isfinite(value) or not len(found):
        return None
    return [value] + [float(one) for one in np.percentile(found, [2.5, 97.5])]


def _spearman(values, target):
    """Spearman's rho [d] of rows [d, n] of values and target; NaN where either is constant."""
    ranks = [_ranks(part) for part in (values, target)]
    left, right = (part - part.mean(axis=1, keepdims=True) for part in ranks)
    with np.errstate(invalid="ignore", divide="ignore"):
        return (left * right).sum(axis=1) / np.sqrt((left ** 2).sum(axis=1) * (right ** 2).sum(axis=1))


def _auc(values, target):
    """AUC [d] of values [d, n] for being among the TOP of the targets [d, n]; NaN where all or none are."""
    best = target >= np.quantile(target, 1 - TOP, axis=1)[:, None]
    count, size = best.sum(axis=1), target.shape[1]
    with np.errstate(invalid="ignore", divide="ignore"):
        return ((_ranks(values) * best).sum(axis=1) - count * (count + 1) / 2) / (count * (size - count))


def _ranks(values):
    return np.stack([rankdata(row) for row in values])
