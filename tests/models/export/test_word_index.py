"""The word index gives the similarity of a bag to every review, whichever words are frequent."""
import numpy as np
import pytest
from scipy import sparse

from models.export import word_index
from runtime.tf1 import tf


@pytest.mark.parametrize("frequent", [0., .12, 2.])
def test_likeness_is_the_product(frequent, monkeypatch):
    monkeypatch.setattr(word_index, "FREQUENT", frequent)
    monkeypatch.setattr(word_index, "STEP", 7)
    random = np.random.RandomState(5)
    dense = random.rand(97, 51) * (random.rand(97, 51) < np.linspace(0, .8, 51) ** 2)
    index, weights = word_index.of_bags(sparse.csr_matrix(dense.astype(np.float32)))
    assert len(index.frequent) % 7 == 0 or len(index.frequent) == 51
    for share in (0, .3, 1):
        bag = (random.rand(51) * (random.rand(51) < share)).astype(np.float32)
        with tf.Graph().as_default(), tf.Session() as session:
            likeness = session.run(word_index.listed(word_index.WordIndex(*map(tf.constant, index)),
                                                     tf.constant(bag), 97))
        np.testing.assert_allclose(likeness + bag[index.frequent] @ weights.toarray(), dense @ bag, atol=1e-5)


def test_an_empty_index():
    index, weights = word_index.of_bags(sparse.csr_matrix((5, 9), dtype=np.float32))
    assert len(index.frequent) == len(index.word) == 0 and weights.shape == (0, 5)
