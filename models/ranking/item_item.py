"""Item-item matrices from purchases: ItemKNN, RP3beta, EASE, text-EASE.

`X` is the binary matrix [U, I] of training pairs. Every model is a matrix `B` [I, I] with diagonal 0; the score of item
`j` for user `u` is `sum of B_ij over the items i that u bought`, so each purchase adds its entry, which is its part of
the score. Entries of EASE and text-EASE may be negative: item `j` is less likely after `i`. They are not set to 0, as
they are part of the solution. Entries that are not finite are refused.
"""
import numpy as np
from scipy import linalg, sparse

from models.ranking import texts
from runtime.cli import UserError

MOST_ITEMS_TO_INVERT = 20000  # the inverse of EASE holds this number squared, 3 GiB
BLOCK = 256  # columns that are copied or sorted at a time


def interactions(train, users, items):
    """Returns X [U, I], CSR float32: 1 where the user has a training pair with the item, however often.

    Args:
      train: Split.
      users, items: `U` and `I`.
    """
    pairs = sparse.csr_matrix((np.ones(len(train.user), np.float32), (train.user, train.item)), shape=(users, items))
    pairs.sum_duplicates()
    pairs.data[:] = 1
    return pairs


def scores(bought, matrix):
    """Returns the scores [m, I], dense float32, of users with purchases `bought` [m, I] (rows of X) by a matrix B."""
    product = bought @ matrix
    return np.asarray(product.toarray() if sparse.issparse(product) else product, np.float32)


def item_knn(purchases, neighbours, shrinkage):
    """Returns B [I, I], CSC: the cosine of two items' users, for the `neighbours` most alike items of each item.

    `B_ij = n_ij / (sqrt(n_i n_j) + shrinkage)`, `n_ij` the users who bought both (Sarwar et al., "Item-based
    collaborative filtering recommendation algorithms", WWW 2001; shrinkage as in Ferrari Dacrema, Cremonesi & Jannach,
    RecSys 2019).

    Args:
      purchases: X [U, I].
      neighbours: entries that are kept of each column.
      shrinkage: lowers the likeness of items with few users.
    """
    both = (purchases.T @ purchases).tocoo()
    length = np.sqrt(_buyers(purchases))
    cosine = both.data / np.maximum(length[both.row] * length[both.col] + shrinkage, 1e-12)
    return strongest(_without_diagonal(sparse.csc_matrix((cosine, (both.row, both.col)), both.shape)), neighbours)


def rp3beta(purchases, alpha, beta, neighbours):
    """Returns B [I, I], CSC: the probability of a random walk item - user - item, lowered for popular items.

    `B_ij = sum_u (x_ui / n_i)^alpha (x_uj / n_u)^alpha / n_j^beta`, `n` numbers of pairs (Paudel, Christoffel, Newell
    & Bernstein, "Updatable, accurate, diverse, and scalable recommendations for interactive applications", TiiS 2017).

    Args:
      purchases: X [U, I].
      alpha: exponent of the probability of each step.
      beta: how much popular items are lowered.
      neighbours: entries that are kept of each column.
    """
    buyers, bought = np.maximum(_buyers(purchases), 1), np.maximum(np.asarray(purchases.sum(1)).ravel(), 1)
    to_user = (sparse.diags(buyers ** -float(alpha)) @ purchases.T).tocsr()
    to_item = (sparse.diags(bought ** -float(alpha)) @ purchases @ sparse.diags(buyers ** -float(beta))).tocsr()
    return strongest(_without_diagonal((to_user @ to_item).tocsc()), neighbours)


def ease(purchases, l2):
    """Returns B [I, I], dense float32: the linear model that predicts each item from the others by least squares.

    It minimises `|X - X B|^2 + l2 |B|^2` with diagonal 0: `P = (X'X + l2 I)^-1`, `B_ij = -P_ij / P_jj` (Steck,
    "Embarrassingly shallow autoencoders for sparse data", WWW 2019, equation 8).

    Args:
      purchases: X [U, I].
      l2: above 0.

    Raises:
      UserError: there are more than MOST_ITEMS_TO_INVERT items.
    """
    _require_few_items(purchases.shape[1])
    return _closed_form(_gram(purchases), l2)


