"""An order of items at random, of the size that `./run train` chooses: every part of y is served, and means nothing."""
import numpy as np
from scipy import sparse

EVIDENCE, POPULARITY = .3, .2  # weights
TAU, STARS, PRIOR = 1., .5, 3.  # of the evidence; tau above 0 takes longer than 0
PRAISE, ASPECTS = .5, 20  # weight of the praise, and number of aspects
SPREAD = .1  # standard deviation of the entries of B, and of the centre of the evidence
BLOCK = 512  # columns at a time


def of(artefact, seed, entries=None):
    """Returns an Order for an artefact. Popular items have most entries of B, as they have most purchases.

    Args:
      artefact: Artefact.
      seed: of all numbers.
      entries: of each column of B, drawn with replacement; None: as many as `./run train` keeps, all different, which
        takes too long for more than some ten thousand items.
    """
    from models.ranking import blend
    from models.run_folder.item_order import Order

    random, popular = np.random.RandomState(seed), np.exp(blend.popularity(artefact))
    keep = max(blend.KEEP, blend.ENTRIES // len(popular))
    centre = random.normal(0, SPREAD, len(popular)).astype(np.float32)
    purchases = matrix(popular, keep, random) if entries is None else sparse_matrix(popular, entries, random)
    return Order(EVIDENCE, POPULARITY, TAU, 0., "text_ease", {}, 0., centre, purchases, STARS, PRIOR, PRAISE,
                 aspects(artefact, random))


def aspects(artefact, random):
    """Returns Aspects of which each training review speaks of two at most."""
    from models.run_folder.item_order import Aspects

    rows = np.repeat(artefact.train.review, 2)
    values = random.normal(0, SPREAD, len(rows)).astype(np.float32)
    reviews = sparse.csr_matrix((values, (rows, random.randint(0, ASPECTS, len(rows)))),
                                (len(artefact.review_user), ASPECTS))
    users, words = (random.random_sample((len(each), ASPECTS)).astype(np.float32)
                    for each in (artefact.user_reviews, artefact.vocabulary))
    return Aspects(users, reviews, words)


def sparse_matrix(popular, entries, random):
    """Returns B [I, I], CSR: each column has `entries` draws of items in proportion to `popular` [I]."""
    items = len(popular)
    bounds = np.cumsum(popular / popular.sum())
    rows = np.minimum(np.searchsorted(bounds, random.random_sample(items * entries)), items - 1).astype(np.int32)
    columns = np.repeat(np.arange(items, dtype=np.int32), entries)
    values = random.normal(0, SPREAD, len(rows)).astype(np.float32) * (rows != columns)
    purchases = sparse.csr_matrix((values, (rows, columns)), (items, items))
    purchases.sum_duplicates()
    return purchases


def matrix(popular, keep, random):
    """Returns B [I, I], CSR: in each column `keep` items at random, in proportion to `popular` [I], or all others."""
    items = len(popular)
    keep, columns = min(keep, items - 1), []
    for start in range(0, items, BLOCK):
        own = np.arange(start, min(start + BLOCK, items))
        keys = random.gumbel(size=(len(own), items)) + np.log(popular)  # the largest are a draw without replacement
        keys[np.arange(len(own)), own] = -np.inf
        columns.append(np.argpartition(keys, items - keep, 1)[:, items - keep:])
    rows = np.concatenate(columns).ravel()
    values = random.normal(0, SPREAD, len(rows)).astype(np.float32)
    return sparse.csr_matrix((values, (rows, np.repeat(np.arange(items), keep))), (items, items))
