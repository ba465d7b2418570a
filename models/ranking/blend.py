"""The order of items for a user: a weighted sum of evidence, purchases and popularity, chosen on validation data.

    y_ui = w_E (E_ui + w_V V_ui + w_A A_ui - c_i) + w_C sum_{j bought by u} B_ji + w_P ln(1 + n_i),    w >= 0

E is the evidence of the item's reviews and V their verdict (`evidence.py`), A their praise of what the user writes
about (`praise.py`), and c_i the mean of E + w_V V + w_A A over users: an item that is good in everything is popular
already, and would be counted twice. B is a sum of item-item matrices (`item_item.py`), and n_i the number of training
ratings of the item. The spread of y is 1.

Each part alone, each form of the evidence and each matrix, and so each simple rule, is one setting. They are chosen by
the nDCG of the validation items itself (`weights.py`): fitted by likelihood they take too much popularity. Praise is
added where it leads for users who did not choose it. Evidence with the weight 0 keeps a form and its centre, by which
the shop can order items by their reviews alone.

Shapes: `m` users, `I` items, `n` reviews by item.
"""
import itertools
from typing import NamedTuple

import numpy as np
from scipy import sparse

from models.ranking import evidence_forms, held_out, item_item, praise, rivals, weights
from models.run_folder.item_order import Order

K = 10  # of the nDCG of the validation items that is reported
MOST_USERS, LEAST_USERS = 2000, 100  # whose validation items are ranked
MOST_SCORES = 50000000  # of users and reviews, 200 MB: for large corpora fewer users are ranked
KEEP, ENTRIES = 200, 2000000  # entries of each column of B; small catalogues keep more, up to so many in all
MATRICES = ("text_ease", "rp3beta", "item_knn", "ease", "ials")
MIXED = "mixed"  # a sum of matrices, each divided by its spread


def choose(artefact, personal, owner, review, seed, budget=None, aspects=None):
    """Returns the Order that ranks the validation items best. Test pairs are not read.

    Args:
      artefact: Artefact.
      personal: function users [m] -> personal scores [m, n]; None where the network has none, as in `narre`.
      owner: [n] int items of the reviews, rising.
      review: [n] int rows of the reviews in the artefact.
      seed: of the sample of users, and of the matrices.
      budget: number of settings of each matrix that are tried; None: `rivals.budget_of` the catalogue.
      aspects: item_order.Aspects of the artefact; None: the order has no praise.
    """
    items, test = len(artefact.item_reviews), _validation(artefact, len(owner), seed)
    if not len(test.users):
        return Order(0., 1., 0., 0., "", {}, float("nan"), np.zeros(items, np.float32),
                     sparse.csr_matrix((items, items), dtype=np.float32))
    bought = item_item.interactions(artefact.train, len(artefact.user_reviews), items)[test.users]
    purchases = _purchases(artefact, seed, budget or rivals.budget_of(items), bought, test)
    parts = [purchases.part, weights.Part(np.tile(popularity(artefact), (len(test.users), 1)))]
    if personal is None:
        return _order(purchases, evidence_forms.SILENT, parts, weights.search(parts, (), (), test, seed).parts, test)
    forms = evidence_forms.EvidenceForms(personal, owner, stars(artefact, review), test.users,
                                         _praise(artefact, aspects, test.users))
    plain, praised = evidence_forms.FORMS, evidence_forms.PRAISED if aspects else ()
    choice = weights.search(parts, forms.parts(plain), forms.parts(praised), test, seed)
    # where the evidence has the weight 0, its form is the one that orders best alone
    form = forms.form(*np.average(plain + praised, 0, choice.forms if choice.forms.any() else choice.alone))
    return _order(purchases, form, parts + [form.part], [*choice.parts, choice.forms.sum()], test, aspects)


def without_evidence(artefact, order, reviews, seed, budget=None):
    """Returns the Order of purchases and popularity alone, with weights chosen anew on validation items.

    What the evidence of the reviews adds is the difference between both orders on test items. The purchases are those
    of the order; where these have no weight in it, and so no matrix, their matrices are chosen anew, too.

    Args:
      artefact: Artefact.
      order: Order.
      reviews: number `n` of the reviews that the order was chosen by: the validation users are the same then.
      seed: of the sample of users, and of the matrices.
      budget: as in `choose`.
    """
    items, test = len(order.centre), _validation(artefact, reviews, seed)
    if not len(test.users):
        return order._replace(evidence=0.)
    bought = item_item.interactions(artefact.train, len(artefact.user_reviews), items)[test.users]
    purchases = (_Purchases(order.setting, order.matrix, weights.Part(item_item.scores(bought, order.matrix)))
                 if order.model else _purchases(artefact, seed, budget or rivals.budget_of(items), bought, test))
    parts = [purchases.part, weights.Part(np.tile(popularity(artefact), (len(test.users), 1)))]
    return _order(purchases, evidence_forms.SILENT, parts, weights.search(parts, (), (), test, seed).parts, test)


