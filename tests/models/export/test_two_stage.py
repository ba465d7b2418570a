"""Rankings in two stages beside exact ones: the same run, exported both ways."""
import json
import os
from types import SimpleNamespace

import numpy as np
import pytest

import tensorflow_serving
from models.export import item_index, publish, two_stage
from runtime.tf1 import tf
from serving import signatures as wire
from tests.models.export.test_why import PARTS
from tests.support.exporting import answer

ITEMS, USERS = 15, np.arange(40, dtype=np.int32)


@pytest.fixture(scope="module")
def both(tiny_run, tiny_export, tmp_path_factory):
    """(SavedModel that ranks exactly, one that ranks in two stages) of one run."""
    in_stages = publish.export(tiny_run.run_folder, str(tmp_path_factory.mktemp("stages")), exact_up_to=ITEMS - 1)
    return os.path.join(tiny_export, "serve", "1"), in_stages


def requests(k):
    none, some = np.zeros((40, 0)), np.array([[2, 9, 2, -1]] * 40)
    texts = np.array([[[5, 9, 4, 0], [3, 0, 0, 0]]])
    new = dict(texts=texts, rated_iid=[[6, -1]], stars=[[5, 2]], k=k)
    return [(wire.RANK, dict(uid=USERS, k=k)), (wire.RANK_UNBOUGHT, dict(uid=USERS, k=k)),
            (wire.RANK_EXCLUDING, dict(uid=USERS, k=k, exclude_iid=some, unbought=True)),
            (wire.RANK_EVIDENCE, dict(uid=USERS, k=k, exclude_iid=none, unbought=True)),
            (wire.FOLD_IN, new), (wire.FOLD_IN_EVIDENCE, new)]


@pytest.mark.parametrize("k", [1, 4, ITEMS])
def test_with_all_items_as_candidates_the_ranking_is_the_exact_one(both, k):
    for name, request in requests(k):
        exact, in_stages = (answer(folder, name, **request) for folder in both)
        np.testing.assert_array_equal(exact[wire.ITEM], in_stages[wire.ITEM])
        for value in (wire.SCORE, wire.RATING):
            np.testing.assert_allclose(exact[value], in_stages[value], atol=1e-5)


def test_explanations_are_the_exact_ones(both):
    request = dict(uid=USERS[:7], iid=np.arange(7))
    exact, in_stages = (answer(folder, wire.EXPLAIN, **request) for folder in both)
    assert set(exact) == set(in_stages)
    for name, values in exact.items():
        np.testing.assert_allclose(values, in_stages[name], atol=1e-5)


@pytest.fixture(scope="module", params=[1, 3, 7])
def few(both, request):
    """A function like `answer`, of a model that ranks few items."""
    session = tf.Session(graph=tf.Graph())
    with session.graph.as_default():
        signatures = tf.saved_model.load(session, ["serve"], both[1]).signature_def
        variable, = [v for v in tf.global_variables() if v.op.name == "item_index/candidates"]
        variable.load(request.param, session)

    def ask(name, **inputs):
        signature = signatures[name]
        return session.run({key: tensor.name for key, tensor in signature.outputs.items()},
                           {signature.inputs[key].name: value for key, value in inputs.items()})

    ask.candidates = request.param
    return ask


def test_the_items_of_few_candidates_have_their_exact_scores_in_order(both, few):
    for name, request in requests(few.candidates) + requests(few.candidates + 2):  # as many as are asked for
        exact, ranked = answer(both[0], name, **dict(request, k=ITEMS)), few(name, **request)
        for row, items in enumerate(ranked[wire.ITEM]):
            items = items[items >= 0]
            assert len(set(items)) == len(items) == min(request["k"], (exact[wire.ITEM][row] >= 0).sum())
            assert (np.diff(ranked[wire.SCORE][row][:len(items)]) <= 0).all()
            place = [list(exact[wire.ITEM][row]).index(item) for item in items]  # of an item that is left out: an error
            for value in (wire.SCORE, wire.RATING):
                np.testing.assert_allclose(ranked[value][row][:len(items)], exact[value][row][place], atol=1e-5)


