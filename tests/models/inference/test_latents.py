"""Queries of users: those that the network has for any pair, and of authors where reviews bring their own query."""
import numpy as np
import pytest

from models.inference import latents, personal
from models.inference.predictor import Predictor
from tests.models.building import Running, named

PAIRS = ["default", "drawing", "original", "text", "id", "product"]


def predictor_of(name):
    running = Running(named(name))
    return Predictor(running.network, running.corpus, running.session)


@pytest.mark.parametrize("name", PAIRS)
def test_a_query_is_that_of_the_user_with_any_item(name):
    predictor = predictor_of(name)
    found = latents.queries(predictor)
    for item in range(len(predictor.corpus.artefact.item_reviews)):
        user = np.arange(len(found))
        np.testing.assert_allclose(found, predictor.alone("query", user, np.full(len(user), item)), atol=1e-5)


@pytest.mark.parametrize("name", PAIRS)
def test_personal_scores_have_the_same_queries(name):
    predictor = predictor_of(name)
    expected = latents.queries(predictor)
    if predictor.network.config.cosine_score:
        expected = expected / np.linalg.norm(expected, axis=1, keepdims=True)
    np.testing.assert_allclose(personal.PersonalScores(predictor).queries, expected, atol=1e-5)


@pytest.mark.parametrize("name", ["narre", "author"])
def test_the_query_of_an_author_is_that_of_the_authors_reviews(name):
    """The network's query for an item is that of the author of its first review, whoever reads it."""
    predictor = predictor_of(name)
    found, first = latents.queries(predictor), predictor.corpus.served_slots.item[:, 0]
    item = np.flatnonzero(first)
    author = predictor.corpus.artefact.review_user[first[item]]
    assert len(set(author.tolist())) > 1
    for user in range(len(found)):
        np.testing.assert_allclose(found[author], predictor.alone("query", np.full(len(item), user), item), atol=1e-5)


@pytest.mark.parametrize("name", ["narre", "author"])
def test_users_differ_as_authors(name):
    found = latents.queries(predictor_of(name))
    assert np.isfinite(found).all() and np.ptp(found, axis=0).max() > .01
