"""The order of items for a user: a weighted sum of evidence, purchases and popularity, chosen on validation data.

    y_ui = w_E E_ui + w_C sum_{j bought by u} B_ji + w_P ln(1 + n_i),    w >= 0

E is the evidence of the item's reviews (`evidence.py`), B an item-item matrix (`item_item.py`), n_i the number of
training ratings of the item. Each part alone, and so each simple rule, is one setting of the weights. They are chosen by
nDCG@10 of the validation items itself: fitted by likelihood they take too much popularity.

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
MOST_USERS = 2000  # whose validation items are ranked
WEIGHTS = (.125, .25, .5, 2., 4., 8.)  # factors of a weight that are tried; parts have equal spread
FINER = (.7, .85, 1.2, 1.4)  # factors that refine the weight found by those
SHARPNESS = (0., .5, 1., 2., 4.)  # tau times the spread of the scores
KEEP = 200  # entries of each column of B
MATRICES = ("item_knn", "rp3beta", "ease", "text_ease")
EVIDENCE, PURCHASES, POPULARITY = "evidence", "purchases", "popularity"
CHUNK = 128  # users whose reviews are scored at a time


class Choice(NamedTuple):
    """Weights of parts, and what they reach on the held-out items."""
    weights: dict  # {name of a part: weight}; a part that is left out has none
    by_user: np.ndarray  # [m] nDCG@10

    @property
    def ndcg(self):
        return float(np.nanmean(self.by_user))


def choose(artefact, personal, owner, seed, budget=rivals.BUDGET):
    """Returns the Order that ranks the validation items best. Test pairs are not read.

    Args:
      artefact: Artefact.
      personal: function users [m] -> personal scores [m, n]; None where the network has none, as in `narre`.
      owner: [n] int items of the reviews, rising.
      seed: of the sample of users, and of the matrices.
      budget: number of settings of each matrix that are tried.
    """
    items = len(artefact.item_reviews)
    test = held_out.of_split(artefact.train, artefact.validation, items, np.random.RandomState(seed), MOST_USERS)
    popularity = np.log1p(np.bincount(artefact.train.item, minlength=items)).astype(np.float32)  # [I]
    if not len(test.users):
        return Order(0., 1., 0., 0., "", {}, float("nan"), sparse.csr_matrix((items, items), dtype=np.float32))
    fitted = rivals.fit_all(artefact, seed, budget, MATRICES)
    kept = {name: item_item.strongest(rival.matrix, KEEP).tocsr() for name, rival in fitted.items()}
    bought = item_item.interactions(artefact.train, len(artefact.user_reviews), items)[test.users]
    purchases = {name: _Part(item_item.scores(bought, matrix)) for name, matrix in kept.items()}
    evidences = _evidence(personal, owner, items, test.users) if personal else {}
    popular = _Part(np.tile(popularity, (len(test.users), 1)))
    forms = _best_forms(purchases, evidences, popular, test)
    choice = search(forms.parts, test)
    matrix, tau = kept[forms.matrix], forms.tau
    weight = {name: choice.weights.get(name, 0.) / part.spread for name, part in forms.parts.items()}
    floor = evidences[tau].floor if evidences else 0.
    model = forms.matrix if weight[PURCHASES] else ""
    return Order(weight.get(EVIDENCE, 0.), weight[POPULARITY], tau, floor, model,
                 fitted[forms.matrix].setting if model else {}, choice.ndcg, (weight[PURCHASES] * matrix).tocsr())


def scores(order, evidences, bought, popularity):
    """Returns y [m, I].

    Args:
      order: Order.
      evidences: E [m, I].
      bought: rows [m, I] of X, sparse.
      popularity: ln(1 + n) [I].
    """
    return order.evidence * evidences + item_item.scores(bought, order.matrix) + order.popularity * popularity


class _Part:
    """A part [m, I] of the order, divided by its spread: the mean over users of its standard deviation over items."""

    def __init__(self, values, floor=0.):
        self.spread = float(values.std(1).mean()) or 1.
        self.values, self.floor = (values / self.spread).astype(np.float32), floor


class _Forms(NamedTuple):
    """The chosen form of each part."""
    parts: dict  # {name: _Part}
    matrix: str  # name of B
    tau: float


def _evidence(personal, owner, items, users):
    """Returns {tau: _Part} of the evidence for users [m]; the floor of each is its mean over items with reviews."""
    chunks = [personal(users[start:start + CHUNK]) for start in range(0, len(users), CHUNK)]
    spread = float(np.mean([chunk.std(1).mean() for chunk in chunks])) or 1.
    has_reviews = np.isin(np.arange(items), owner)
    parts = {}
    for sharpness in SHARPNESS:
        tau = sharpness / spread
        values = np.concatenate([evidence.evidence(chunk, owner, items, tau, 0.) for chunk in chunks])
        floor = float(values[:, has_reviews].mean())
        values[:, ~has_reviews] = floor
        parts[tau] = _Part(values, floor)
    return parts


def _best_forms(purchases, evidences, popular, test):
    """Chooses the matrix beside popularity, then tau beside both, then the matrix once more: the _Forms."""
    def reached(matrix, tau):
        return _coordinates(_parts(purchases[matrix], evidences.get(tau), popular), test).ndcg

    matrix = max(purchases, key=lambda name: reached(name, None))
    if not evidences:
        return _Forms(_parts(purchases[matrix], None, popular), matrix, 0.)
    tau = max(evidences, key=lambda each: reached(matrix, each))
    matrix = max(purchases, key=lambda name: reached(name, tau))
    return _Forms(_parts(purchases[matrix], evidences[tau], popular), matrix, tau)


def _parts(purchases, evidence_part, popular):
    parts = {PURCHASES: purchases, EVIDENCE: evidence_part, POPULARITY: popular}
    return {name: part for name, part in parts.items() if part is not None}


def search(parts, test):
    """Chooses the parts and their weights.

    The weights of every subset of parts are chosen by a coordinate search. Of these, the one with the fewest parts is
    taken whose nDCG is within one standard error of the best, by the paired differences of users: a part has to be worth
    something to stay.

    Args:
      parts: {name: _Part}.
      test: HeldOut.

    Returns:
      Choice.
    """
    names, choices = list(parts), []
    for count in range(1, len(names) + 1):
        choices.append(max((_coordinates({name: parts[name] for name in subset}, test)
                            for subset in itertools.combinations(names, count)), key=lambda choice: choice.ndcg))
    best = max(choices, key=lambda choice: choice.ndcg)
    return next(choice for choice in choices if _is_as_good(choice, best))


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
