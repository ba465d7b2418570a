"""The order of items for a user: a weighted sum of evidence, purchases and popularity, chosen on validation data.

    y_ui = w_E (E_ui + w_V V_ui - c_i) + w_C sum_{j bought by u} B_ji + w_P ln(1 + n_i),    w >= 0

E is the evidence of the item's reviews and V their verdict (`evidence.py`), B an item-item matrix (`item_item.py`), n_i
the number of training ratings of the item. c_i is the same for all items, or a mean of E + w_V V over users: an item
that is good in everything is popular already, and would be counted twice. The spread of y is 1.

Each part alone, and so each simple rule, is one setting of the weights. They are chosen by the nDCG of the validation
items itself (`weights.py`): fitted by likelihood they take too much popularity.

Shapes: `m` users, `I` items, `n` reviews by item.
"""
from typing import NamedTuple

import numpy as np
from scipy import sparse

from models.ranking import evidence, held_out, item_item, rivals, weights
from models.run_folder.item_order import Order

MOST_USERS, LEAST_USERS = 2000, 100  # whose validation items are ranked
MOST_SCORES = 50000000  # of users and reviews, 200 MB: for large corpora fewer users are ranked
SHARPNESS = (0., .5, 1., 2.)  # tau times the spread of the scores
STARS = (0., .5, 1.)  # weight of the verdict beside the evidence, each divided by its spread
PRIOR = .3  # of the verdict, as a part of the median of sum_l a_ul
ALL_ALIKE, MEAN, EXPONENTIAL = "the same for all items", "mean", "exponential mean"  # what is subtracted from evidence
KEEP, ENTRIES = 200, 2000000  # entries of each column of B; small catalogues keep more, up to so many in all
MATRICES = ("text_ease", "rp3beta", "item_knn", "ease")
MIXED, MOST_MIXED = "mixed", 5  # the sum of the best matrices, each divided by its spread
EVIDENCE, PURCHASES, POPULARITY = "evidence", "purchases", "popularity"
CHUNK = 128  # users whose reviews are scored at a time


