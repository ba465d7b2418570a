"""The rivals of the network's ranking, by name, each with the setting that ranks best on validation items.

All are fitted to training pairs and training reviews, also where test items are ranked: validation pairs choose the
setting and are not added to the matrices. The measure is nDCG@10 over the whole catalogue without the user's training
items. Test pairs are never read.
"""
from typing import Callable, NamedTuple, Optional

import numpy as np
from scipy import sparse

from metrics import explanation, ranking
from models.ranking import content, factors, held_out, item_item, texts
from runtime import cli

BUDGET = 7  # settings of each grid, as in experiments/grids/
MANY_ITEMS, SMALL_BUDGET = 5000, 2  # for larger catalogues fewer settings are tried, as each takes up to a minute
K = 10  # of the nDCG that chooses
MOST_USERS, LEAST_USERS = 5000, 100  # whose validation items are ranked
MOST_PAIRS = 150000000  # of users and items, a byte each: for large catalogues fewer users are ranked
CHUNK = 256  # users ranked at a time
GRIDS = {  # of the settings that ranked validation items best on three corpora; without such items: the first
    "popular": ({},),
    "item_knn": tuple({"neighbours": neighbours, "shrinkage": shrinkage} for neighbours, shrinkage in (
        (1000, 20.), (50, 10.), (100, 100.), (100, 5.), (100, 50.), (1000, 50.), (100, 20.))),
    "rp3beta": tuple({"alpha": alpha, "beta": beta, "neighbours": neighbours} for alpha, beta, neighbours in (
        (.6, .2, 1000), (.2, 0., 50), (.6, .3, 1000), (1., .1, 50), (.4, .3, 1000), (.4, .2, 1000), (.6, .2, 200))),
    "ease": tuple({"l2": l2} for l2 in (50., 200., 20., 100., 500., 1000., 10.)),
    "text_ease": tuple({"alpha": alpha, "l2": l2} for alpha, l2 in (
        (10., 200.), (50., 20.), (20., 200.), (10., 500.), (10., 100.), (10., 50.), (20., 100.))),
    "ials": tuple({"factors": k, "regularization": regularization, "alpha": alpha} for k, regularization, alpha in (
        (64, 50., 30.), (128, 100., 30.), (128, 50., 100.), (64, 50., 10.), (32, 20., 30.), (16, 50., 30.),
        (8, 20., 10.))),
    "bpr": tuple({"factors": k, "regularization": regularization, "learning_rate": rate, "iterations": passes}
                 for k, regularization, rate, passes in (
                     (64, .1, .03, 200), (32, .1, .03, 200), (64, .01, .03, 60), (16, .01, .02, 50),
                     (8, .01, .02, 150), (32, .1, .1, 150), (8, .1, .02, 150))),
    "content": tuple({"vectors": vectors} for vectors in content.VECTORS)}
NAMES = tuple(GRIDS)
INVERTED, BY_IMPLICIT = ("ease", "text_ease"), ("ials", "bpr")


def budget_of(items):
    """Returns how many settings of each grid are tried for a catalogue of `items` items."""
    return BUDGET if items <= MANY_ITEMS else SMALL_BUDGET


class Rival(NamedTuple):
    """A fitted model of the family."""
    score: Callable  # users [m] -> [m, I]; the larger, the earlier
    setting: dict
    ndcg: Optional[float] = None  # mean validation nDCG@10; None where there are no validation items
    matrix: object = None  # B [I, I], dense or CSC, of an item-item model
    latent: Optional[factors.Factors] = None  # of iALS and BPR


class Inputs:
    """What the rivals are fitted to: training pairs and training reviews. Texts are read when they are first used.

    Args:
      artefact: Artefact.
      seed: of factors.
    """

    def __init__(self, artefact, seed):
        self.artefact, self.seed = artefact, seed
        self.purchases = item_item.interactions(artefact.train, len(artefact.user_reviews),
                                                len(artefact.item_reviews))  # X [U, I]
        self._means = None

    def means(self):
        """`texts.unit_means` of users and items."""
        if self._means is None:
            self._means = texts.unit_means(self.artefact)
        return self._means


