"""Faithfulness of the order of items: whether the reviews and purchases that are said to rank an item do rank it.

For the first items of a user, the part with the largest share is left out, and each other part in its place; and the
users' lists are measured on other users. `docs/evaluation.md` defines the measures.
"""
import numpy as np

from metrics import counterfactual, explanation, ranking, significance
from models.ranking import evidence

NAME = "ranking_faithfulness"  # of the arrays in pairs.npz
USERS, ITEMS = 500, 10  # whose orders are measured, and how many first items of each
OTHERS = 8  # other users whose orders are measured on each user
K = 10  # of the nDCG of swapped users
CHUNK, BLOCK = 32, 64  # users scored at a time, purchases left out at a time
REVIEW, PURCHASE, SWAPPED = "review", "purchase", "swapped"


def measured(order, held, popular, random):
    """The measures of an order, with those of its controls.

    Args:
      order: CatalogueOrder.
      held: HeldOut of the users with test items.
      popular: [m] nDCG@10 of the list "most popular" for these users.
      random: RandomState, for the choice of users.

    Returns:
      {REVIEW, PURCHASE, SWAPPED: {"value", "control": [m]}}; NaN where a measure is not defined for a user, as for
      those who were not chosen. REVIEW and PURCHASE are mean places moved, SWAPPED is nDCG@10.
    """
    rows = np.sort(random.permutation(len(held.users))[:USERS])
    part, y = held.of_users(rows), np.empty((len(rows), order.items), np.float32)
    moves = {REVIEW: [], PURCHASE: []}
    for start in range(0, len(rows), CHUNK):
        users = part.users[start:start + CHUNK]
        y[start:start + CHUNK] = order(users)
        spoken = None if order.scores is None else order.scores(users)
        for number, user in enumerate(users):
            scores = np.where(part.in_training[start + number], -np.inf, y[start + number])
            top = first_items(scores)
            moves[REVIEW].append((np.nan, np.nan) if spoken is None else moves_of_reviews(
                scores, top, spoken[number], order, user))
            moves[PURCHASE].append(moves_of_purchases(scores, top, order.purchases[user].indices, order.order.matrix))
    moves[SWAPPED] = np.stack([swapped(y, part, random), popular[rows]], 1)
    return {name: {key: explanation.at_rows(column, rows, len(held.users)) for key, column in zip(
        ("value", "control"), np.reshape(values, (-1, 2)).T)} for name, values in moves.items()}


def records(values, users, random):
    """{name: {"value", "control": mean, "users": whom it is defined for, "difference": of both, with its interval}}.

    Args:
      values: of `measured`. A measure that is not defined for any user is left out, and a difference that is defined
        for fewer than `significance.LEAST_USERS` users.
      users: [m].
      random: RandomState, for the intervals.
    """
    bootstrap, found = significance.Bootstrap(users, random), {}
    for name, of_users in values.items():
        kept = np.isfinite(of_users["value"]) & np.isfinite(of_users["control"])
        if kept.any():
            found[name] = {"value": float(of_users["value"][kept].mean()),
                           "control": float(of_users["control"][kept].mean()), "users": int(kept.sum())}
            gap = bootstrap.difference(of_users["value"], of_users["control"])
            found[name].update({} if gap is None else {"difference": gap})
    return found


def first_items(scores):
    """The ITEMS first candidates of scores [I], best first; -inf: no candidate."""
    order = np.argsort(-scores, kind="stable")[:ITEMS]
    return order[np.isfinite(scores[order])]


def moves_of_reviews(scores, top, spoken, order, user):
    """Mean places (by the review of the largest share, by a random one) over the first items with two reviews or more.

    A review is left out of the evidence alone: the purchase that it belongs to stays.

    Args:
      scores: y [I] of one user, -inf: no candidate.
      top: first items.
      spoken: [n] personal scores of the reviews.
      order: CatalogueOrder.
      user: the user, int.
    """
    weights, reviews = order.order, order.scores
    candidates, moves = np.sort(scores[np.isfinite(scores)]), []
    for item in top if weights.evidence else ():
        of_item = slice(*np.searchsorted(reviews.owner, [item, item + 1]))
        own = spoken[of_item].astype(np.float64)
        if len(own) > 1:
            changes = evidence_changes(own, weights.tau) + weights.stars * verdict_changes(
                own, order.stars[of_item], weights)
            changes += order.praise_changes(user, item, reviews.review[of_item])
            moved = scores[item] + weights.evidence * changes
            ranks = counterfactual.rank_at(candidates, scores[item], np.append(moved, scores[item]))
            moves.append(counterfactual.places_moved(ranks[-1], ranks[:-1], int(np.argmax(own))))
    return _mean(moves)


