"""Which words of a corpus may tell of an aspect.

A word that tells of an aspect is neither said of everything nor of one kind of product only: some users, or the reviews
of some items, speak of it more often than others (its dispersion is above 1), and yet reviews of most items that could
hold it do (its spread is near 1). "Bought" is said everywhere, "ukulele" of few items, "sturdy" is between.

Legend: `n` training reviews with text, `V` words.
"""
from typing import NamedTuple

import numpy as np
from scipy import sparse

from preprocessing.artefact import UNKNOWN
from user_modeling.generic_words import is_generic

RARE, FREQUENT = .003, .25  # share of the reviews that hold a usable word, from and to
FEWEST = 5  # reviews that hold it
DISPERSION, SPREAD = 1.02, .4  # at least
STRONGEST = 4.  # dispersion above this counts as this
MOST = 3000  # words


class Words(NamedTuple):
    """Figures of all words, [V] each, and the candidates."""
    reviews: np.ndarray  # that hold the word
    sentences: np.ndarray  # that hold it
    users: np.ndarray  # dispersion over users: lower bound, 0 to STRONGEST
    spread: np.ndarray  # items whose reviews hold it, divided by the number expected by chance
    candidates: np.ndarray  # word ids, rising


def of(corpus):
    """Returns the Words of a Corpus."""
    n, size = corpus.reviews.shape
    reviews, sentences = (np.asarray(bags.sum(axis=0)).ravel().astype(np.float64)
                          for bags in (corpus.reviews, corpus.bags))
    artefact = corpus.artefact
    owners = (corpus.user, len(artefact.user_reviews)), (corpus.item, len(artefact.item_reviews))
    users, items = (np.minimum(_dispersion(corpus.reviews, *owner), STRONGEST) for owner in owners)
    spread = _spread(corpus.reviews, *owners[1])
    generic = np.array([is_generic(word) for word in artefact.vocabulary])
    usable = (reviews >= max(FEWEST, RARE * n)) & (reviews < FREQUENT * n) & ~generic
    usable[:UNKNOWN + 1] = False
    chosen = np.flatnonzero(usable & (np.maximum(users, items) > DISPERSION) & (spread > SPREAD))
    chosen = np.sort(chosen[np.argsort(-reviews[chosen], kind="stable")][:MOST])
    return Words(reviews, sentences, users, spread, chosen)


def _by_owner(bags, owner, count):
    """Returns [count, V] CSR: in how many reviews of each owner a word stands."""
    n = len(owner)
    return sparse.csr_matrix((np.ones(n, np.float32), (owner, np.arange(n))), (count, n)) @ bags


def _dispersion(bags, owner, count):
    """Returns [V]: how many pairs of reviews of one owner both hold a word, divided by the number expected if reviews
    held it by their length alone; where that is above 1, two standard errors are taken off its excess."""
    length = np.asarray(bags.sum(axis=1)).ravel().astype(np.float64)
    reviews = np.asarray(bags.sum(axis=0)).ravel().astype(np.float64)
    of_owner = _by_owner(bags, owner, count)
    pairs = np.asarray(of_owner.multiply(of_owner).sum(axis=0)).ravel() - reviews
    total = np.bincount(owner, length, count)
    chance = ((total ** 2).sum() - (length ** 2).sum()) / max(length.sum(), 1) ** 2
    expected = np.maximum(reviews ** 2 * chance, 1e-9)
    ratio, error = pairs / expected, np.sqrt(2 / expected)
    return np.where(ratio > 1, np.maximum(1, ratio - 2 * error), ratio)


def _spread(bags, owner, count):
    reviews = np.asarray(bags.sum(axis=0)).ravel().astype(np.float64)
    of_owner = _by_owner(bags, owner, count)
    observed = np.bincount(of_owner.indices, minlength=bags.shape[1])
    sizes, often = np.unique(np.bincount(owner, minlength=count), return_counts=True)
    share = np.unique(reviews / max(1, len(owner)))
    expected = np.array([(often * (1 - (1 - one) ** sizes)).sum() for one in share])
    return observed / np.maximum(expected[np.searchsorted(share, reviews / max(1, len(owner)))], 1e-9)
