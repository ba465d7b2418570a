"""The family of rivals: what they read, how their settings are chosen, and what is left out."""
import numpy as np
import pytest

from models.ranking import factors, held_out, item_item, rivals
from tests.models.ranking import corpora

QUICK = ("popular", "item_knn", "rp3beta", "ease", "text_ease", "content")
USERS = np.array([0, 33, 60])


def scores(artefact, names=QUICK, budget=2):
    return {name: rival.score(USERS) for name, rival in rivals.fit_all(artefact, 0, budget, names).items()}


def test_every_rival_scores_the_whole_catalogue_finitely():
    fitted = rivals.fit_all(corpora.corpus(), 0, 2)
    assert set(fitted) == set(rivals.NAMES if factors.installed() else QUICK)
    for name, rival in fitted.items():
        assert rival.score(USERS).shape == (3, corpora.ITEMS) and np.isfinite(rival.score(USERS)).all()
        assert rival.setting in rivals.GRIDS[name][:2] and 0 <= rival.ndcg <= 1
        assert (rival.matrix is not None) == (name in ("item_knn", "rp3beta", "ease", "text_ease"))
        assert (rival.latent is not None) == (name in rivals.BY_IMPLICIT)


def test_the_grids_are_of_one_budget():
    assert all(1 <= len(grid) <= rivals.BUDGET for grid in rivals.GRIDS.values())
    assert all(len(set(map(str, grid))) == len(grid) for grid in rivals.GRIDS.values())


def test_popular_orders_by_the_number_of_buyers():
    a = corpora.corpus()
    found = rivals.fit_all(a, 0, 1, ["popular"])["popular"].score(USERS)
    np.testing.assert_array_equal(found, np.tile(np.bincount(a.train.item, minlength=corpora.ITEMS), (3, 1)))


def test_test_pairs_and_test_texts_change_nothing():
    a = corpora.corpus()
    before, after = scores(a, rivals.NAMES), scores(corpora.with_other(a, "test"), rivals.NAMES)
    for name in before:
        np.testing.assert_array_equal(before[name], after[name])


def test_validation_pairs_choose_the_setting_and_change_nothing_else():
    a = corpora.corpus()
    for name, values in scores(a, budget=1).items():
        np.testing.assert_array_equal(scores(corpora.with_other(a, "validation"), budget=1)[name], values)


def test_the_setting_that_ranks_validation_items_best_is_chosen(monkeypatch):
    """Of two settings the second ranks validation items first, the first ranks test items first."""
    a = corpora.corpus()
    wanted = {"test": a.test, "validation": a.validation}

    def fit(name, inputs, setting):
        split, table = wanted[setting["knows"]], np.zeros((corpora.USERS, corpora.ITEMS))
        table[split.user, split.item] = 1
        return rivals.Rival(lambda users: table[users], setting)

    monkeypatch.setattr(rivals, "fit", fit)
    monkeypatch.setattr(rivals, "GRIDS", {"ease": ({"knows": "test"}, {"knows": "validation"})})
    chosen = rivals.fit_all(a, 0, 2, ["ease"])["ease"]
    assert chosen.setting == {"knows": "validation"} and chosen.ndcg == pytest.approx(1)
    assert rivals.fit_all(a, 0, 1, ["ease"])["ease"].setting == {"knows": "test"}


def test_without_validation_items_the_first_setting_is_used():
    a = corpora.corpus()
    a.validation = type(a.validation)(*(part[:0] for part in a.validation))
    chosen = rivals.fit_all(a, 0, names=["ease"])["ease"]
    assert chosen.setting == rivals.GRIDS["ease"][0] and chosen.ndcg is None


def test_equal_seeds_give_equal_scores():
    one, same = scores(corpora.corpus(), rivals.NAMES), scores(corpora.corpus(), rivals.NAMES)
    for name in one:
        np.testing.assert_array_equal(one[name], same[name])


def test_purchases_rank_held_out_items_better_than_popularity():
    a = corpora.corpus()
    held = held_out.of_split(a.train, a.test, corpora.ITEMS, np.random.RandomState(0), 99)
    fitted = rivals.fit_all(a, 0, 2)
    popular = rivals.ndcg(fitted["popular"].score, held, 0)
    for name in set(fitted) - {"popular", "content"}:
        assert rivals.ndcg(fitted[name].score, held, 0) > popular + .05, name


def test_models_that_cannot_be_fitted_are_left_out_with_one_line_each(monkeypatch, caplog):
    monkeypatch.setattr(factors, "installed", lambda: False)
    monkeypatch.setattr(item_item, "MOST_ITEMS_TO_INVERT", 12)
    with caplog.at_level("INFO", "recsys"):
        fitted = rivals.fit_all(corpora.corpus(), 0, 1)
    assert set(fitted) == {"popular", "item_knn", "rp3beta", "content"}
    lines = [entry.getMessage() for entry in caplog.records]
    assert len(lines) == 2 and "ease, text_ease: left out, 13 items" in lines[0] and "ials, bpr: left out" in lines[1]


@pytest.mark.skipif(not factors.installed(), reason="the package implicit is not installed")
@pytest.mark.parametrize("items, left", [(factors.MOST_PAIRED_ITEMS, True), (factors.MOST_PAIRED_ITEMS + 1, False)])
def test_the_matrix_of_ials_is_left_out_where_there_are_too_many_pairs_of_items(caplog, items, left):
    with caplog.at_level("INFO"):
        assert ("ials" in rivals.possible_matrices(("rp3beta", "ials"), items)) is left
    assert ("left out of the order" in caplog.text) is not left
    assert "ials" in rivals.possible(("rp3beta", "ials"), items)  # as a model that ranks it needs no matrix


@pytest.mark.parametrize("name", ["ease", "ials"])
def test_the_matrix_of_a_model_keeps_the_largest_entries(name):
    if name == "ials" and not factors.installed():
        pytest.skip("the package implicit is not installed")
    inputs, setting = rivals.Inputs(corpora.corpus(), 0), dict(rivals.GRIDS[name][0])
    matrix = rivals.item_matrix(name, inputs, setting, 3)
    assert matrix.shape == (corpora.ITEMS, corpora.ITEMS) and (matrix.getnnz(0) <= 3).all()
    whole = rivals.item_matrix(name, inputs, setting, corpora.ITEMS)
    assert matrix.multiply(whole != 0).nnz == matrix.nnz and whole.nnz > matrix.nnz


def test_in_a_large_catalogue_fewer_validation_users_choose_the_setting(monkeypatch):
    a, sizes, of_split = corpora.corpus(), [], rivals.held_out.of_split
    items = len(a.item_reviews)
    monkeypatch.setattr(rivals.held_out, "of_split", lambda *given: sizes.append(given[-1]) or of_split(*given))
    for pairs in (rivals.MOST_PAIRS, 1000 * items, items):
        monkeypatch.setattr(rivals, "MOST_PAIRS", pairs)
        rivals.fit_all(a, 0, 1, ["popular"])
    assert sizes == [rivals.MOST_USERS, 1000, rivals.LEAST_USERS]
