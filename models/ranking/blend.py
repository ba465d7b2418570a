"""The order of items for a user: a weighted sum of evidence, purchases and popularity, chosen on validation data.

    y_ui = w_E (E_ui - c_i) + w_C sum_{j bought by u} B_ji + w_P ln(1 + n_i),    w >= 0

E is the evidence of the item's reviews (`evidence.py`), B an item-item matrix (`item_item.py`), n_i the number of
training ratings of the item. c_i is the same for all items, or the mean of E_ui over users: an item that is good
in everything is popular already, and would be counted twice. The spread of y is 1.

Each part alone, and so each simple rule, is one setting of the weights. They are chosen by nDCG@10 of the validation
items itself: fitted by likelihood they take too much popularity.

Shapes: `m` users, `I` items, `n` reviews by item.
"""
import itertools
from typing import NamedTuple

import numpy as np
from scipy import sparse

from metrics import ranking
from models.ranking import evidence, held_out, item_item, rivals
from models.run_folder.item_order import Order

K = 10  # of the nDCG that chooses
MOST_USERS, LEAST_USERS = 2000, 100  # whose validation items are ranked
MOST_SCORES = 50000000  # of users and reviews, 200 MB: for large corpora fewer users are ranked
WEIGHTS = (.125, .25, .5, 2., 4., 8.)  # factors of a weight that are tried; parts have equal spread
FINER = (.7, .85, 1.2, 1.4)  # factors that refine the weight found by those
SHARPNESS = (0., .5, 1., 2., 4.)  # tau times the spread of the scores
KEEP, ENTRIES = 200, 2000000  # entries of each column of B; small catalogues keep more, up to so many in all
MATRICES = ("text_ease", "rp3beta", "item_knn", "ease")
MIXED, SHARES = "mixed", {"text_ease": 1., "rp3beta": .5}  # the sum of two matrices, each divided by its spread
EVIDENCE, PURCHASES, POPULARITY = "evidence", "purchases", "popularity"
CHUNK = 128  # users whose reviews are scored at a time


class Choice(NamedTuple):
    """Weights of parts, and what they reach on the held-out items."""
    weights: dict  # {name of a part: weight}; a part that is left out has none
    by_user: np.ndarray  # [m] nDCG@10

    @property
    def ndcg(self):
        return float(np.nanmean(self.by_user))