def evidence_changes(scores, tau):
    """E without each review - E, [R], of the scores [R >= 2] of an item's reviews: minus what each contributes.

    With the share p of the review, it is (ln(1 - p) - ln(1 - 1 / R)) / tau, and for tau 0, where all shares are equal,
    (mean - s) / (R - 1). Either falls with s: the review with the largest share, and with tau 0 the one with the
    largest score, contributes most.
    """
    count = len(scores)
    if tau == 0:
        return (scores.mean() - scores) / (count - 1)
    powers = np.exp(tau * (scores - scores.max()))
    return (np.log(_of_others(powers) / powers.sum()) - np.log1p(-1 / count)) / tau


def verdict_changes(scores, stars, order):
    """V without each review - V, [R], of the scores and stars [R >= 2] of an item's reviews; see `ranking.evidence`."""
    highest = scores.max()
    powers = np.exp(order.tau * (scores - highest))
    unseen = evidence.typical(order.tau, order.floor, order.prior, highest)
    above, below = (_of_others(powers * np.maximum(sign * stars, 0.)) for sign in (1, -1))
    return (above - below) / (_of_others(powers) + unseen) - powers @ stars / (powers.sum() + unseen)


def _of_others(values):
    """The sum of the other values [R], each 0 or more; without subtraction, and above 0."""
    others = np.cumsum(np.append(0., values))[:-1] + np.cumsum(np.append(0., values[::-1]))[:-1][::-1]
    return np.maximum(others, np.finfo(np.float64).tiny)


def moves_of_purchases(scores, top, bought, matrix):
    """Mean places (by the purchase of the largest part, by a random one) over first items that a purchase speaks for.

    What a purchase adds to every item is left out. It stays a training item, which is no candidate.

    Args:
      scores: y [I] of one user, -inf: no candidate.
      top: first items.
      bought: [b] items.
      matrix: w_C B [I, I], CSR.
    """
    if len(bought) < 2 or not matrix.nnz:
        return np.nan, np.nan
    parts, ranks = matrix[bought][:, top].toarray(), np.empty((len(bought), len(top)))
    for start in range(0, len(bought), BLOCK):
        without = scores - matrix[bought[start:start + BLOCK]].toarray()
        row = np.arange(len(without))
        for column, item in enumerate(top):
            ranks[start:start + BLOCK, column] = counterfactual.ranks_in(without, row, np.full(len(row), item))
    before = counterfactual.ranks_in(scores[np.newaxis], np.zeros(len(top), int), top)
    return _mean([counterfactual.places_moved(before[column], ranks[:, column], int(np.argmax(parts[:, column])))
                  for column in range(len(top)) if parts[:, column].max() > 0])


def swapped(scores, held, random):
    """nDCG@10 [m] of the orders of other users, without the own training items: the mean over OTHERS of them.

    Args:
      scores: y [m, I] of all users, of all items.
      held: HeldOut of the same users.
      random: RandomState, for the choice of the others. NaN for a single user.
    """
    count, place, values = len(scores), random.permutation(len(scores)), []
    for shift in range(1, min(OTHERS, count - 1) + 1):
        other = np.empty(count, int)
        other[place] = np.roll(place, shift)
        theirs = np.where(held.in_training, -np.inf, scores[other])
        values.append(ranking.ndcg(counterfactual.ranks_in(theirs, held.row, held.item), held.row, count, K))
    return np.mean(values, 0) if values else np.full(count, np.nan)


def _mean(moves):
    return tuple(np.mean(moves, 0)) if moves else (np.nan, np.nan)
