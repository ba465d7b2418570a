"""Products of bags: in blocks as together, by sparse and by dense vectors, against plain matrices."""
import numpy as np
import pytest
from scipy import sparse

from models.inputs import bags

RANDOM = np.random.RandomState(4)
BAGS = sparse.random(11, 7, .4, "csr", np.float32, RANDOM)
VECTORS = sparse.random(3, 7, .5, "csr", np.float32, RANDOM)


@pytest.mark.parametrize("dense", [False, True])
@pytest.mark.parametrize("block", [1, 4, 5, 100])
def test_products_of_all_rows_in_blocks(monkeypatch, dense, block):
    monkeypatch.setattr(bags, "LARGE_BLOCK", block)
    rows = np.array([3, 0, 10, 3, 7])
    found = bags.all_products(BAGS, rows, VECTORS, dense)
    np.testing.assert_allclose(found, VECTORS.toarray() @ BAGS.toarray()[rows].T, rtol=1e-5)
    assert found.shape == (3, 5) and found.dtype == np.float32


@pytest.mark.parametrize("dense", [False, True])
def test_no_rows_give_no_columns(dense):
    assert bags.all_products(BAGS, np.zeros(0, int), VECTORS, dense).shape == (3, 0)


def test_mean_and_likeness_against_plain_matrices():
    slots = np.array([[1, 4, 0], [0, 0, 0], [9, 9, 2]])
    plain, real = BAGS.toarray(), (slots > 0)[..., None]
    mean = (plain[slots] * real).sum(1) / np.maximum(real.sum(1), 1)
    np.testing.assert_allclose(bags.mean(BAGS, slots).toarray(), mean, rtol=1e-5)
    np.testing.assert_allclose(bags.likeness(BAGS, slots, VECTORS),
                               np.einsum("brv,bv->br", plain[slots], VECTORS.toarray()), rtol=1e-5)
    np.testing.assert_allclose(bags.squared_norms(BAGS), (plain ** 2).sum(1), rtol=1e-5)
