"""Faithfulness of a run's explanations: predicts ratings again without the reviews shown first, or with only them."""
import numpy as np

from evaluation import progress
from metrics import comparison, explanation, faithfulness
from models.inference import attribution

PAIRS = 250  # measured at most, each of another item
PREPARATION = 4  # duration of leave-one-out and gradients, in that of one method


def measured(run, orders, random, bar=progress.SILENT):
    """{method: {"comprehensiveness", "sufficiency", "tau_leave_one_out", "tau_gradient": [n]}}.

    The network also has "tau_votes": the rank correlation of the votes, in stars, with the leave-one-out changes of
    the rating. One test pair of an item is measured, at most PAIRS, of items with enough reviews; the values of all
    other pairs are NaN. {} where no item has enough reviews.

    Args:
      run: Trained.
      orders: {method: [n, R] scores by which it orders the item's reviews}.
      random: RandomState, for the choice of pairs and for ties.
      bar: progress.Bar.
    """
    test, slots = run.artefact.test, run.corpus.served_slots.item
    rows = chosen_pairs(test.item, (slots > 0).sum(1), random)
    if not len(rows):
        return {}
    bar.expect(PREPARATION + len(orders))
    pairs = _Pairs(run, test.user[rows], test.item[rows], test.review[rows])
    whole, changes = pairs.ratings(pairs.real), pairs.leave_one_out()
    gradient = np.abs(attribution.gradient_times_input(run.predictor, pairs.user, pairs.item, pairs.own))
    gradient = gradient[:, :pairs.real.shape[1]]
    bar.advance(PREPARATION)
    measures = {}
    for name, scores in orders.items():
        order = scores[rows]
        values = _removals(pairs, whole, order, random)
        values["tau_leave_one_out"] = faithfulness.rank_correlation(order, np.abs(changes), pairs.real)
        values["tau_gradient"] = faithfulness.rank_correlation(order, gradient, pairs.real)
        if name == comparison.OURS:
            values["tau_votes"] = faithfulness.rank_correlation(pairs.votes(), changes, pairs.real)
        measures[name] = {measure: explanation.at_rows(of_rows, rows, len(test.user))
                          for measure, of_rows in values.items()}
        bar.advance()
    return measures


def _removals(pairs, whole, order, random):
    """{"comprehensiveness", "sufficiency": [n]} of an order [n, R] of the pairs' reviews."""
    tops = [faithfulness.top_k(k, order, pairs.real, random) for k in faithfulness.BINS]
    without, alone = [pairs.ratings(pairs.real & ~top) for top in tops], [pairs.ratings(top) for top in tops]
    return {"comprehensiveness": faithfulness.rating_change(whole, without),
            "sufficiency": faithfulness.rating_change(whole, alone)}


def chosen_pairs(items, reviews, random):
    """Rows of at most PAIRS pairs drawn at random, each of another item with LEAST reviews or more.

    Args:
      items: [n] of the pairs.
      reviews: [I] number of reviews of each item.
    """
    order = random.permutation(len(items))
    order = order[reviews[items[order]] >= faithfulness.LEAST]
    _, first = np.unique(items[order], return_index=True)
    return np.sort(order[np.sort(first)[:PAIRS]])


class _Pairs:
    """Pairs of different items, whose ratings can be predicted with some of the item's reviews only."""

    def __init__(self, run, user, item, own):
        self.run, self.user, self.item, self.own = run, user, item, own
        self.slots = run.corpus.served_slots.item[item]  # [n, R]
        self.real = self.slots > 0

    def votes(self):
        """Votes of the reviews, [n, R] stars."""
        return self.run.predictor(self.user, self.item, self.own).outputs.votes

    def ratings(self, kept, rows=slice(None)):
        """Ratings [n] of some rows of the pairs with the kept reviews [n, R] bool only."""
        users, items = self.run.corpus.served_slots
        table = items.copy()
        table[self.item[rows]] = np.where(kept, self.slots[rows], 0)
        return self.run.predictor.alone("rating", self.user[rows], self.item[rows], self.own[rows],
                                        (users, table)).astype(np.float64)

    def leave_one_out(self):
        """Change of the rating by each review, [n, R] stars: the rating with it - the rating without it."""
        whole, changes = self.ratings(self.real), np.zeros(self.real.shape)
        for slot in range(self.real.shape[1]):
            rows = np.nonzero(self.real[:, slot])[0]
            if len(rows):
                kept = self.real[rows]
                kept[:, slot] = False
                changes[rows, slot] = whole[rows] - self.ratings(kept, rows)
        return changes
