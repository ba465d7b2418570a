"""What a run's ratings do when reviews are taken away: the network is asked again without them."""
import numpy as np

from metrics import comparison, faithfulness
from models.inference import attribution

PAIRS = 250  # measured at most, each of another item


def measured(run, orders, random):
    """{method: {"comprehensiveness", "sufficiency", "tau_leave_one_out", "tau_gradient": [n]}}; of the network also
    "tau_votes": do the stars that a review is said to add, its vote, go with those that it adds?

    Of one test pair an item, of items with enough reviews, PAIRS at most; NaN for all others.

    Args:
      run: Trained.
      orders: {method: [n, R]} scores by which it orders the item's reviews.
      random: RandomState, for the choice of pairs and for what ties.
    """
    test, slots = run.artefact.test, run.corpus.served_slots[1]
    rows = chosen_pairs(test.item, (slots > 0).sum(1), random)
    if not len(rows):
        return {}
    asked = _Asked(run, test.user[rows], test.item[rows], test.review[rows])
    whole, alone = asked.ratings(asked.real), asked.leave_one_out()
    gradient = np.abs(attribution.gradient_times_input(run.predictor, asked.user, asked.item, asked.own))
    gradient = gradient[:, :asked.real.shape[1]]
    found = {}
    for name, scores in orders.items():
        mine = scores[rows]
        tops = [faithfulness.first(k, mine, asked.real, random) for k in faithfulness.BINS]
        values = {
            "comprehensiveness": faithfulness.comprehensiveness(
                whole, [asked.ratings(asked.real & ~top) for top in tops]),
            "sufficiency": faithfulness.sufficiency(whole, [asked.ratings(top) for top in tops]),
            "tau_leave_one_out": faithfulness.rank_correlation(mine, np.abs(alone), asked.real),
            "tau_gradient": faithfulness.rank_correlation(mine, gradient, asked.real)}
        if name == comparison.OURS:
            values["tau_votes"] = faithfulness.rank_correlation(asked.votes(), alone, asked.real)
        found[name] = {measure: _spread(value, rows, len(test.user)) for measure, value in values.items()}
    return found


def chosen_pairs(items, reviews, random):
    """Rows of at most PAIRS pairs, each of another item with LEAST reviews or more, by chance.

    Args:
      items: [n] of the pairs.
      reviews: [I] how many reviews each item has.
    """
    order = random.permutation(len(items))
    order = order[reviews[items[order]] >= faithfulness.LEAST]
    _, first = np.unique(items[order], return_index=True)
    return np.sort(order[np.sort(first)[:PAIRS]])


class _Asked:
    """Pairs of different items, asked about with some of their reviews."""

    def __init__(self, run, user, item, own):
        self.run, self.user, self.item, self.own = run, user, item, own
        self.slots = run.corpus.served_slots[1][item]  # [n, R]
        self.real = self.slots > 0

    def votes(self):
        """[n, R] stars that each review is said to add."""
        return self.run.predictor(self.user, self.item, self.own)[0].votes

    def ratings(self, kept, rows=slice(None)):
        """Ratings [n] with the reviews [n, R] that are kept, of some rows of the pairs."""
        users, items = self.run.corpus.served_slots
        table = items.copy()
        table[self.item[rows]] = np.where(kept, self.slots[rows], 0)
        return self.run.predictor(self.user[rows], self.item[rows], self.own[rows],
                                  slots=(users, table))[0].rating.astype(np.float64)

    def leave_one_out(self):
        """[n, R] stars that each review adds: the rating with it less that without."""
        whole, added = self.ratings(self.real), np.zeros(self.real.shape)
        for place in range(self.real.shape[1]):
            rows = np.nonzero(self.real[:, place])[0]
            if len(rows):
                kept = self.real[rows]
                kept[:, place] = False
                added[rows, place] = whole[rows] - self.ratings(kept, rows)
        return added


def _spread(values, rows, count):
    out = np.full(count, np.nan)
    out[rows] = values
    return out