def text_ease(purchases, words, alpha, l2):
    """Returns B [I, I], dense float32: EASE that also predicts the words of each item's reviews from other items.

    It minimises `|X - X B|^2 + alpha |A' - A' B|^2 + l2 |B|^2` with diagonal 0, rows of `A` [I, V] the unit mean TF-IDF
    vectors of the items' training reviews: EASE with the Gram matrix `X'X + alpha A A' + l2 I`, which is EASE on users
    and, weighted by alpha, words (Jeunen, Van Balen & Goethals, "Closed-form models for collaborative filtering with
    side-information", RecSys 2020).

    Args:
      purchases: X [U, I].
      words: A [I, V], CSR: `texts.unit_means` of the items.
      alpha: weight of the texts; 0 is EASE.
      l2: above 0.

    Raises:
      UserError: there are more than MOST_ITEMS_TO_INVERT items.
    """
    _require_few_items(purchases.shape[1])
    system = _gram(purchases)
    texts.add_likeness(system, words, alpha)
    return _closed_form(system, l2)


def strongest(matrix, keep):
    """Returns the `keep` largest entries of each column of B [I, I] as CSC float32; of negative ones the nearest to 0.

    Args:
      matrix: B, dense or sparse. Only stored entries of a sparse matrix count.
      keep: number of entries of each column, at least 1.

    Raises:
      UserError: an entry is not finite.
    """
    require_finite(matrix)
    items, columns = matrix.shape
    stored = matrix.tocsc() if sparse.issparse(matrix) else matrix
    blocks = [_strongest(stored[:, start:start + BLOCK], min(keep, items)) for start in range(0, columns, BLOCK)]
    return sparse.hstack(blocks, "csc")


def _strongest(columns, keep):
    """The `keep` largest entries of each of some columns [I, b], dense or sparse: CSC float32."""
    dense = columns.toarray() if sparse.issparse(columns) else columns
    values = np.array(dense.T, np.float32)  # [b, I]
    values[values == 0] = -np.inf  # not stored
    rows = np.sort(np.argpartition(values, values.shape[1] - keep, 1)[:, values.shape[1] - keep:], 1)
    kept = np.take_along_axis(values, rows, 1)
    real = kept > -np.inf
    return sparse.csc_matrix((kept[real], rows[real], np.concatenate([[0], np.cumsum(real.sum(1))])), dense.shape)


def require_finite(matrix):
    """Raises UserError if an entry of B, dense or sparse, is NaN or infinite."""
    values = matrix.data if sparse.issparse(matrix) else np.asarray(matrix)
    wrong = values.size - int(np.isfinite(values).sum())
    if wrong:
        raise UserError(f"the item-item matrix holds {wrong} entries that are not finite; choose a larger l2, or "
                        "preprocess the data again")


def _gram(purchases):
    """X'X [I, I], dense float64 in the order of Fortran, as LAPACK overwrites it without a copy."""
    return (purchases.T @ purchases).astype(np.float64).toarray(order="F")


def _closed_form(system, l2):
    """`B_ij = -P_ij / P_jj` [I, I] float32, `P` the inverse of a Gram matrix [I, I] + l2 I, by Cholesky.

    `system` is the Gram matrix; it is overwritten.
    """
    if not l2 > 0:
        raise UserError(f"l2 is {l2}; EASE needs a value above 0")
    require_finite(system)
    system[np.diag_indices(len(system))] += l2
    factor, failed = linalg.lapack.dpotrf(system, lower=1, overwrite_a=1, clean=0)
    if failed:
        raise UserError(f"the Gram matrix of the items is not positive definite with l2 {l2}; choose a larger l2")
    inverse = linalg.lapack.dpotri(factor, lower=1, overwrite_c=1)[0]  # in its lower triangle
    matrix = inverse.astype(np.float32)
    for start in range(0, len(matrix), BLOCK):  # in place: whole copies would be the largest arrays
        stop = start + BLOCK
        corner = np.tril(matrix[start:stop, start:stop])
        matrix[start:stop, start:stop] = corner + np.tril(corner, -1).T
        matrix[start:stop, stop:] = matrix[stop:, start:stop].T
    matrix /= -np.diag(inverse).astype(np.float32)[np.newaxis]
    np.fill_diagonal(matrix, 0)
    require_finite(matrix)
    return matrix


def _buyers(purchases):
    """Number of users [I] float64 who bought each item."""
    return np.asarray(purchases.sum(0), np.float64).ravel()


def _without_diagonal(matrix):
    """A sparse matrix whose diagonal is not stored, CSC."""
    rest = sparse.csc_matrix(matrix - sparse.diags(matrix.diagonal()))
    rest.eliminate_zeros()
    return rest


def _require_few_items(items):
    if items > MOST_ITEMS_TO_INVERT:
        raise UserError(f"EASE inverts a matrix of {items} x {items} items, more than {MOST_ITEMS_TO_INVERT}; use "
                        "item_knn, rp3beta or ials")