def _validation(artefact, reviews, seed):
    """The HeldOut of the validation items of a sample of users: of fewer, where there are many reviews to score."""
    items = len(artefact.item_reviews)
    most = min(MOST_USERS, max(LEAST_USERS, MOST_SCORES // max(items, reviews)))
    return held_out.of_split(artefact.train, artefact.validation, items, np.random.RandomState(seed), most)


def _praise(artefact, aspects, users):
    """The praise A [m, I] of users [m], zeros without aspects."""
    items = len(artefact.item_reviews)
    if aspects is None:
        return np.zeros((len(users), items), np.float32)
    return praise.PraiseOfItems(aspects, artefact.review_item, items).of_users(aspects.users[users])


def _order(purchases, form, parts, weight, test, aspects=None):
    """The Order of chosen parts [P] (purchases, popularity, and the evidence where it has a form) and weights [P]."""
    values = sum(each * part.values for each, part in zip(weight, parts))
    spread = weights.Part(values).spread
    scaled = [float(each / part.spread / spread) for each, part in zip(weight, parts)] + [0.]
    centre = np.zeros(values.shape[1], np.float32) if form.part is None else form.part.centre
    return Order(scaled[2], scaled[1], form.tau, form.floor, MIXED if scaled[0] else "",
                 purchases.setting if scaled[0] else {}, float(np.nanmean(weights.ndcg(values, test, K))), centre,
                 (scaled[0] * purchases.matrix).tocsr(), form.stars, form.prior, form.praise,
                 aspects if form.praise else None)


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
      evidences: E + w_V V + w_A A [m, I].
      bought: rows [m, I] of X, sparse.
      popular: ln(1 + n) [I].
    """
    speaking = order.evidence * (evidences - order.centre)
    return speaking + item_item.scores(bought, order.matrix) + order.popularity * popular


class _Purchases(NamedTuple):
    """A sum of item-item matrices."""
    setting: dict  # {name: [setting]} of its terms
    matrix: sparse.csr_matrix  # B [I, I]
    part: weights.Part  # of the users


class _Fitted(NamedTuple):
    """An item-item matrix with one setting."""
    name: str
    setting: dict
    matrix: sparse.csr_matrix  # [I, I], of each column the largest entries; divided by the spread of its part
    ndcg: np.ndarray  # [m] of the users


def _purchases(artefact, seed, budget, bought, test):
    """Returns the mean of the matrices that are best for samples of the users, as _Purchases."""
    keep = max(KEEP, ENTRIES // len(artefact.item_reviews))
    fitted, best = [], weights.BestOfSamples(len(test.users), seed)
    for each in _fitted(rivals.Inputs(artefact, seed), budget, keep, bought, test):
        fitted.append(each)
        best.add(each.ndcg)
        needed = set(best.setting)  # a matrix that is best for no sample so far takes memory, and never will be
        fitted = [one if number in needed else one._replace(matrix=None) for number, one in enumerate(fitted)]
    count = np.bincount(best.setting, minlength=len(fitted))
    setting = {}
    for each in itertools.compress(fitted, count):
        setting.setdefault(each.name, []).append(each.setting)
    matrix = item_item.strongest(sum(number * each.matrix for number, each in zip(count, fitted) if number),
                                 keep).tocsr()
    return _Purchases(setting, matrix, weights.Part(item_item.scores(bought, matrix)))


def _fitted(inputs, budget, keep, bought, test):
    """Yields each matrix with each setting, as _Fitted."""
    for name in rivals.possible_matrices(MATRICES, bought.shape[1]):
        for setting in rivals.GRIDS[name][:budget]:
            matrix = rivals.item_matrix(name, inputs, setting, keep)
            part = weights.Part(item_item.scores(bought, matrix))
            yield _Fitted(name, setting, matrix / part.spread, weights.in_catalogue(part.values, test))
