"""What the requests to an export cost, by its sizes and the numbers of its reviews."""
import json

import numpy as np
import pytest

from serving import signatures as wire
from serving.server.servables import costs
from serving.server.servables.costs import MATCHED, READ, Cost

SIZES = {"I": 900, "R_item": 20, "R_user": 10}
COUNTS = {"items": np.int32([3, 500, 0, 40]), "users": np.int32([1, 64, 2])}


def export(folder, meta, counts=None):
    """The Costs of an export with these assets; `meta` is a text, `counts` the arrays of the numbers of reviews."""
    (folder / "assets").mkdir(exist_ok=True)
    (folder / "assets" / "meta.json").write_text(meta)
    if counts is not None:
        np.savez(str(folder / "assets" / wire.REVIEW_COUNTS), **counts)
    return costs.of_export(str(folder))


def explained(items, users):
    return {wire.ITEM: np.int32(items), wire.USER: np.int32(users)}


def new_user(texts, **more):
    return dict({wire.TEXTS: np.zeros((1, texts, 3), np.int32), wire.RATED_ITEMS: np.zeros((1, texts), np.int32),
                 wire.STARS: np.zeros((1, texts), np.float32)}, **more)


def test_explaining_costs_by_the_reviews_that_are_weighed(tmp_path):
    cost = export(tmp_path, json.dumps({"sizes": SIZES}), COUNTS).of
    assert cost(wire.EXPLAIN, explained([3], [2])) == Cost(READ * (40 + 2) + 40 + 2)
    assert cost(wire.EXPLAIN, explained([0, 1], [1, 1])) == Cost(READ * (3 + 500 + 64) // 2 + 500 + 64)
    assert cost(wire.EXPLAIN, explained([0, 1], [1, 2])) == Cost(READ * (3 + 500 + 64 + 2) // 2 + 500 + 64)
    assert cost(wire.EXPLAIN, explained([], [])) == Cost()
    assert cost(wire.FOLD_IN_EXPLAIN, new_user(7, iid=np.int32([3, 3]))) == Cost(READ * (40 + 40 + 7) // 2 + 40 + 7)


def test_ranking_costs_by_the_items_and_the_texts_of_a_new_user(tmp_path):
    cost = export(tmp_path, json.dumps({"sizes": SIZES}), COUNTS).of
    k = np.int32(900)
    for signature in costs.RANKING:
        assert cost(signature, {wire.USER: np.int32([0, 1]), wire.TOP_K: k}) == Cost(900)
    for signature in costs.FOLDING_IN:
        assert cost(signature, new_user(0, k=k)) == Cost(900)
        assert cost(signature, new_user(256, k=k)) == Cost(900, int(900 * MATCHED * 256))


def texts(*shape):
    return {name: np.zeros(shape, np.int32) for name in (wire.TEXTS_USER, wire.TEXTS_ITEM)}


def test_many_words_of_one_row_cost_more_than_those_of_many_rows(tmp_path):
    cost = export(tmp_path, json.dumps({"sizes": SIZES}), COUNTS).of
    half = costs.WORDS // 2
    for inputs in (texts(1, half, 1), texts(100, 8, half // 8), texts(100, 0, 3)):
        assert cost(wire.SERVING_DEFAULT, inputs) == Cost()
    assert cost(wire.SERVING_DEFAULT, texts(1, 10, half)) == Cost(0, costs.FURTHER * 9 * costs.WORDS)


@pytest.mark.parametrize("inputs", [
    explained([10 ** 9, -5], [-1, 3]), explained(7, 7), explained([[1], [0]], [[[2]]]),
    {wire.TEXTS: np.int32(3), wire.ITEM: np.int32([1])}, {wire.TEXTS: np.zeros(4, np.int32), wire.ITEM: np.int32([])}])
def test_inputs_that_the_graph_refuses_have_a_cost(inputs, tmp_path):
    cost = export(tmp_path, json.dumps({"sizes": SIZES}), COUNTS).of
    for k in (np.int32(-3), np.int32([2, 3]), np.int32([])):
        for signature in costs.RANKING + costs.FOLDING_IN + costs.EXPLAINING + (wire.SERVING_DEFAULT,):
            whole = (new_user(2, iid=np.int32(0)) if signature.startswith("fold_in")
                     else dict(texts(), **explained(0, 0)))
            assert min(cost(signature, dict(whole, **dict(inputs, k=k)))) >= 0


def test_an_export_of_an_older_version_counts_as_many_reviews_as_training_reads(tmp_path):
    older = export(tmp_path, json.dumps({"sizes": SIZES}))
    assert older.of(wire.EXPLAIN, explained([0, 899], [5, 5])) == Cost(READ * (20 + 20 + 10) // 2 + 30)
    assert older.of("a signature of another model", {}) == Cost()


@pytest.mark.parametrize("meta", [
    "{", "[]", '{"sizes": {"I": null}}', '{"sizes": {}}', json.dumps({"sizes": SIZES, "rank": []}),
    json.dumps({"sizes": SIZES, "rank": {"stages": 2}})])
def test_another_model_and_damaged_assets_have_no_costs(meta, tmp_path):
    assert costs.of_export(str(tmp_path)) is None
    assert export(tmp_path, meta) is None


@pytest.mark.parametrize("counts", [{}, {"items": np.int32([1])}, dict(COUNTS, users=np.zeros((2, 2), np.int32)),
                                    dict(COUNTS, items=np.zeros(2)), dict(COUNTS, items=np.int32([]))])
def test_damaged_counts_have_no_costs(counts, tmp_path):
    assert export(tmp_path, json.dumps({"sizes": SIZES}), counts) is None
    (tmp_path / "assets" / wire.REVIEW_COUNTS).write_bytes(b"PK damaged")
    assert costs.of_export(str(tmp_path)) is None


def test_a_ranking_in_two_stages_costs_more_the_more_items_are_asked_for(tmp_path):
    cost = export(tmp_path, json.dumps({"sizes": dict(SIZES, I=10 ** 6), "rank": {"stages": 2, "candidates": 500}}),
                  {"items": np.int32([1]), "users": np.int32([0])}).of

    def row(k):
        return cost(wire.RANK_EXCLUDING, {
            wire.USER: np.arange(3), wire.EXCLUDED: np.zeros((3, 5000), np.int32), wire.TOP_K: np.int32(k)}).row

    assert row(1) == row(100) < 10 ** 6 / 10
    assert row(1100) == row(100) + 10 * costs.CANDIDATE * 500
    assert row(10 ** 6) == int(costs.SCANNED * 10 ** 6) + costs.CANDIDATE * 10 ** 6


@pytest.mark.parametrize("signature, inputs, sliced", [
    (wire.EXPLAIN, explained([1, 2], [3, 4]), True), (wire.EXPLAIN, explained([1, 2], [3]), False),
    (wire.FOLD_IN_EXPLAIN, new_user(3, iid=np.int32([1, 2])), True),
    (wire.FOLD_IN_EXPLAIN, dict(new_user(3, iid=np.int32([1, 2])), texts=np.zeros((2, 3, 3))), False),
    (wire.FOLD_IN_EXPLAIN, dict(new_user(3, iid=np.int32([1, 2])), stars=np.float32(1)), False),
    (wire.FOLD_IN, new_user(3, k=np.int32(1)), False), ("other", explained([1, 2], [3, 4]), False)])
def test_rows_that_depend_on_each_other_are_not_sliced(signature, inputs, sliced):
    assert costs.can_be_sliced(signature, inputs) == sliced
