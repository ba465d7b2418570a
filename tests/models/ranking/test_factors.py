"""iALS and BPR by the package `implicit`; skipped where it is not installed, as on Python 3.6."""
import numpy as np
import pytest

from models.ranking import factors, item_item
from preprocessing.artefact import Split
from tests.models.ranking import corpora

pytestmark = pytest.mark.skipif(not factors.installed(), reason="the package implicit is not installed")
BOTH = {"ials": lambda x, seed: factors.ials(x, seed, factors=5, regularization=1., alpha=9.),
        "bpr": lambda x, seed: factors.bpr(x, seed, factors=5)}


def planted():
    user, item = corpora.pairs(0)
    return item_item.interactions(Split(user, item, user, user), corpora.USERS + 1, corpora.ITEMS)  # one without items


@pytest.mark.parametrize("name", sorted(BOTH))
def test_a_seed_repeats_the_factors(name):
    x = planted()
    one, same, other = (BOTH[name](x, seed) for seed in (3, 3, 4))
    np.testing.assert_array_equal(one.user, same.user)
    np.testing.assert_array_equal(one.item, same.item)
    assert not np.array_equal(one.item, other.item)


@pytest.mark.parametrize("name", sorted(BOTH))
def test_planted_co_purchases_are_found(name):
    found, x = BOTH[name](planted(), 0), planted()
    assert found.user.shape[0] == corpora.USERS + 1 and found.item.shape[0] == corpora.ITEMS
    scores, group = found.scores(np.array([2, corpora.USERS])), corpora.GROUP
    assert scores.shape == (2, corpora.ITEMS) and np.isfinite(scores).all()
    assert scores[0, :group].min() > scores[0, group:2 * group].max() and x[2, 0] and not x[2, group]


def test_ials_minimises_its_equation():
    """At the end each item's factors are those of a ridge regression on the users' factors, weighted by confidence."""
    x = planted()
    found = factors.ials(x, 0, factors=5, regularization=2., alpha=9., iterations=200)
    rated, user = x.toarray(), found.user.astype(np.float64)
    for item in (0, 5, 9):
        confidence = 1 + 9 * rated[:, item]
        wanted = np.linalg.solve((user * confidence[:, None]).T @ user + 2 * np.eye(5),
                                 (user * confidence[:, None]).T @ rated[:, item])
        np.testing.assert_allclose(found.item[item], wanted, atol=2e-2)


def test_the_matrix_holds_what_one_purchase_is_worth():
    """A row is the scores of a user who bought that item alone, whose factors are those of equation 4 of the paper."""
    item = factors.ials(planted(), 0, factors=5, regularization=2., alpha=9.).item.astype(np.float64)
    found = factors.matrix(item, 2., 9., corpora.ITEMS).toarray()
    for bought in (0, 7):
        own = item[bought]
        user = 10 * np.linalg.solve(item.T @ item + 9 * np.outer(own, own) + 2 * np.eye(5), own)
        np.testing.assert_allclose(np.delete(found[bought], bought), np.delete(item @ user, bought), atol=1e-5)
    assert (found.diagonal() == 0).all()


def test_the_matrix_keeps_the_largest_entries_of_each_column():
    item = np.random.RandomState(2).normal(0, 1, (item_item.BLOCK + 3, 5))
    whole, some = (factors.matrix(item, 2., 9., keep).toarray() for keep in (len(item), 4))
    assert (np.count_nonzero(some, 0) == 4).all()
    np.testing.assert_array_equal(some[some != 0], whole[some != 0])
    assert (np.where(some != 0, whole, np.inf).min(0) >= np.where(some == 0, whole, -np.inf).max(0)).all()