def test_the_whole_catalogue_is_ranked_exactly(both, few):
    for name, request in requests(ITEMS):
        exact, ranked = answer(both[0], name, **request), few(name, **request)
        np.testing.assert_array_equal(exact[wire.ITEM], ranked[wire.ITEM])
        np.testing.assert_allclose(exact[wire.SCORE], ranked[wire.SCORE], atol=1e-5)


def test_candidates_grow_in_proportion_to_the_items_asked_for(monkeypatch):
    """A model of 3 candidates for the first of 1 item has 12 for the first 4."""
    with tf.Graph().as_default(), tf.Session() as session:
        monkeypatch.setattr(item_index, "TOP", 1)
        order = SimpleNamespace(evidence=tf.constant(1.), popularity=tf.zeros([ITEMS]), praised=tf.zeros([ITEMS, 0]))
        shopper = SimpleNamespace(care=tf.zeros([1, 0]))
        index = item_index.ItemIndex(tf.constant(3), *(tf.zeros(shape) for shape in (
            [2, 1], [4, 1], [1], [ITEMS, 1])), tf.range(ITEMS, dtype=tf.float32))
        monkeypatch.setattr(two_stage, "_coordinates", lambda index, shopper: tf.zeros([1]))
        excluded = tf.constant([False] * (ITEMS - 1) + [True])
        found = [session.run(two_stage._candidates(order, index, shopper, tf.constant(top), excluded,
                                                   tf.zeros([ITEMS])))
                 for top in (1, 4, 5, ITEMS)]
    assert [len(one) for one in found] == [3, 12, 15, 15] and found[0].tolist() == [13, 12, 11]


def test_the_parts_of_the_score_add_up(few):
    ranked = few(wire.RANK_UNBOUGHT, uid=USERS, k=1)
    why = few(wire.EXPLAIN, uid=USERS, iid=ranked[wire.ITEM][:, 0])
    np.testing.assert_allclose(sum(why[name] for name in PARTS), ranked[wire.SCORE][:, 0], rtol=1e-5, atol=1e-5)


def test_where_all_items_are_left_out_none_is_ranked(few):
    request = dict(uid=USERS[:3], exclude_iid=[np.arange(ITEMS)] * 3, unbought=False)
    for k in (1, ITEMS):
        ranked = few(wire.RANK_EXCLUDING, k=k, **request)
        assert (ranked[wire.ITEM] == -1).all() and not ranked[wire.SCORE].any()
    request["exclude_iid"] = [np.delete(np.arange(ITEMS), row) for row in range(3)]
    assert few(wire.RANK_EXCLUDING, k=1, **request)[wire.ITEM][:, 0].tolist() == [0, 1, 2]


def test_the_stages_are_said_in_the_model_and_in_the_log(both, tiny_run, tmp_path, caplog):
    exact, in_stages = (json.loads(open(os.path.join(folder, "assets", "meta.json")).read())["rank"] for folder in both)
    assert exact == {"stages": 1}
    assert in_stages["stages"] == 2 and in_stages["candidates"] <= ITEMS and in_stages["recall"] == 1
    with caplog.at_level("INFO"):
        tensorflow_serving.main(["--run", tiny_run.run_folder, "--out", str(tmp_path), "--exact_up_to", "0",
                                 "--order", "stars"])
    assert "ranks all 15 items exactly, more than --exact_up_to 0: they are ordered by predicted stars" in caplog.text


def test_stored_rankings_are_those_of_the_two_stages(both, tiny_run, tmp_path, caplog):
    stored = publish.export(tiny_run.run_folder, str(tmp_path), 5, exact_up_to=0)
    assert "two stages cost more than ranking all 15 items exactly" in caplog.text  # all of the few are candidates
    for k in (2, 5, 9):
        computed, read = (answer(folder, wire.RANK, uid=USERS, k=k) for folder in (both[1], stored))
        np.testing.assert_array_equal(computed[wire.ITEM], read[wire.ITEM])


def test_a_negative_limit_is_refused(capsys):
    with pytest.raises(SystemExit):
        tensorflow_serving.parse_args(["--exact_up_to", "-1"])
    assert "--exact_up_to -1: give 0 or more" in capsys.readouterr().err