def fit(name, inputs, setting):
    """Returns the Rival of a name with one setting, an entry of its grid.

    Args:
      name: one of NAMES.
      inputs: Inputs.
      setting: {argument of the model: value}.
    """
    purchases = inputs.purchases
    if name == "popular":
        buyers = np.asarray(purchases.sum(0), np.float32)  # [1, I]
        return Rival(lambda users: np.tile(buyers, (len(users), 1)), setting)
    if name == "content":
        topics = None if setting["vectors"] == "tfidf" else inputs.artefact.word_topics
        return Rival(content.scorer(*inputs.means(), topics=topics), setting)
    if name in BY_IMPLICIT:
        fitted = getattr(factors, name)(purchases, inputs.seed, **setting)
        return Rival(fitted.scores, setting, latent=fitted)
    model = getattr(item_item, name)
    matrix = model(purchases, inputs.means()[1], **setting) if name == "text_ease" else model(purchases, **setting)
    if sparse.issparse(matrix):
        matrix = matrix.tocsr()  # once, and not for each product
    return Rival(lambda users: item_item.scores(purchases[users], matrix), setting, matrix=matrix)


def item_matrix(name, inputs, setting, keep):
    """Returns the item-item matrix B [I, I], CSR, of a name with one setting: the largest entries of each column.

    Args:
      name, inputs, setting: as in `fit`; an item-item model, or "ials", whose matrix is that of `factors.matrix`.
      keep: number of entries of each column that are kept, at least 1.

    Raises:
      UserError: an entry is not finite.
    """
    fitted = fit(name, inputs, setting)
    if fitted.latent is None:
        return item_item.strongest(fitted.matrix, keep).tocsr()
    return factors.matrix(fitted.latent.item, setting["regularization"], setting["alpha"], keep).tocsr()


def possible_matrices(names, items):
    """Returns those of `possible` whose `item_matrix` can be computed; one line in the log where iALS is left out.

    Args:
      names: of item-item models and "ials".
      items: `I`.
    """
    found = possible(names, items)
    if "ials" in found and items > factors.MOST_PAIRED_ITEMS:
        found.remove("ials")
        cli.log.info("ials: left out of the order of items, %d items are more than %d", items,
                     factors.MOST_PAIRED_ITEMS)
    return found


def choose(name, inputs, held, budget):
    """Returns the Rival of a name whose setting, one of the first `budget` of its grid, has the best validation nDCG.

    Args:
      name: one of NAMES.
      inputs: Inputs.
      held: HeldOut of validation items.
      budget: number of settings, at least 1.
    """
    best = None
    for setting in GRIDS[name][:budget]:
        rival = fit(name, inputs, setting)
        if not len(held.users):
            return rival
        rival = rival._replace(ndcg=ndcg(rival.score, held, inputs.seed))
        if best is None or rival.ndcg > best.ndcg:
            best = rival
    return best


def ndcg(score, held, seed):
    """Mean nDCG@10 of a model's lists.

    Args:
      score: users [m] -> [m, I].
      held: HeldOut.
      seed: of the order of ties.
    """
    random = np.random.RandomState(seed)
    lists = ranking.lists(score, held, K, random, CHUNK)
    return explanation.mean(ranking.ndcg(lists.rank, held.row, len(held.users), K))


def fit_all(artefact, seed, budget=BUDGET, names=NAMES):
    """Fits the rivals, each with the setting of its grid that is best on validation items.

    Models that need a package that is missing, or too large a matrix, are left out with one line in the log.

    Args:
      artefact: Artefact. Its test split is not read.
      seed: of factors, of the sample of validation users and of the order of ties.
      budget: number of settings of each grid that are tried.
      names: of the models.

    Returns:
      {name: Rival}.
    """
    inputs, items = Inputs(artefact, seed), len(artefact.item_reviews)
    most = min(MOST_USERS, max(LEAST_USERS, MOST_PAIRS // items))
    held = held_out.of_split(artefact.train, artefact.validation, items, np.random.RandomState(seed), most)
    return {name: choose(name, inputs, held, budget) for name in possible(names, items)}


def possible(names, items):
    """Returns those of the names that can be fitted; one line in the log for each reason why others cannot.

    Args:
      names: of the models.
      items: `I`.
    """
    left_out = {}
    if items > item_item.MOST_ITEMS_TO_INVERT:
        left_out.update(dict.fromkeys(INVERTED, f"{items} items are more than {item_item.MOST_ITEMS_TO_INVERT}"))
    if not factors.installed():
        left_out.update(dict.fromkeys(BY_IMPLICIT, factors.MISSING))
    for reason in sorted(set(left_out.values())):
        missing = [name for name in names if left_out.get(name) == reason]
        if missing:
            cli.log.info("%s: left out, %s", ", ".join(missing), reason)
    return [name for name in names if name not in left_out]
