"""Tests what the test reviews of users say, against what those near them wrote."""
import numpy as np
import pytest

from models.run_folder import aspect_reading, aspect_tables, runs
from preprocessing import artefact as contract, catalogue, tokenise
from tests.support import reading
from tSNE import colours, held_out, maps
from user_modeling.nearest import nearest_users


@pytest.fixture(scope="module")
def near(artefact):
    return nearest_users(maps.unit(np.random.RandomState(2).normal(size=(len(artefact.user_reviews), 5))), 3).user


def slow(artefact, bags, near):
    """(mean similarity to neighbours, to everyone) by loops over dense rows."""
    rows = contract.training_rows(artefact)
    dense, owner = bags.toarray(), artefact.review_user[rows]
    close, every = [], []
    for review in filter(artefact.review_length.__getitem__, artefact.test.review):
        author = artefact.review_user[review]
        for other in set(owner) - {author} if near[author, 0] >= 0 else ():
            similarity = np.mean(dense[rows[owner == other]] @ dense[review])
            every.append(similarity)
            if other in near[author]:
                close.append(similarity)
    return np.mean(close), np.mean(every)


@pytest.mark.parametrize("block", [1, 7, 2048])
def test_the_similarity_equals_a_slow_loop(artefact, bags, near, block, monkeypatch):
    monkeypatch.setattr(held_out, "BLOCK", block)
    np.testing.assert_allclose(held_out.similarity(artefact, bags, near, seed=0), slow(artefact, bags, near), rtol=1e-5)


def test_users_without_neighbours_or_training_reviews_are_left_out(artefact, bags, near):
    some = near.copy()
    some[::3] = -1
    silent = artefact.review_length.copy()
    silent[contract.training_rows(artefact)[artefact.review_user[contract.training_rows(artefact)] == near[1, 0]]] = 0
    silent = artefact._replace(review_length=silent)
    for one in (artefact, silent):
        np.testing.assert_allclose(held_out.similarity(one, bags, some, seed=0), slow(one, bags, some), rtol=1e-5)


def test_only_test_reviews_are_measured(artefact, bags, near):
    """Other validation reviews change nothing; without test reviews there is nothing to measure."""
    changed = bags.tolil()
    changed[artefact.validation.review] = 0
    assert held_out.similarity(artefact, bags, near, 0) == held_out.similarity(artefact, changed.tocsr(), near, 0)
    nothing = artefact._replace(test=type(artefact.test)(*(part[:0] for part in artefact.test)))
    assert held_out.similarity(nothing, bags, near, 0) is None
    assert held_out.similarity(artefact, bags, np.full_like(near, -1), 0) is None


def test_the_aspect_of_a_user_is_one_of_the_users_test_reviews(tiny_aspects):
    folder, run_folder = tiny_aspects
    run, tables = runs.load(run_folder), aspect_tables.load(run_folder)
    found = held_out.aspects(run, tables)
    words, rule = run.artefact.vocabulary, tokenise.of(run.artefact.meta)
    said, connection = {}, catalogue.of(folder)
    for user, text in connection.execute("SELECT user, text FROM reviews WHERE split = 'test'").fetchall():
        said.setdefault(user, set()).update(reading.read(text, tables, words, rule)[1].aspect)
    connection.close()
    for user, aspect in enumerate(found):
        spoken = said.get(user, set()) - {aspect_reading.NO_ASPECT}
        assert aspect in spoken if spoken else aspect == colours.NONE
    assert (found >= 0).any()
