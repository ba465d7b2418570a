"""Users and items as mean TF-IDF vectors of their training reviews."""
import numpy as np
from scipy import sparse

from preprocessing import artefact as contract
from preprocessing.bag import tfidf

FREQUENT = .05  # words in more than this share of the items are multiplied as a dense matrix, which is faster
BLOCK = 512  # items whose cosines are computed at a time


def unit_means(artefact):
    """Returns (users [U, V], items [I, V]), CSR float32: mean TF-IDF vectors of training reviews, of unit length.

    A row is 0 where there is no training review with a known word.
    """
    a, rows = artefact, contract.training_rows(artefact)
    bags = tfidf(a.review_tokens[rows], a.document_frequency, a.meta["training_reviews"])
    return tuple(_unit_sums(owner[rows], bags, count) for owner, count in (
        (a.review_user, len(a.user_reviews)), (a.review_item, len(a.item_reviews))))


def add_likeness(total, rows, weight):
    """Adds weight A A' to `total` [I, I], float64, in place: the cosine of every two items, a block of items at a time.

    A A' is not kept, as it would be the second largest array of text-EASE.

    Args:
      total: [I, I] in the order of Fortran, so that the columns of a block lie side by side.
      rows: unit rows `A` [I, V], CSR float32.
      weight: a number.
    """
    items = rows.shape[0]
    frequent = np.asarray((rows != 0).sum(0)).ravel() > FREQUENT * items
    columns = rows.tocsc()
    dense, rare = columns[:, np.flatnonzero(frequent)].toarray(), columns[:, np.flatnonzero(~frequent)].tocsr()
    of_word = rare.T.tocsr()
    for start in range(0, items, BLOCK):
        block = dense[start:start + BLOCK] @ dense.T + (rare[start:start + BLOCK] @ of_word).toarray()  # [b, I]
        total[:, start:start + BLOCK] += np.float32(weight) * block.T


def _unit_sums(owner, bags, count):
    """The sum of the bags [n, V] of each owner [n], divided by its length: [count, V]. It has the mean's direction."""
    total = sparse.csr_matrix((np.ones(len(owner), np.float32), (owner, np.arange(len(owner)))),
                              shape=(count, len(owner))) @ bags
    length = np.sqrt(np.asarray(total.multiply(total).sum(1)).ravel())
    return (sparse.diags((1 / np.maximum(length, 1e-12)).astype(np.float32)) @ total).tocsr()
