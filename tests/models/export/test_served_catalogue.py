"""The export stores what the corpus holds, of training reviews alone."""
from types import SimpleNamespace

import numpy as np
import pytest

from models.export import served_catalogue, terms
from models.inference.predictor import Predictor
from runtime.tf1 import tf
from tests.models.building import Running, named


@pytest.fixture(scope="module", params=["default", "original"])
def exported_arrays(request):
    """(Catalogue, Corpus)."""
    running = Running(named(request.param))
    predictor = Predictor(running.network, running.corpus, running.session)
    return served_catalogue.of_run(SimpleNamespace(predictor=predictor, corpus=running.corpus,
                                                   artefact=running.artefact)), running.corpus


def test_stored_bags_are_those_of_the_corpus(exported_arrays):
    catalogue, corpus = exported_arrays
    rows = np.array([0, 4, 31, 2, 2, 0, 17], np.int32)
    with tf.Graph().as_default(), tf.Session() as session:
        stored = session.run(terms.of_rows(tf.constant(rows), served_catalogue.Bags(*map(tf.constant, catalogue.bags))))
    bags = np.zeros((len(rows), corpus.bags.shape[1]))
    np.add.at(bags, (stored.review, stored.word), stored.weight)
    training = np.union1d(catalogue.users.review, catalogue.items.review)
    wanted = corpus.bags[rows].toarray() * np.isin(rows, training)[:, None]
    np.testing.assert_allclose(bags, wanted, atol=1e-6)
    assert bags.any()


def test_reviews_are_stored_by_owner(exported_arrays):
    catalogue, corpus = exported_arrays
    for by_owner, table, keys in ((catalogue.users, corpus.served_slots.user, catalogue.user_keys),
                                  (catalogue.items, corpus.served_slots.item, catalogue.table.T)):
        assert len(by_owner.start) == len(table) + 1 and by_owner.start[-1] == len(by_owner.review) == len(keys)
        for owner, slots in enumerate(table):
            wanted = slots[slots > 0] if corpus.config.mask_padding else slots
            np.testing.assert_array_equal(by_owner.review[by_owner.start[owner]:by_owner.start[owner + 1]], wanted)


def test_uniform_weights_give_the_mean_residual(exported_arrays):
    catalogue, corpus = exported_arrays
    for item, slots in enumerate(corpus.served_slots.item):
        residual = catalogue.items.values[catalogue.items.start[item]:catalogue.items.start[item + 1], -2]
        pairs = corpus.pairs(np.array([0]), np.array([item]), slots=corpus.served_slots)
        np.testing.assert_allclose(np.sort(residual[residual != 0]),
                                   np.sort(pairs.residuals[pairs.residuals != 0]), atol=1e-5)
        np.testing.assert_allclose(catalogue.mean_residual[item], residual.mean() if len(residual) else 0, atol=1e-5)