def choose(artefact, personal, owner, seed, budget=None):
    """Returns the Order that ranks the validation items best. Test pairs are not read.

    Args:
      artefact: Artefact.
      personal: function users [m] -> personal scores [m, n]; None where the network has none, as in `narre`.
      owner: [n] int items of the reviews, rising.
      seed: of the sample of users, and of the matrices.
      budget: number of settings of each matrix that are tried; None: `rivals.budget_of` the catalogue.
    """
    items = len(artefact.item_reviews)
    most = min(MOST_USERS, max(LEAST_USERS, MOST_SCORES // max(items, len(owner))))
    test = held_out.of_split(artefact.train, artefact.validation, items, np.random.RandomState(seed), most)
    if not len(test.users):
        return Order(0., 1., 0., 0., "", {}, float("nan"), np.zeros(items, np.float32),
                     sparse.csr_matrix((items, items), dtype=np.float32))
    bought = item_item.interactions(artefact.train, len(artefact.user_reviews), items)[test.users]
    matrices = _matrices(artefact, seed, budget or rivals.budget_of(items), bought)
    purchases = {name: _Part(item_item.scores(bought, each.matrix)) for name, each in matrices.items()}
    evidences = _evidence(personal, owner, items, test.users) if personal else {}
    forms = _best_forms(purchases, evidences, _Part(np.tile(popularity(artefact), (len(test.users), 1))), test)
    choice = search(forms.parts, test)
    total = _Part(sum(weight * forms.parts[name].values for name, weight in choice.weights.items()))
    weight = {name: choice.weights.get(name, 0.) / part.spread / total.spread for name, part in forms.parts.items()}
    model = forms.matrix if weight[PURCHASES] else ""
    speaking = forms.parts.get(EVIDENCE, _Part(np.zeros((1, items))))
    return Order(weight.get(EVIDENCE, 0.), weight[POPULARITY], forms.tau, speaking.floor, model,
                 matrices[forms.matrix].setting if model else {}, choice.ndcg, speaking.centre,
                 (weight[PURCHASES] * matrices[forms.matrix].matrix).tocsr())


def popularity(artefact):
    """Returns ln(1 + n_i) [I] float32 of the numbers of training ratings of the items, less its mean over the items.

    The mean changes no order; without it the part of an item tells how much more popular than the others it is.
    """
    logarithm = np.log1p(np.bincount(artefact.train.item, minlength=len(artefact.item_reviews)))
    return (logarithm - logarithm.mean()).astype(np.float32)


def scores(order, evidences, bought, popular):
    """Returns y [m, I].

    Args:
      order: Order.
      evidences: E [m, I].
      bought: rows [m, I] of X, sparse.
      popular: ln(1 + n) [I].
    """
    speaking = order.evidence * (evidences - order.centre)
    return speaking + item_item.scores(bought, order.matrix) + order.popularity * popular


class _Part:
    """A part [m, I] of the order, divided by its spread: the mean over users of its standard deviation over items."""

    def __init__(self, values, floor=0., centre=None):
        self.floor, self.centre = floor, np.zeros(values.shape[1], np.float32) if centre is None else centre
        self.spread = float((values - self.centre).std(1).mean()) or 1.
        self.values = ((values - self.centre) / self.spread).astype(np.float32)


class _Forms(NamedTuple):
    """The chosen form of each part."""
    parts: dict  # {name: _Part}
    matrix: str  # name of B
    tau: float


def _evidence(personal, owner, items, users):
    """Returns {(tau, whether E is centred): _Part} of the evidence for users [m].

    The floor of each is its mean over items with reviews. The centre is the mean of each item over the users, or the
    floor, which changes no order.
    """
    chunks = [personal(users[start:start + CHUNK]) for start in range(0, len(users), CHUNK)]
    spread = float(np.mean([chunk.std(1).mean() for chunk in chunks])) or 1.
    has_reviews = np.isin(np.arange(items), owner)
    parts = {}
    for sharpness in SHARPNESS:
        tau = sharpness / spread
        values = np.concatenate([evidence.evidence(chunk, owner, items, tau, 0.) for chunk in chunks])
        floor = float(values[:, has_reviews].mean())
        values[:, ~has_reviews] = floor
        parts[tau, False] = _Part(values, floor, np.full(items, floor, np.float32))
        parts[tau, True] = _Part(values, floor, values.mean(0))
    return parts


class _Matrix(NamedTuple):
    matrix: sparse.csr_matrix  # B [I, I], of each column the largest entries
    setting: dict


def _matrices(artefact, seed, budget, bought):
    """Returns {name: _Matrix}, the most preferred first: a sum of models varies less than each of them.

    The shares of the sum had the best validation nDCG of eight, over three corpora.
    """
    fitted = rivals.fit_all(artefact, seed, budget, MATRICES)
    keep = max(KEEP, ENTRIES // len(artefact.item_reviews))
    single = {name: _Matrix(item_item.strongest(rival.matrix, keep).tocsr(), rival.setting)
              for name, rival in fitted.items()}
    summed = [name for name in SHARES if name in single]
    total = sum(SHARES[name] / _Part(item_item.scores(bought, single[name].matrix)).spread * single[name].matrix
                for name in summed)
    mixed = _Matrix(item_item.strongest(total, keep).tocsr(), {name: single[name].setting for name in summed})
    return dict({MIXED: mixed}, **single)


def _best_forms(purchases, evidences, popular, test):
    """Chooses the matrix and tau: the _Forms.

    Each matrix has its best tau. Of the matrices within one standard error of the best, the first is taken.

    Args:
      purchases: {matrix: _Part}, the most preferred first.
      evidences: {(tau, whether centred): _Part}.
    """
    forms, choices = [], []
    for matrix, purchase in purchases.items():
        tried = [_Forms(_parts(purchase, evidences.get(form), popular), matrix, form[0])
                 for form in list(evidences) or [(0., False)]]
        reached = [_coordinates(form.parts, test) for form in tried]
        best = int(np.argmax([choice.ndcg for choice in reached]))
        forms.append(tried[best])
        choices.append(reached[best])
    best = max(choices, key=lambda choice: choice.ndcg)
    return next(form for form, choice in zip(forms, choices) if _is_as_good(choice, best))


def _parts(purchases, evidence_part, popular):
    parts = {PURCHASES: purchases, EVIDENCE: evidence_part, POPULARITY: popular}
    return {name: part for name, part in parts.items() if part is not None}


def search(parts, test):
    """Chooses the parts and their weights: the best of a coordinate search for every subset of parts.

    Equal subsets: the one with fewer parts. To drop every part that is not worth one standard error was tried, and lost
    the evidence on corpora of few users, where that error is large.

    Args:
      parts: {name: _Part}.
      test: HeldOut.

    Returns:
      Choice.
    """
    subsets = [{name: parts[name] for name in names} for count in range(1, len(parts) + 1)
               for names in itertools.combinations(parts, count)]
    return max((_coordinates(subset, test) for subset in subsets), key=lambda choice: choice.ndcg)


def _is_as_good(choice, best):
    """Whether the mean difference to the best is at most its standard error."""
    gap = (best.by_user - choice.by_user)[np.isfinite(best.by_user)]
    return gap.mean() <= gap.std() / np.sqrt(len(gap))


def _coordinates(parts, test):
    """Returns the Choice of a coordinate search from equal weights; the first weight stays 1."""
    weights = dict.fromkeys(parts, 1.)
    best = _reached(parts, weights, test)
    for factors in (WEIGHTS, FINER):  # of the weight found so far
        for name in list(parts)[1:] * 2:
            for factor in factors:
                tried = _reached(parts, dict(best.weights, **{name: weights[name] * factor}), test)
                if tried.ndcg > best.ndcg:
                    best = tried
            weights = best.weights
    return best


def _reached(parts, weights, test):
    """Returns the Choice of given weights: nDCG@10 of each user; an equal score counts as half a place."""
    total = sum(weights[name] * part.values for name, part in parts.items())  # [m, I]
    total[test.in_training] = -np.inf
    own, others = total[test.row, test.item][:, np.newaxis], total[test.row]  # [n, 1], [n, I]
    rank = 1 + (others > own).sum(1) + ((others == own).sum(1) - 1) / 2
    return Choice(weights, ranking.ndcg(rank, test.row, len(test.users), K))