def choose(artefact, personal, owner, review, seed, budget=None):
    """Returns the Order that ranks the validation items best. Test pairs are not read.

    Args:
      artefact: Artefact.
      personal: function users [m] -> personal scores [m, n]; None where the network has none, as in `narre`.
      owner: [n] int items of the reviews, rising.
      review: [n] int rows of the reviews in the artefact.
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
    popular = weights.Part(np.tile(popularity(artefact), (len(test.users), 1)))
    purchases = _purchases(artefact, seed, budget or rivals.budget_of(items), bought, popular, test)
    parts = {PURCHASES: weights.Part(item_item.scores(bought, purchases.matrix)), POPULARITY: popular}
    form = _Evidence(0., 0., 0., weights.Part(np.zeros((1, items))))
    if personal:
        forms = _evidence(personal, owner, stars(artefact, review), items, test.users)
        form = max(forms, key=lambda each: weights.coordinates(dict(parts, **{EVIDENCE: each.part}), test).ndcg)
        parts[EVIDENCE] = form.part
    choice = weights.search(parts, test, seed)
    total = weights.Part(sum(weight * parts[name].values for name, weight in choice.weights.items()))
    weight = {name: choice.weights.get(name, 0.) / part.spread / total.spread for name, part in parts.items()}
    model = purchases.name if weight[PURCHASES] else ""
    return Order(weight.get(EVIDENCE, 0.), weight[POPULARITY], form.tau, form.part.floor, model,
                 purchases.setting if model else {}, choice.ndcg, form.part.centre,
                 (weight[PURCHASES] * purchases.matrix).tocsr(), form.stars, form.prior)


def popularity(artefact):
    """Returns ln(1 + n_i) [I] float32 of the numbers of training ratings of the items, less its mean over the items.

    The mean changes no order; without it the part of an item tells how much more popular than the others it is.
    """
    logarithm = np.log1p(np.bincount(artefact.train.item, minlength=len(artefact.item_reviews)))
    return (logarithm - logarithm.mean()).astype(np.float32)


def stars(artefact, review):
    """Returns the stars r [n] float32 that reviews [n] give above the mean of all training ratings; 0 for row 0."""
    given = artefact.review_rating[review] - artefact.train.rating.mean(dtype=np.float64)
    return np.where(review > 0, given, 0).astype(np.float32)


def scores(order, evidences, bought, popular):
    """Returns y [m, I].

    Args:
      order: Order.
      evidences: E + w_V V [m, I].
      bought: rows [m, I] of X, sparse.
      popular: ln(1 + n) [I].
    """
    speaking = order.evidence * (evidences - order.centre)
    return speaking + item_item.scores(bought, order.matrix) + order.popularity * popular


class _Evidence(NamedTuple):
    """One form of the evidence."""
    tau: float
    stars: float  # w_V
    prior: float
    part: weights.Part


def _evidence(personal, owner, given, items, users):
    """Yields each form of the evidence for users [m], as _Evidence.

    The floor is the mean of E over items with reviews.

    Args:
      personal, owner: as in `choose`.
      given: [n] stars of the reviews.
      items: `I`.
    """
    chunks = [personal(users[start:start + CHUNK]) for start in range(0, len(users), CHUNK)]
    spread = float(np.mean([chunk.std(1).mean() for chunk in chunks])) or 1.
    count = np.bincount(owner, minlength=items)
    for tau in np.array(SHARPNESS) / spread:
        speaking = _told(chunks, owner, items, tau, 0., given, 0.).evidence[:, count > 0]
        floor = float(speaking.mean())
        prior = PRIOR * float(np.median(count[count > 0] * np.exp(np.minimum(
            tau * (speaking - floor), evidence.LARGEST_POWER))))
        speaking, verdict = _told(chunks, owner, items, tau, floor, given, prior)
        unit = _personal_spread(speaking) / _personal_spread(verdict)
        for weight in STARS if tau else STARS[:1]:  # with tau 0 the stars would be those of the item, for all users
            values = speaking + weight * unit * verdict
            for kind in (ALL_ALIKE, MEAN, EXPONENTIAL):
                part = weights.Part(values, floor, _centre(values, kind, floor))
                yield _Evidence(float(tau), weight * unit, prior if weight else 0., part)


def _told(chunks, *arguments):
    """evidence.Told of scores [m, n] in chunks of users."""
    return evidence.Told(*map(np.concatenate, zip(*(evidence.told(chunk, *arguments) for chunk in chunks))))


def _personal_spread(values):
    """The spread of values [m, I] less the mean of each item."""
    return weights.Part(values, centre=values.mean(0)).spread


def _centre(values, kind, floor):
    """What is subtracted from evidence [m, I] of items: [I].

    The exponential mean is that of exp(values / spread): if choices follow exp(y), it is how much the evidence adds to
    the popularity of the item, which is counted already.
    """
    if kind == ALL_ALIKE:
        return np.full(values.shape[1], floor, np.float32)
    mean = values.mean(0)
    if kind == MEAN:
        return mean
    spread, highest = _personal_spread(values), values.max(0)
    return highest + spread * np.log(np.exp((values - highest) / spread).mean(0))


class _Purchases(NamedTuple):
    """An item-item matrix."""
    name: str
    setting: dict  # of MIXED {name: [setting]}
    matrix: sparse.csr_matrix  # B [I, I], of each column the largest entries
    part: weights.Part  # of the users
    ndcg: float  # of this part alone


def _purchases(artefact, seed, budget, bought, popular, test):
    """Returns the matrix that is best beside popularity, as _Purchases.

    They are the best setting of each name, and the sum of the best settings of all. The sum is taken unless another is
    surely better: it varies less than each of its terms.
    """
    inputs, items = rivals.Inputs(artefact, seed), len(artefact.item_reviews)
    keep, single, best = max(KEEP, ENTRIES // items), {}, []

    def measured(name, setting, matrix):
        matrix = item_item.strongest(matrix, keep).tocsr()
        part = weights.Part(item_item.scores(bought, matrix))
        return _Purchases(name, setting, matrix, part, weights.reached({name: part}, {name: 1.}, test).ndcg)

    for name in rivals.possible(MATRICES, items):
        for setting in rivals.GRIDS[name][:budget]:
            fitted = measured(name, setting, rivals.fit(name, inputs, setting).matrix)
            single[name] = max(single.get(name, fitted), fitted, key=lambda each: each.ndcg)
            best = sorted(best + [fitted], key=lambda each: -each.ndcg)[:MOST_MIXED]
    settings = {name: [each.setting for each in best if each.name == name] for name in {each.name for each in best}}
    mixed = measured(MIXED, settings, sum(each.matrix / each.part.spread for each in best))
    tried = [mixed] + list(single.values())
    reached = [weights.coordinates({PURCHASES: each.part, POPULARITY: popular}, test) for each in tried]
    first = max(reached, key=lambda choice: choice.ndcg)
    return next(each for each, choice in zip(tried, reached) if weights.is_as_good(choice, first))
